#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <earshot/core/base/result.hpp>
#include <earshot/core/http/client.hpp>

namespace earshot::core {

struct Proxy {
  std::string host;
  std::uint16_t port = 0;
  std::string authorization;  ///< The value of Proxy-Authorization; empty for none. A secret.
};

/// The proxy that leads to `origin`, or nothing for the direct way: loopback hosts and those that
/// no_proxy names (itself and its subdomains, "*" for all, with a port for that port only) are
/// reached directly. config where the setting is no "http://[user:password@]host:port".
[[nodiscard]] Result<std::optional<Proxy>> choose_proxy(const HttpClientOptions& options,
                                                        const Origin& origin);

}  // namespace earshot::core
