#pragma once

/// A plugin's folder, as the tests in it read it.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <earshot/core/base/file.hpp>
#include <earshot/core/http/cassette.hpp>
#include <earshot/core/manifest/manifest.hpp>

namespace earshot::core {

inline std::filesystem::path plugin_file(std::string_view name) {
  return std::filesystem::path(PLUGIN_FOLDER) / name;
}

/// The exchanges of cassettes/NAME.har; one that cannot be read fails the test.
inline std::vector<CassetteEntry> cassette(std::string_view name) {
  auto entries = load_cassette(plugin_file("cassettes") / (std::string(name) + ".har"));
  if (entries) return std::move(entries).value();
  ADD_FAILURE() << entries.error().message;
  return {};
}

/// The manifest; every mistake in it fails the test.
inline ManifestReading plugin_manifest() {
  const auto text = read_file(plugin_file("manifest.json"), 1 << 20);
  if (!text) {
    ADD_FAILURE() << text.error().message;
    return {};
  }
  ManifestReading reading = read_manifest(text.value());
  for (const SchemaIssue& issue : reading.issues)
    ADD_FAILURE() << issue.path << ": " << issue.message;
  return reading;
}

}  // namespace earshot::core
