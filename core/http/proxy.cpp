#include "proxy.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>

namespace earshot::core {
namespace {

bool names(std::string_view entry, const Origin& origin) {
  entry = trim(entry);
  if (entry == "*") return true;
  const std::string port = fmt::format(":{}", origin.port);
  if (entry.ends_with(port)) entry.remove_suffix(port.size());
  if (entry.starts_with('[') && entry.ends_with(']')) entry = entry.substr(1, entry.size() - 2);
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  if (entry.starts_with('.')) entry.remove_prefix(1);
  if (entry.empty() || entry.size() > origin.host.size()) return false;
  const std::size_t before = origin.host.size() - entry.size();
  if (!iequals(std::string_view(origin.host).substr(before), entry)) return false;
  return before == 0 || origin.host[before - 1] == '.';
}

bool goes_direct(const std::string& no_proxy, const Origin& origin) {
  if (is_loopback(origin.host)) return true;
  const auto entries = split(no_proxy, ',');
  return std::any_of(entries.begin(), entries.end(),
                     [&origin](std::string_view entry) { return names(entry, origin); });
}

std::string environment(const char* lower_name, const char* upper_name) {
  for (const char* name : {lower_name, upper_name}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return {};
}

/// `setting` without its userinfo, which becomes the value of Proxy-Authorization.
std::string without_userinfo(std::string setting, std::string& authorization) {
  const std::size_t scheme = setting.find("://");
  const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  const std::size_t at = setting.rfind('@');
  if (at != std::string::npos && at >= begin) {
    authorization = "Basic " + base64_encode(percent_decode(setting.substr(begin, at - begin)));
    setting.erase(begin, at + 1 - begin);
  }
  return scheme == std::string::npos ? "http://" + setting : setting;
}

}  // namespace

Result<std::optional<Proxy>> choose_proxy(const HttpClientOptions& options, const Origin& origin) {
  const bool secure = origin.scheme == "https";
  const std::string& setting = secure ? options.https_proxy : options.http_proxy;
  if (setting.empty() || goes_direct(options.no_proxy, origin)) return std::optional<Proxy>();
  Proxy proxy;
  const auto url = parse_url(without_userinfo(setting, proxy.authorization));
  if (!url || url->origin.scheme != "http") {
    return Error{.code = Code::config,
                 .message = fmt::format("the {} proxy is not of the form "
                                        "http://user:password@host:port; correct http.proxy or the "
                                        "environment",
                                        origin.scheme)};
  }
  proxy.host = url->origin.host;
  proxy.port = url->origin.port;
  return std::optional<Proxy>(std::move(proxy));
}

void proxies_from_environment(HttpClientOptions& options) {
  const std::string all = environment("all_proxy", "ALL_PROXY");
  options.http_proxy = environment("http_proxy", "HTTP_PROXY");
  options.https_proxy = environment("https_proxy", "HTTPS_PROXY");
  if (options.http_proxy.empty()) options.http_proxy = all;
  if (options.https_proxy.empty()) options.https_proxy = all;
  options.no_proxy = environment("no_proxy", "NO_PROXY");
}

}  // namespace earshot::core
