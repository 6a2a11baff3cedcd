#include "endpoint.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/sdk/text.hpp>

#include "host_name.hpp"
#include "template.hpp"

namespace earshot::core {
namespace {

constexpr std::string_view kSchemeEnd = "://";

Error config_error(std::string message) {
  return {.code = Code::config, .message = std::move(message)};
}

/// True once the text has come past scheme and authority.
bool in_path(std::string_view before) {
  const std::size_t scheme = before.find(kSchemeEnd);
  return scheme != std::string_view::npos &&
         before.find('/', scheme + kSchemeEnd.size()) != std::string_view::npos;
}

/// A value that a template puts into a host name, or all of the URL it begins.
Result<std::string> checked_for_host(std::string_view name, std::string value,
                                     std::string_view before, bool has_suffixes) {
  if (!has_suffixes && !is_dns_label(value)) {
    return config_error(
        fmt::format("'{}' must be one part of a host name: letters, digits and "
                    "hyphens, without dots, slashes or https://",
                    name));
  }
  if (has_suffixes && !before.empty() && !is_host_name(value)) {
    return config_error(
        fmt::format("'{}' must be a host name such as example.com, without "
                    "https:// and path",
                    name));
  }
  return value;
}

Result<std::string> fill_url(std::string_view text, const Endpoint& endpoint,
                             const ProductAccount& account) {
  auto filled = fill_template(
      text, [&](std::string_view name, std::string_view before) -> Result<std::string> {
        EAR_TRY(std::string value, account_member(name, account));
        if (in_path(before)) return sdk::percent_encode(value);
        return checked_for_host(name, std::move(value), before, !endpoint.suffixes.empty());
      });
  if (!filled && filled.error().code == Code::not_found) filled.error().code = Code::config;
  return filled;
}

Result<Url> parse_endpoint(std::string_view text, const Endpoint& endpoint,
                           const ProductAccount& account) {
  EAR_TRY(const std::string filled, fill_url(text, endpoint, account));
  const auto url = parse_url(filled);
  if (!url || !is_clean_target(filled) || filled.find('?') != std::string::npos) {
    return config_error(fmt::format("'{}' does not give a URL", text));
  }
  const std::string& host = url->origin.host;
  if (!endpoint.suffixes.empty() && !host_matches_any(endpoint.suffixes, host)) {
    return config_error(fmt::format("'{}' gives the host {}, which must be one of {}", text, host,
                                    fmt::join(endpoint.suffixes, ", ")));
  }
  if (url->origin.scheme != "https" && !is_loopback(host)) {
    return config_error(fmt::format("'{}' must be https", text));
  }
  return *url;
}

Result<Origin> parse_base(const std::string& base_url) {
  const auto url = parse_url(base_url);
  if (!url || url->target != "/") {
    // Not shown: who writes more than that may have written a password.
    return config_error(
        "base_url must be scheme, host and port alone, such as http://127.0.0.1:8080");
  }
  if (url->origin.scheme != "https" && !is_loopback(url->origin.host)) {
    return config_error(fmt::format("base_url '{}' must be https; http is for this machine only",
                                    url->origin.text()));
  }
  return url->origin;
}

/// An alias is a host template or a whole URL.
Result<Origin> parse_alias(const std::string& alias, const Endpoint& endpoint,
                           const ProductAccount& account) {
  const bool whole = alias.find(kSchemeEnd) != std::string::npos;
  Endpoint anywhere = endpoint;
  anywhere.suffixes.clear();
  EAR_TRY(Url url, parse_endpoint(whole ? alias : "https://" + alias, anywhere, account));
  return url.origin;
}

std::string prefix_of(const Url& url) {
  std::string prefix = url.target;
  while (!prefix.empty() && prefix.back() == '/') prefix.pop_back();
  return prefix;
}

bool is_absolute(std::string_view path) {
  const std::string scheme = lower(path.substr(0, path.find(kSchemeEnd)));
  return scheme.size() < path.size() && (scheme == "http" || scheme == "https");
}

/// Same host, and the same port unless both have that of their scheme.
bool names_place(const Url& url, const Origin& origin) {
  const auto own_port = [](const Origin& o) { return o.port == (o.scheme == "https" ? 443 : 80); };
  return url.origin.host == origin.host &&
         (url.origin.port == origin.port || (own_port(url.origin) && own_port(origin)));
}

bool is_named(const Url& url, const EndpointPlace& place) {
  return std::any_of(place.names.begin(), place.names.end(),
                     [&](const Origin& origin) { return names_place(url, origin); });
}

Target target_at(const EndpointPlace& place, std::string path) {
  Target target;
  target.origin = place.origin;
  target.path = std::move(path);
  target.headers = place.headers;
  return target;
}

}  // namespace

Result<EndpointPlace> place_endpoint(std::string_view name, const ProductAccount& account) {
  const auto found = account.manifest->endpoints.find(std::string(name));
  if (found == account.manifest->endpoints.end()) {
    return Error{.code = Code::misuse,
                 .message = fmt::format("the manifest declares no endpoint '{}'", name)};
  }
  const Endpoint& endpoint = found->second;
  EAR_TRY(const Url url, parse_endpoint(endpoint.url, endpoint, account));
  EndpointPlace place{url.origin, prefix_of(url), {url.origin}, &endpoint.headers};
  for (const std::string& alias : endpoint.aliases) {
    EAR_TRY(Origin origin, parse_alias(alias, endpoint, account));
    place.names.push_back(std::move(origin));
  }
  if (!account.base_url.empty()) {
    EAR_TRY(place.origin, parse_base(account.base_url));
    place.names.push_back(place.origin);
  }
  return place;
}

Result<Url> endpoint_url(std::string_view name, const ProductAccount& account) {
  EAR_TRY(EndpointPlace place, place_endpoint(name, account));
  return Url{std::move(place.origin), place.prefix.empty() ? "/" : std::move(place.prefix)};
}

std::string resolve_location(const Target& from, std::string_view location) {
  location = location.substr(0, location.find('#'));
  if (is_absolute(location)) return std::string(location);
  if (location.substr(0, 2) == "//") return from.origin.scheme + ":" + std::string(location);
  std::string base = from.origin.text();
  if (location.substr(0, 1) == "/") return base += location;
  const std::string_view path = without_query(from.path);
  if (location.empty() || location.front() == '?') return (base += path) += location;
  return (base += path.substr(0, path.rfind('/') + 1)) += location;
}

Endpoints::Endpoints(const ProductAccount& account) {
  for (const auto& entry : account.manifest->endpoints) {
    places_.emplace(entry.first, place_endpoint(entry.first, account));
  }
}

Result<Target> Endpoints::target(std::string_view endpoint, std::string_view path) const {
  const std::string_view name = endpoint.empty() ? std::string_view("api") : endpoint;
  const auto found = places_.find(name);
  if (found == places_.end()) {
    return Error{.code = Code::misuse,
                 .message = fmt::format("the manifest declares no endpoint '{}'", name)};
  }
  if (!found->second) return found->second.error();
  if (is_absolute(path)) return reduce(path, name);
  if (path.empty() || path.front() != '/' || !is_clean_target(path)) {
    return Error{.code = Code::misuse,
                 .message = fmt::format("the path '{}' must begin with '/' and be encoded",
                                        shorten(path, 200))};
  }
  return target_at(*found->second, found->second->prefix + std::string(path));
}

Result<Target> Endpoints::reduce(std::string_view text, std::string_view first) const {
  const auto url = parse_url(text);
  if (!url || !is_clean_target(text)) {
    return Error{.code = Code::bad_data, .message = "the product gave a URL that is none"};
  }
  const auto preferred = places_.find(first);
  if (preferred != places_.end() && preferred->second && is_named(*url, *preferred->second)) {
    return target_at(*preferred->second, url->target);
  }
  for (const auto& entry : places_) {
    if (entry.second && is_named(*url, *entry.second)) {
      return target_at(*entry.second, url->target);
    }
  }
  return Error{.code = Code::bad_data,
               .message = fmt::format("the product points to a next page on another host, {}; the "
                                      "manifest declares no such endpoint or alias",
                                      shorten(url->origin.host, 253))};
}

}  // namespace earshot::core
