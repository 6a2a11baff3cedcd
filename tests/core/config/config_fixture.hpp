#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <earshot/core/config/config.hpp>

#include "core/store/temp_dir.hpp"

namespace earshot::core {

inline constexpr const char* kManifest = R"({
  "manifest_version": 1, "name": "acme", "title": "Acme", "version": "0.1.0", "abi": "1.0",
  "vendor_docs": "https://docs.acme.example/", "vendor_docs_read": "2026-05-01",
  "provides": ["feedback"], "setup": "Make a token.",
  "config": {"type": "object", "required": ["account", "token"], "properties": {
    "account": {"type": "string", "title": "Account", "pattern": "^[a-z0-9]+$"},
    "key_id": {"type": "string", "title": "Id of the key", "x-env": "ACME_KEY_ID"},
    "key": {"type": "string", "title": "Key", "x-secret": true, "x-env": "ACME_KEY"},
    "size": {"type": "integer", "title": "Size", "x-env": "ACME_SIZE"},
    "page_size": {"type": "integer", "title": "Page size", "minimum": 1, "default": 50},
    "drafts": {"type": "boolean", "title": "Drafts too"},
    "boards": {"type": "array", "title": "Boards", "items": {"type": "string"}},
    "token": {"type": "string", "title": "Token", "pattern": "^[a-z0-9:-]+$", "x-secret": true}}},
  "endpoints": {"api": "https://{account}.acme.example"},
  "auth": [{"title": "Key", "scheme": "basic", "username": "{key_id}", "password": "{key}",
            "requires": ["key_id", "key"]},
           {"title": "Token", "scheme": "bearer", "token": "{token}", "requires": ["token"]}],
  "limits": [{"bucket": "account", "scope": "account", "requests": 10, "per": "60s"},
             {"bucket": "search", "scope": "account", "match": "/search*", "requests": 1, "per": "1s"}],
  "records": {"item": {"kind": "ticket", "source_id": "/id", "content": "/body",
                       "created_at": "/created_at"}}
})";

class Config : public testing::Test {
 protected:
  Config() {
    ManifestReading reading = read_manifest(kManifest);
    EXPECT_TRUE(reading.manifest.has_value());
    if (reading.manifest) manifest_ = *std::move(reading.manifest);
  }

  ConfigReading read(std::string_view text, const ConfigOverrides& overrides = {}) {
    return read_config(
        file_, text, overrides,
        [this](const std::string& name) -> std::optional<std::string> {
          if (name == "TOKEN") return "t-123";
          if (name == "ACCOUNT") return "007";
          const auto set = environment_.find(name);
          return set == environment_.end() ? std::nullopt : std::optional(set->second);
        },
        [this](const std::vector<std::filesystem::path>&) {
          return PluginCatalog{.find = [this](std::string_view name) -> const Manifest* {
                                 return name == "acme" ? &manifest_ : nullptr;
                               },
                               .names = {"acme"}};
        });
  }
  /// Every issue in a line, without the folder.
  std::string issues(std::string_view text) {
    std::string out;
    for (ConfigIssue issue : read(text).issues) {
      issue.file = issue.file.filename();
      out += to_string(issue) + "\n";
    }
    return out;
  }
  /// The one integration of a good file.
  IntegrationSettings integration(const std::string& body) {
    ConfigReading reading = read("integrations:\n  desk:\n    plugin: acme\n" + body);
    for (const ConfigIssue& issue : reading.issues) EXPECT_TRUE(issue.warning) << to_string(issue);
    return reading.settings ? reading.settings->integrations.at(0) : IntegrationSettings{};
  }

  TempDir dir_;
  std::filesystem::path file_ = dir_.path() / "earshot.yaml";
  Manifest manifest_;
  std::map<std::string, std::string> environment_;
};

inline constexpr const char* kMembers =
    "    config: {account: shop}\n    credentials: {token: \"${TOKEN}\"}\n";

}  // namespace earshot::core
