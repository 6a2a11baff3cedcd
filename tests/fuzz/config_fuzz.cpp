/// A configuration is taken or refused with its mistakes; a .env file likewise.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/base/text.hpp>
#include <earshot/core/config/config.hpp>
#include <earshot/core/config/dotenv.hpp>

namespace {

using earshot::core::ConfigIssue, earshot::core::ConfigReading, earshot::core::Manifest,
    earshot::core::PluginCatalog;

constexpr std::string_view kManifest = R"({
  "manifest_version": 1, "name": "acme", "title": "Acme", "version": "0.1.0", "abi": "1.0",
  "vendor_docs": "https://docs.acme.example/", "vendor_docs_read": "2026-05-01",
  "provides": ["feedback"], "setup": "Make a token.",
  "config": {"type": "object", "required": ["account", "token"], "properties": {
    "account": {"type": "string", "title": "Account"},
    "size": {"type": "integer", "title": "Size", "x-env": "ACME_SIZE"},
    "boards": {"type": "array", "title": "Boards", "items": {"type": "string"}},
    "token": {"type": "string", "title": "Token", "x-secret": true}}},
  "endpoints": {"api": "https://{account}.acme.example"},
  "auth": [{"title": "Token", "scheme": "bearer", "token": "{token}", "requires": ["token"]}],
  "records": {"item": {"kind": "ticket", "source_id": "/id", "content": "/body",
                       "created_at": "/created_at"}}
})";

void require(bool holds) {
  if (!holds) std::abort();
}

const Manifest& manifest() {
  static const earshot::core::ManifestReading reading = earshot::core::read_manifest(kManifest);
  require(reading.manifest.has_value());
  return *reading.manifest;
}

std::optional<std::string> variable(const std::string& name) {
  return name.size() % 2 == 0 ? std::optional("a" + name) : std::nullopt;
}

ConfigReading read(std::string_view text) {
  return earshot::core::read_config(
      "/nowhere/earshot.yaml", text, {}, variable, [](const std::vector<std::filesystem::path>&) {
        return PluginCatalog{.find = [](std::string_view name) -> const Manifest* {
                               return name == "acme" ? &manifest() : nullptr;
                             },
                             .names = {"acme"}};
      });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const ConfigReading reading = read(text);
  const bool mistaken = std::any_of(reading.issues.begin(), reading.issues.end(),
                                    [](const ConfigIssue& issue) { return !issue.warning; });
  require(reading.settings.has_value() == !mistaken);
  for (const ConfigIssue& issue : reading.issues) require(!issue.message.empty());

  const auto variables = earshot::core::parse_dotenv(text);
  require(variables.has_value() || !variables.error().message.empty());
  return 0;
}
