#pragma once

/// Where the tests find the plugin's folder and its library.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <earshot/core/base/file.hpp>
#include <earshot/core/manifest/manifest.hpp>

#include "support/cassette.hpp"

namespace earshot::core {

inline std::filesystem::path zendesk_file(std::string_view name) {
  return std::filesystem::path(ZENDESK_FOLDER) / name;
}

inline std::vector<RecordedExchange> zendesk_cassette(std::string_view name) {
  return read_cassette(zendesk_file("cassettes") / (std::string(name) + ".har"));
}

/// The manifest; every mistake in it fails the test.
inline ManifestReading zendesk_manifest() {
  const auto text = read_file(zendesk_file("manifest.json"), 1 << 20);
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
