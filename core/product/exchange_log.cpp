#include "exchange_log.hpp"

#include <algorithm>

#include <earshot/core/base/text.hpp>

namespace earshot::core {
namespace {

constexpr std::string_view kMask = "[secret]";
constexpr std::size_t kMostHeaders = 64;
constexpr std::size_t kLongestHeader = 200;
constexpr std::size_t kLongestUrl = 1000;
constexpr std::string_view kEndOfParameter = "&#;\"'<> ";

/// Parts of names whose values are nobody's business.
constexpr std::string_view kSecretNames[] = {
    "authorization", "api-key",     "api_key", "apikey",  "cookie",    "credential",
    "passw",         "private-key", "secret",  "session", "signature", "token"};
/// The same, but only as whole names: they are parts of harmless ones.
constexpr std::string_view kSecretWords[] = {"assertion", "auth", "code", "jwt",
                                             "key",       "pwd",  "sig"};

bool is_secret_name(std::string_view name) {
  const std::string plain = lower(name);
  return std::any_of(
             std::begin(kSecretNames), std::end(kSecretNames),
             [&](std::string_view part) { return plain.find(part) != std::string::npos; }) ||
         std::find(std::begin(kSecretWords), std::end(kSecretWords), plain) !=
             std::end(kSecretWords);
}

}  // namespace

std::string loggable_url(std::string_view url) {
  std::string out;
  while (!url.empty()) {
    const std::size_t begin = std::min(url.find_first_of("?&"), url.size() - 1) + 1;
    out += url.substr(0, begin);
    url.remove_prefix(begin);
    const std::size_t equals = url.find_first_of("=?&");
    if (equals == std::string_view::npos || url[equals] != '=') continue;
    const std::string_view name = url.substr(0, equals);
    if (!is_secret_name(percent_decode(name))) continue;
    (out += name) += '=';
    out += kMask;
    url.remove_prefix(std::min(url.find_first_of(kEndOfParameter, equals), url.size()));
  }
  return shorten(out, kLongestUrl);
}

std::string loggable_headers(const HttpHeaders& headers) {
  std::string out;
  std::size_t count = 0;
  for (const auto& [name, value] : headers) {
    if (++count > kMostHeaders) return out + "; ...";
    if (!out.empty()) out += "; ";
    out += shorten(name, kLongestHeader) + ": ";
    out += is_secret_name(name) ? std::string(kMask) : shorten(loggable_url(value), kLongestHeader);
  }
  return out;
}

}  // namespace earshot::core
