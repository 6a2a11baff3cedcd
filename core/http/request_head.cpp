#include "request_head.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>

namespace earshot::core {
namespace {

bool is_target(std::string_view text) noexcept {
  return text.starts_with('/') &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

/// Fields that say how the message is framed: the connection's own business.
bool is_framing(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 5> kFraming = {
      "Connection", "Content-Length", "Transfer-Encoding", "Keep-Alive", "Upgrade"};
  return std::any_of(kFraming.begin(), kFraming.end(),
                     [name](std::string_view known) { return iequals(known, name); });
}

bool carries_body(const HttpRequest& request) noexcept {
  return !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
         request.method == "PATCH";
}

Error misuse(const HttpRequest& request, std::string_view what) {
  return {
      .code = Code::misuse,
      .message = fmt::format("the request to {} cannot be sent: {}", request.origin.host, what)};
}

}  // namespace

Result<void> check_request(const HttpRequest& request) {
  if (!is_http_token(request.method)) return misuse(request, "its method is no HTTP token");
  if (!is_target(request.target)) {
    return misuse(request, "its path does not begin with '/' or is not percent-encoded");
  }
  for (const auto& [name, value] : request.headers) {
    if (!is_http_token(name)) return misuse(request, "a header's name is no HTTP token");
    if (!is_header_value(value)) {
      return misuse(request, fmt::format("the header {} holds control characters", name));
    }
  }
  return {};
}

std::string request_head(const HttpRequest& request, std::string_view user_agent,
                         const Proxy* forwarder) {
  std::string head;
  head.reserve(512);
  auto out = std::back_inserter(head);
  const HttpHeaders& headers = request.headers;
  fmt::format_to(out, "{} {}{} HTTP/1.1\r\n", request.method,
                 forwarder != nullptr ? request.origin.text() : "", request.target);
  if (!headers.has("Host")) fmt::format_to(out, "Host: {}\r\n", request.origin.authority());
  for (const auto& [name, value] : headers) {
    if (!is_framing(name)) head.append(name).append(": ").append(value).append("\r\n");
  }
  if (!headers.has("User-Agent")) fmt::format_to(out, "User-Agent: {}\r\n", user_agent);
  if (!headers.has("Accept-Encoding")) head.append("Accept-Encoding: gzip, deflate\r\n");
  if (carries_body(request)) fmt::format_to(out, "Content-Length: {}\r\n", request.body.size());
  if (forwarder != nullptr && !forwarder->authorization.empty()) {
    fmt::format_to(out, "Proxy-Authorization: {}\r\n", forwarder->authorization);
  }
  head.append("Connection: keep-alive\r\n\r\n");
  return head;
}

}  // namespace earshot::core
