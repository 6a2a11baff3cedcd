#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/product/product_client.hpp>

namespace earshot::core {

/// Where one attempt goes.
struct Target {
  Origin origin;
  std::string path;                    ///< Path and query.
  const LinkRule* link = nullptr;      ///< Where it is not an endpoint but a URL the product gave.
  const HeaderMap* headers = nullptr;  ///< Of the endpoint: sent unless the request has its own.
  bool public_only = false;
  std::uint64_t max_body = 64ULL << 20;
};

/// One endpoint of one account.
struct EndpointPlace {
  Origin origin;                       ///< That of base_url where there is one.
  std::string prefix;                  ///< Path without a slash at its end; mostly empty.
  std::vector<Origin> names;           ///< Under which the product itself may speak of it.
  const HeaderMap* headers = nullptr;  ///< In the manifest.
};

/// Expands the endpoint's URL. config names the member whose value must not stand in a host name;
/// misuse where the manifest has no such endpoint.
[[nodiscard]] Result<EndpointPlace> place_endpoint(std::string_view name,
                                                   const ProductAccount& account);

/// The absolute URL that a Location header means.
[[nodiscard]] std::string resolve_location(const Target& from, std::string_view location);

/// The endpoints of one account, each expanded once.
class Endpoints {
 public:
  explicit Endpoints(const ProductAccount& account);

  /// Where a path, or an absolute URL on a declared host, is sent. Any other host: bad_data.
  [[nodiscard]] Result<Target> target(std::string_view endpoint, std::string_view path) const;
  /// Where an absolute URL on a declared host is sent, the endpoint of that name tried first.
  [[nodiscard]] Result<Target> reduce(std::string_view text, std::string_view first) const;

 private:
  std::map<std::string, Result<EndpointPlace>, std::less<>> places_;
};

}  // namespace earshot::core
