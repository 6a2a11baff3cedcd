#include "integration.hpp"

#include <optional>
#include <utility>

#include <earshot/core/base/text.hpp>
#include <earshot/core/json/writer.hpp>
#include <earshot/core/normalize/mapping.hpp>

namespace earshot::core {

namespace {

std::vector<std::string> member_names(JsonValue properties) {
  std::vector<std::string> names;
  for (const JsonValue property : properties) names.emplace_back(property.key());
  return names;
}

std::string unknown_member(std::string_view name, JsonValue properties, const Manifest& manifest) {
  std::string message = "is no setting of plugin '" + manifest.name + "'";
  if (const std::optional<std::string> near = closest(name, member_names(properties))) {
    message += "; did you mean '" + *near + "'?";
  }
  return message;
}

/// Both sections as one object with the schema's defaults, which is what the schema speaks of.
std::unique_ptr<JsonDocument> merged(JsonValue properties, JsonValue config,
                                     JsonValue credentials) {
  JsonWriter out;
  out.begin_object();
  for (const JsonValue section : {config, credentials}) {
    for (const JsonValue member : section) {
      if (section == credentials && config.member(member.key()).exists()) continue;
      out.key(member.key());
      out.value(member);
    }
  }
  for (const JsonValue property : properties) {
    const JsonValue fallback = property.member("default");
    if (!fallback.exists() || config.member(property.key()).exists() ||
        credentials.member(property.key()).exists())
      continue;
    out.key(property.key());
    out.value(fallback);
  }
  out.end_object();
  Result<std::unique_ptr<JsonDocument>> parsed = JsonDocument::parse(out.take());
  return parsed ? *std::move(parsed) : nullptr;
}

}  // namespace

void check_members(const Manifest& manifest, JsonValue config, JsonValue credentials,
                   IntegrationSettings& settings, const ReportMember& report) {
  const JsonValue properties = manifest.config_schema().member("properties");
  for (const JsonValue member : config) {
    const std::string pointer = "/" + pointer_segment(member.key());
    if (!properties.member(member.key()).exists()) {
      report("config", pointer, unknown_member(member.key(), properties, manifest));
    } else if (manifest.is_secret(member.key())) {
      report("config", pointer,
             "is a secret; move it to 'credentials' as ${VARIABLE} or file:PATH");
    }
  }
  for (const JsonValue member : credentials) {
    const std::string pointer = "/" + pointer_segment(member.key());
    if (!properties.member(member.key()).exists()) {
      report("credentials", pointer, unknown_member(member.key(), properties, manifest));
    } else if (config.member(member.key()).exists()) {
      report("credentials", pointer, "stands in 'config' too; keep one");
    }
  }
  const std::unique_ptr<JsonDocument> members = merged(properties, config, credentials);
  if (!members) return;
  for (const SchemaIssue& issue : check_schema(manifest.config_schema(), members->root())) {
    const std::string_view name = std::string_view(issue.path).substr(0, issue.path.find('/', 1));
    if (!name.empty() && !properties.at(name).exists()) continue;  // told above, in better words
    const bool secret =
        credentials.at(name).exists() || manifest.is_secret(name.empty() ? name : name.substr(1));
    report(secret && !name.empty() ? "credentials" : "config", issue.path, issue.message);
  }
  JsonWriter plain;
  plain.begin_object();
  for (const JsonValue member : members->root()) {
    if (manifest.is_secret(member.key())) {
      settings.credentials.insert_or_assign(std::string(member.key()),
                                            Secret(std::string(member.text())));
    } else {
      plain.key(member.key());
      plain.value(member);
    }
  }
  plain.end_object();
  if (Result<std::unique_ptr<JsonDocument>> parsed = JsonDocument::parse(plain.take()))
    settings.config = *std::move(parsed);
}

void check_mapping(
    const Manifest& manifest, JsonValue mapping,
    const std::function<void(std::string_view pointer, std::string message)>& report) {
  for (const JsonValue record : mapping) {
    const std::string pointer = "/" + pointer_segment(record.key());
    const JsonValue declared = manifest.records().member(record.key());
    if (!declared.exists()) {
      std::string names;
      for (const JsonValue known : manifest.records())
        (names += names.empty() ? "" : ", ") += known.key();
      report(pointer, "is no record of plugin '" + manifest.name + "'; there are: " + names);
      continue;
    }
    std::vector<SchemaIssue> issues;
    static_cast<void>(Mapping::compile(record.key(), declared, record, issues));
    for (const SchemaIssue& issue : issues) report(pointer + issue.path, issue.message);
  }
}

}  // namespace earshot::core
