#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "manifest_check.hpp"

namespace earshot::core {
namespace {

constexpr std::array<std::string_view, 6> kSecretEndings{"token",   "secret",      "password",
                                                         "api_key", "private_key", "passphrase"};

bool sounds_secret(std::string_view name) {
  return std::any_of(kSecretEndings.begin(), kSecretEndings.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

void check_property(ManifestCheck& check, JsonValue property) {
  const std::string path = join_path("/config/properties", property.key());
  if (sounds_secret(property.key()) && !property.member("x-secret").exists()) {
    check.report(path, "sounds like a secret: add \"x-secret\": true, or false if it is none");
  }
  if (check.is_endpoint(property.key())) {
    check.report(path, "has the name of an endpoint: templates could not tell them apart");
  }
  const JsonValue standard = property.member("default");
  if (!standard.exists()) return;
  if (property.member("x-secret").truthy()) {
    check.report(path + "/default", "a secret has no default");
  } else {
    check.report_all(path + "/default", check_schema(property, standard));
  }
}

/// What the manifest says it provides must be declared in it.
void check_provided(ManifestCheck& check) {
  const JsonValue root = check.root();
  std::size_t index = 0;
  for (const JsonValue provided : root.member("provides")) {
    const std::string path = join_path("/provides", index++);
    const std::string_view word = provided.text();
    const std::string_view section = word == "feedback" ? "records" : word;
    const bool declares = word == "feedback" || word == "webhooks" || word == "actions";
    if (declares && root.member(section).size() == 0) {
      check.report(path, fmt::format("\"{}\" needs something declared under /{}", word, section));
    }
  }
}

void check_reads_secrets(ManifestCheck& check) {
  std::size_t index = 0;
  for (const JsonValue name : check.root().member("reads_secrets")) {
    const std::string path = join_path("/reads_secrets", index++);
    if (!check.config_member(name.text()).exists()) {
      check.report_undeclared(path, name.text());
    } else if (!check.is_secret(name.text())) {
      check.report(path, "names what is not marked x-secret: the plugin gets it anyway");
    }
  }
}

}  // namespace

void check_config(ManifestCheck& check) {
  const JsonValue config = check.root().member("config");
  if (config.is_object()) check.report_all("/config", lint_schema(config));
  std::size_t index = 0;
  for (const JsonValue name : config.member("required")) {
    const std::string path = join_path("/config/required", index++);
    if (!check.config_member(name.text()).exists()) check.report_undeclared(path, name.text());
  }
  for (const JsonValue property : config.member("properties")) check_property(check, property);
  check_provided(check);
  check_reads_secrets(check);
  for (const JsonValue action : check.root().member("actions")) {
    const JsonValue params = action.member("params");
    const std::string path = join_path("/actions", action.key()) + "/params";
    if (params.exists()) check.report_all(path, lint_schema(params));
  }
}

}  // namespace earshot::core
