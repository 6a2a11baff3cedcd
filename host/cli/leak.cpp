#include "leak.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/json/document.hpp>

namespace earshot::host {

namespace {

using core::JsonValue;

constexpr std::size_t kShortestToken = 8;
constexpr int kDeepestNesting = 3;  // JSON in a string in JSON
constexpr std::array<std::string_view, 5> kTokenNames = {"access_token", "refresh_token",
                                                         "id_token", "client_secret", "password"};

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

bool of_token(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         holds("+/-_", std::string_view(&c, 1));
}

/// Runs of what Base64, hexadecimal text and digests are written in.
std::vector<std::string> tokens_of(std::string_view text) {
  std::vector<std::string> tokens;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && of_token(text[end])) ++end;
    if (end - at >= kShortestToken) tokens.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return tokens;
}

/// One secret, and the digests of it.
class Wanted {
 public:
  explicit Wanted(const std::string& secret) : secret_(secret) {
    for (const std::string& digest : core::fingerprints(secret)) {
      digests_.push_back(core::hex_encode(digest));
      std::string base64 = core::base64_encode(digest);
      digests_.push_back(base64.substr(0, base64.find('=')));
    }
  }

  [[nodiscard]] bool is_in(std::string_view text) const {
    if (holds(text, secret_) || holds(core::percent_decode(text), secret_)) return true;
    const std::vector<std::string> tokens = tokens_of(text);
    return std::any_of(tokens.begin(), tokens.end(),
                       [this](const std::string& token) { return is_token(token); });
  }

 private:
  [[nodiscard]] bool is_token(const std::string& token) const {
    const std::optional<std::string> base64 = core::base64_decode(token);
    const std::optional<std::string> hex = core::hex_decode(token);
    if ((base64 && holds(*base64, secret_)) || (hex && holds(*hex, secret_))) return true;
    return std::any_of(digests_.begin(), digests_.end(), [&token](const std::string& digest) {
      return token == digest || core::lower(token) == digest;
    });
  }

  std::string secret_;
  std::vector<std::string> digests_;
};

bool is_bare_token(JsonValue value) {
  return value.is_string() && !value.text().empty() && value.text() != "[secret]" &&
         std::find(kTokenNames.begin(), kTokenNames.end(), value.key()) != kTokenNames.end();
}

/// Calls `visit` with every string of the document, those of JSON in its strings too; ends where it
/// answers true.
template <typename Visit>
bool any_string(const std::string& json, int depth, const Visit& visit) {
  const auto document = core::JsonDocument::parse(json);
  if (!document) return false;
  std::vector<JsonValue> left{(*document)->root()};
  while (!left.empty()) {
    const JsonValue value = left.back();
    left.pop_back();
    if (visit(value)) return true;
    for (const JsonValue inner : value) left.push_back(inner);
    if (value.is_string() && depth < kDeepestNesting &&
        any_string(std::string(value.text()), depth + 1, visit))
      return true;
  }
  return false;
}

}  // namespace

std::string leaked_secret(const std::string& json,
                          const std::map<std::string, core::Secret>& secrets) {
  for (const auto& [name, secret] : secrets) {
    const Wanted wanted(secret.reveal());
    const bool found = any_string(json, 0, [&wanted](JsonValue value) {
      return (value.is_string() && wanted.is_in(value.text())) || wanted.is_in(value.key());
    });
    if (found) return name;
  }
  std::string token;
  any_string(json, 0, [&token](JsonValue value) {
    if (is_bare_token(value)) token = value.key();
    return !token.empty();
  });
  return token;
}

}  // namespace earshot::host
