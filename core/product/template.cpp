#include "template.hpp"

#include <algorithm>

#include <fmt/core.h>

#include <earshot/core/json/document.hpp>

#include "endpoint.hpp"

namespace earshot::core {
namespace {

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

Error missing(std::string_view name) {
  return {.code = Code::not_found, .message = fmt::format("'{}' is not configured", name)};
}

Result<std::string> member_of_json(std::string_view name, std::string_view secret,
                                   std::string_view member) {
  auto document = JsonDocument::parse(std::string(secret));
  if (!document) {
    return Error{.code = Code::config,
                 .message = fmt::format("'{}' needs a JSON document as its secret", name)};
  }
  const std::string_view text = document.value()->root().member(member).text();
  if (text.empty()) return missing(name);
  return std::string(text);
}

}  // namespace

Result<std::string> fill_template(std::string_view text, const TemplateLookup& lookup) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) {
      return Error{.code = Code::config,
                   .message = fmt::format("a brace is not closed in the template '{}'", text)};
    }
    const std::string_view name = text.substr(open + 1, close - open - 1);
    EAR_TRY(const std::string value, lookup(name, out));
    if (std::any_of(value.begin(), value.end(), is_control)) {
      return Error{.code = Code::config,
                   .message = fmt::format("'{}' holds a line break or control character; "
                                          "remove it",
                                          name)};
    }
    out += value;
    text.remove_prefix(close + 1);
  }
  return out;
}

Result<std::string> account_member(std::string_view name, const ProductAccount& account) {
  const std::string key(name);
  if (const auto found = account.config.find(key); found != account.config.end()) {
    if (!found->second.empty()) return found->second;
  }
  if (const auto found = account.credentials.find(key); found != account.credentials.end()) {
    if (!found->second.empty()) return found->second.reveal();
  }
  const std::size_t slash = name.find('/');
  if (slash == std::string_view::npos) return missing(name);
  const auto secret = account.credentials.find(std::string(name.substr(0, slash)));
  if (secret == account.credentials.end() || secret->second.empty()) return missing(name);
  return member_of_json(name, secret->second.reveal(), name.substr(slash + 1));
}

Result<Secret> expand_template(std::string_view text, const ProductAccount& account) {
  EAR_TRY(std::string filled,
          fill_template(text, [&](std::string_view name, std::string_view) -> Result<std::string> {
            auto member = account_member(name, account);
            if (member || member.error().code != Code::not_found) return member;
            if (!account.manifest->endpoints.contains(std::string(name))) return member;
            EAR_TRY(const EndpointPlace place, place_endpoint(name, account));
            return place.origin.text() + place.prefix;
          }));
  return Secret(std::move(filled));
}

Result<std::string> fill_required(std::string_view text, const ProductAccount& account) {
  auto filled = expand_template(text, account);
  if (filled) return filled->reveal();
  Error error = std::move(filled).error();
  if (error.code == Code::not_found) error.code = Code::config;
  return error;
}

}  // namespace earshot::core
