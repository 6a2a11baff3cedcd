#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>
#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/http/message.hpp>

namespace earshot::core {
namespace {

constexpr std::size_t kLongestUrl = 64 * 1024;
constexpr std::size_t kLongestHost = 253;

std::uint16_t default_port(std::string_view scheme) noexcept {
  if (scheme == "https") return 443;
  return scheme == "http" ? 80 : 0;
}

bool is_ipv6(std::string_view host) noexcept {
  return host.find(':') != std::string_view::npos;
}

std::string bracketed(const std::string& host) {
  return is_ipv6(host) ? fmt::format("[{}]", host) : host;
}

bool has_host_characters(std::string_view host) noexcept {
  return !host.empty() && host.size() <= kLongestHost &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
                  c == '_';
         });
}

bool is_visible_ascii(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, port);
  if (problem != std::errc() || stop != end || port == 0) return std::nullopt;
  return port;
}

/// Splits "host:port" or "[address]:port"; the port may be missing.
bool split_authority(std::string_view authority, std::string_view& host, std::string_view& port) {
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return false;
    host = authority.substr(1, close - 1);
    port = authority.substr(close + 1);
    in6_addr address{};
    if (inet_pton(AF_INET6, std::string(host).c_str(), &address) != 1) return false;
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    host = authority.substr(0, colon);
    port = authority.substr(colon);
    if (!has_host_characters(lower(host))) return false;
  }
  return port.empty() || port.size() > 1;
}

}  // namespace

bool is_http_token(std::string_view text) noexcept {
  static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool is_header_value(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; });
}

std::string_view HttpHeaders::get(std::string_view name) const noexcept {
  for (const auto& [key, value] : fields_) {
    if (iequals(key, name)) return value;
  }
  return {};
}

bool HttpHeaders::has(std::string_view name) const noexcept {
  return std::any_of(fields_.begin(), fields_.end(),
                     [name](const auto& field) { return iequals(field.first, name); });
}

void HttpHeaders::set(std::string_view name, std::string value) {
  remove(name);
  fields_.emplace_back(name, std::move(value));
}

void HttpHeaders::remove(std::string_view name) {
  std::erase_if(fields_, [name](const auto& field) { return iequals(field.first, name); });
}

std::string Origin::authority() const {
  if (port == default_port(scheme)) return bracketed(host);
  return fmt::format("{}:{}", bracketed(host), port);
}

std::string Origin::text() const {
  return fmt::format("{}://{}", scheme, authority());
}

std::optional<Url> parse_url(std::string_view text) {
  if (text.size() > kLongestUrl || !is_visible_ascii(text)) return std::nullopt;
  if (text.find('#') != std::string_view::npos) return std::nullopt;
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  Url url;
  url.origin.scheme = lower(text.substr(0, colon));
  if (url.origin.scheme != "http" && url.origin.scheme != "https") return std::nullopt;
  const std::string_view rest = text.substr(colon + 3);
  const std::size_t path = std::min(rest.find_first_of("/?"), rest.size());
  std::string_view host;
  std::string_view port;
  if (!split_authority(rest.substr(0, path), host, port)) return std::nullopt;
  const auto number = port.empty()          ? default_port(url.origin.scheme)
                      : port.front() == ':' ? parse_port(port.substr(1))
                                            : std::nullopt;
  if (!number) return std::nullopt;
  url.origin.host = lower(host);
  url.origin.port = *number;
  url.target = rest.substr(path);
  if (!url.target.starts_with('/')) url.target.insert(0, 1, '/');
  return url;
}

bool is_loopback(std::string_view host) noexcept {
  if (iequals(host, "localhost")) return true;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (host.size() >= text.size()) return false;
  std::memcpy(text.data(), host.data(), host.size());
  in_addr v4{};
  if (inet_pton(AF_INET, text.data(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  if (inet_pton(AF_INET6, text.data(), &v6) != 1) return false;
  return IN6_IS_ADDR_LOOPBACK(&v6) || (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == 127);
}

}  // namespace earshot::core
