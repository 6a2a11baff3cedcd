#include "conformance/sample.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/file.hpp>
#include <earshot/core/base/text.hpp>

namespace earshot::conformance {

using core::AuthAlternative;
using core::JsonValue;
using core::Result;
using Members = std::map<std::string, std::string>;

namespace {

constexpr std::uint64_t kLargestConfig = 1U << 20;

std::string typed(JsonValue value) {
  return value.is_array() || value.is_object() ? value.dump() : std::string(value.text());
}

std::string canary_of(std::string_view name) {
  return fmt::format("{}-{}", kCanary, core::hex_encode(core::sha256(name)).substr(0, 32));
}

std::string sample_text(JsonValue property) {
  const std::string_view format = property.member("format").text();
  if (format == "email") return "me@example.com";
  if (format == "uri") return "https://example.com/";
  if (format == "date") return "2026-01-01";
  if (format == "date-time") return "2026-01-01T00:00:00Z";
  std::string text = "example";
  const std::int64_t least = property.member("minLength").integer().value_or(0);
  while (static_cast<std::int64_t>(text.size()) < least) text += "-example";
  return text;
}

std::string sample_of(JsonValue property, bool secret) {
  const JsonValue examples = property.member("examples");
  if (examples.size() > 0) return typed(*examples.begin());
  if (secret) return canary_of(property.key());
  if (const JsonValue usual = property.member("default"); usual.exists()) return typed(usual);
  if (const JsonValue words = property.member("enum"); words.size() > 0)
    return typed(*words.begin());
  const std::string_view type = property.member("type").text();
  if (type == "boolean") return "false";
  if (type == "integer" || type == "number")
    return std::to_string(property.member("minimum").integer().value_or(1));
  if (type == "array") return "[" + property.member("items").member("enum").at("/0").dump() + "]";
  return sample_text(property);
}

bool asks_for_a_token(const AuthAlternative& way) {
  return way.scheme == AuthAlternative::Scheme::oauth2_client_credentials ||
         way.scheme == AuthAlternative::Scheme::oauth2_refresh_token;
}

std::set<std::string> wanted_members(const core::Manifest& manifest) {
  std::set<std::string> wanted;
  for (const JsonValue name : manifest.config_schema().member("required"))
    wanted.emplace(name.text());
  if (manifest.auth.empty()) return wanted;
  auto way = std::find_if_not(manifest.auth.begin(), manifest.auth.end(), asks_for_a_token);
  if (way == manifest.auth.end()) way = manifest.auth.begin();
  wanted.insert(way->required.begin(), way->required.end());
  return wanted;
}

Result<Members> given_members(const std::filesystem::path& config) {
  Members members;
  if (!std::filesystem::exists(config)) return members;
  EAR_TRY(std::string text, core::read_file(config, kLargestConfig));
  EAR_TRY(const auto document, core::JsonDocument::parse(std::move(text)));
  for (const JsonValue member : document->root()) members.emplace(member.key(), typed(member));
  return members;
}

}  // namespace

Result<Members> sample_members(const core::Manifest& manifest,
                               const std::filesystem::path& config) {
  EAR_TRY(Members members, given_members(config));
  const JsonValue properties = manifest.config_schema().member("properties");
  for (const std::string& name : wanted_members(manifest)) {
    const JsonValue property = properties.member(name);
    if (property.exists()) members.emplace(name, sample_of(property, manifest.is_secret(name)));
  }
  return members;
}

}  // namespace earshot::conformance
