#include "cli/config_file.hpp"

#include <gtest/gtest.h>

#include <earshot/core/config/config.hpp>

namespace earshot::host {
namespace {

constexpr const char* kManifest = R"({
  "manifest_version": 1, "name": "acme", "title": "Acme", "version": "1.0.0", "abi": "1.0",
  "vendor_docs": "https://docs.acme.example/api", "provides": ["feedback"],
  "config": {
    "type": "object", "required": ["site"],
    "properties": {
      "site": {"type": "string", "title": "Site"},
      "token": {"type": "string", "title": "Token", "x-secret": true}
    }
  },
  "endpoints": {"api": "https://api.acme.example"},
  "auth": [{"title": "Token", "scheme": "bearer", "token": "{token}", "requires": ["token"]}],
  "limits": [{"bucket": "account", "requests": 10, "per": "1s"}],
  "records": {"ticket": {"source_id": "/id", "created_at": "/at", "updated_at": "/at"}}
})";

/// What the host reads of a file that was written with `site` as a setting.
core::ConfigReading read_back(const std::string& site) {
  const ConfigEntry entry{.name = "one",
                          .plugin = "acme",
                          .config = {{"site", site}},
                          .credentials = {{"token", "${TOKEN}"}},
                          .base_url = "http://127.0.0.1:8080"};
  static const core::ManifestReading manifest = core::read_manifest(kManifest);
  EXPECT_TRUE(manifest.manifest) << (manifest.issues.empty() ? ""
                                                             : manifest.issues.front().path + ": " +
                                                                   manifest.issues.front().message);
  return core::read_config(
      "/etc/earshot/earshot.yaml", config_text({"/opt/plugins"}, "data", {entry}), {},
      [](const std::string& name) {
        return name == "TOKEN" ? std::optional<std::string>("s3cret") : std::nullopt;
      },
      [](const std::vector<std::filesystem::path>&) {
        return core::PluginCatalog{.find = [](std::string_view) { return &*manifest.manifest; },
                                   .names = {"acme"}};
      });
}

class ConfigFile : public testing::TestWithParam<const char*> {};

TEST_P(ConfigFile, KeepsTheValueThroughWritingAndReading) {
  const core::ConfigReading reading = read_back(GetParam());
  ASSERT_TRUE(reading.settings) << to_string(reading.issues.front());
  EXPECT_TRUE(reading.issues.empty()) << to_string(reading.issues.front());
  const core::IntegrationSettings& one = reading.settings->integrations.at(0);
  EXPECT_EQ(one.config->root().member("site").text(), GetParam());
}

INSTANTIATE_TEST_SUITE_P(OddValues, ConfigFile,
                         testing::Values("plain", "yes", "no", "null", "~", "012", "1e3", "0x1f",
                                         "true", "a: b", "# no comment", "- item", "{x}", "[x]",
                                         "\"quoted\"", "it's", "*alias", "&anchor", "!tag", " led",
                                         "trailed ", "two\nlines", "tab\there", "Zoë 日本 🙂",
                                         "back\\slash", "2026-01-02", "%percent", "@at", "?", ":"));

TEST(ConfigFile, IsReadBackAsItWasMeant) {
  const core::ConfigReading reading = read_back("acme");
  ASSERT_TRUE(reading.settings);
  EXPECT_EQ(reading.settings->plugin_dirs,
            std::vector<std::filesystem::path>{std::filesystem::path("/opt/plugins")});
  EXPECT_EQ(reading.settings->data_dir, "/etc/earshot/data");
  const core::IntegrationSettings& one = reading.settings->integrations.at(0);
  EXPECT_EQ(one.name, "one");
  EXPECT_EQ(one.plugin, "acme");
  EXPECT_EQ(one.base_url, "http://127.0.0.1:8080");
  EXPECT_EQ(one.credentials.at("token").reveal(), "s3cret");
}

TEST(ConfigFile, WritesElementsOfListsAsTexts) {
  const ConfigEntry entry{
      .name = "one", .plugin = "acme", .lists = {{"surveys", {"3187", "a: b", "x, y", "true"}}}};
  EXPECT_NE(config_text({}, "data", {entry}).find("surveys: [3187, \"a: b\", \"x, y\", true]"),
            std::string::npos)
      << "the schema says that these are texts";
}

TEST(ConfigFile, NeverHoldsEmptySections) {
  const std::string text = config_text({}, "data", {ConfigEntry{.name = "one", .plugin = "acme"}});
  EXPECT_EQ(text.find("credentials"), std::string::npos);
  EXPECT_EQ(text.find("base_url"), std::string::npos);
  EXPECT_EQ(text.find("http"), std::string::npos);
}

}  // namespace
}  // namespace earshot::host
