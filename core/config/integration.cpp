#include "integration.hpp"

#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/http/message.hpp>
#include <earshot/core/json/writer.hpp>
#include <earshot/core/normalize/mapping.hpp>

#include "from_environment.hpp"
#include "typed_members.hpp"

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

/// All sections as one object with the schema's defaults, which is what the schema speaks of. Of a
/// member that stands in several the first counts.
std::unique_ptr<JsonDocument> merged(JsonValue properties, const MemberSections& sections) {
  JsonWriter out;
  out.begin_object();
  std::set<std::string, std::less<>> written;
  const auto write = [&](JsonValue property, JsonValue value) {
    if (!value.exists() || !written.emplace(property.key()).second) return;
    out.key(property.key());
    out.value(value);
  };
  for (const JsonValue section : {sections.config, sections.credentials, sections.environment}) {
    for (const JsonValue member : section) write(member, member);
  }
  for (const JsonValue property : properties) write(property, property.member("default"));
  out.end_object();
  Result<std::unique_ptr<JsonDocument>> parsed = JsonDocument::parse(out.take());
  return parsed ? *std::move(parsed) : nullptr;
}

/// How a variable comes in: as what is wrong, or as what would be right.
std::string supplied_by(const Manifest& manifest, JsonValue members, std::string_view pointer,
                        JsonValue environment) {
  const std::string_view name = pointer.empty() ? pointer : pointer.substr(1);
  const std::string_view variable = variable_of(manifest, name);
  if (variable.empty()) return {};
  if (environment.at(pointer).exists()) return fmt::format("; it comes from {}", variable);
  if (members.at(pointer).exists()) return {};
  return fmt::format("; set it, or the variable {}", variable);
}

void check_places(const Manifest& manifest, const MemberSections& sections, JsonValue properties,
                  const ReportMember& report) {
  for (const JsonValue member : sections.config) {
    const std::string pointer = "/" + pointer_segment(member.key());
    if (!properties.member(member.key()).exists()) {
      report("config", pointer, unknown_member(member.key(), properties, manifest));
    } else if (manifest.is_secret(member.key())) {
      report("config", pointer,
             "is a secret; move it to 'credentials' as ${VARIABLE} or file:PATH");
    }
  }
  for (const JsonValue member : sections.credentials) {
    const std::string pointer = "/" + pointer_segment(member.key());
    if (!properties.member(member.key()).exists()) {
      report("credentials", pointer, unknown_member(member.key(), properties, manifest));
    } else if (sections.config.member(member.key()).exists()) {
      report("credentials", pointer, "stands in 'config' too; keep one");
    }
  }
}

void check_values(const Manifest& manifest, const MemberSections& sections, JsonValue members,
                  const ReportMember& report) {
  const JsonValue properties = manifest.config_schema().member("properties");
  for (const SchemaIssue& issue : check_schema(manifest.config_schema(), members)) {
    const std::string_view name = std::string_view(issue.path).substr(0, issue.path.find('/', 1));
    if (!name.empty() && !properties.at(name).exists()) continue;  // told above, in better words
    const bool secret = !name.empty() && (sections.credentials.at(name).exists() ||
                                          manifest.is_secret(name.substr(1)));
    report(secret ? "credentials" : "config", issue.path,
           issue.message + supplied_by(manifest, members, name, sections.environment));
  }
}

/// Parts the secrets from what a plugin reads.
void take_members(const Manifest& manifest, JsonValue members, IntegrationSettings& settings) {
  JsonWriter plain;
  plain.begin_object();
  for (const JsonValue member : members) {
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

}  // namespace

void check_members(const Manifest& manifest, const MemberSections& sections,
                   IntegrationSettings& settings, const ReportMember& report) {
  const JsonValue properties = manifest.config_schema().member("properties");
  check_places(manifest, sections, properties, report);
  const std::unique_ptr<JsonDocument> members = merged(properties, sections);
  if (!members) return;
  check_values(manifest, sections, members->root(), report);
  take_members(manifest, members->root(), settings);
}

void check_mapping(
    const Manifest& manifest, JsonValue mapping,
    const std::function<void(std::string_view pointer, std::string message)>& report) {
  for (const JsonValue record : mapping) {
    const std::string pointer = "/" + pointer_segment(record.key());
    const JsonValue declared = manifest.records().member(record.key());
    if (!declared.exists()) {
      const std::vector<std::string> names = member_names(manifest.records());
      const std::optional<std::string> near = closest(record.key(), names);
      report(pointer, fmt::format("is no record of plugin '{}'; {}", manifest.name,
                                  near ? fmt::format("did you mean '{}'?", *near)
                                       : fmt::format("there are: {}", fmt::join(names, ", "))));
      continue;
    }
    std::vector<SchemaIssue> issues;
    static_cast<void>(Mapping::compile(record.key(), declared, record, issues));
    for (const SchemaIssue& issue : issues) report(pointer + issue.path, issue.message);
  }
}

std::string base_url_mistake(std::string_view base_url) {
  const std::optional<Url> url = parse_url(base_url);
  if (!url || url->target != "/") return "is no URL such as https://host:port";
  if (url->origin.scheme != "http" || is_loopback(url->origin.host)) return {};
  return "would send credentials in the clear; http is for 127.0.0.1 only, use https";
}

ConfigReading check_integration(const std::string& name, const Manifest& manifest,
                                const std::map<std::string, std::string>& members,
                                const Environment& environment) {
  ConfigReading reading;
  const YamlPart part = typed_members(manifest, members, reading.issues);
  YamlPart supplied;
  if (environment) {
    const auto filled = members_from_environment(
        manifest, [&](std::string_view member) { return members.contains(std::string(member)); },
        environment);
    supplied = typed_members(manifest, filled, reading.issues);
  }
  if (!part.json) return reading;
  IntegrationSettings settings;
  settings.name = name;
  settings.plugin = manifest.name;
  const auto report = [&reading](std::string_view /*section*/, std::string_view pointer,
                                 std::string message) {
    reading.issues.push_back({{}, 0, dotted("", pointer), std::move(message)});
  };
  check_members(manifest,
                {.credentials = part.json->root(),
                 .environment = supplied.json ? supplied.json->root() : JsonValue()},
                settings, report);
  if (!reading.issues.empty()) return reading;
  reading.settings.emplace();
  reading.settings->integrations.push_back(std::move(settings));
  return reading;
}

}  // namespace earshot::core
