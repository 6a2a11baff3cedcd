#pragma once

#include <string>
#include <string_view>

#include <earshot/core/base/result.hpp>
#include <earshot/core/http/message.hpp>

#include "proxy.hpp"

namespace earshot::core {

/// misuse where the request cannot go on the wire as it is: a method or field name that is no
/// token, a target without '/', control characters anywhere.
[[nodiscard]] Result<void> check_request(const HttpRequest& request);

/// Request line and fields as they go on the wire, with Host, User-Agent, Accept-Encoding and
/// Content-Length where the request has none. `forwarder`: the proxy it is sent to, or null.
[[nodiscard]] std::string request_head(const HttpRequest& request, std::string_view user_agent,
                                       const Proxy* forwarder);

}  // namespace earshot::core
