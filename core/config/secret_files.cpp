#include "secret_files.hpp"

#include <utility>

#include <earshot/core/base/file.hpp>
#include <earshot/core/base/result.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/json/document.hpp>
#include <earshot/core/json/writer.hpp>

namespace earshot::core {

namespace {

constexpr std::uint64_t kMaxFile = 64U << 10;
constexpr std::string_view kPrefix = "file:";

Result<std::string> read_secret(const std::filesystem::path& path) {
  const Result<std::string> content = read_file(path, kMaxFile);
  if (!content) {
    return Error{
        .code = Code::config,
        .message = content.error().message + "; write the secret there, or name another file"};
  }
  std::string secret(trim(*content));
  const auto useless = [&path](const char* why) {
    return Error{.code = Code::config, .message = path.string() + why};
  };
  if (secret.empty()) return useless(" is empty; put the secret into it");
  if (clean_utf8(secret) != secret) return useless(" holds no text; put the secret into it");
  return secret;
}

}  // namespace

SecretFiles read_secret_files(
    const Manifest& manifest, JsonValue credentials, const std::filesystem::path& folder,
    const std::function<void(std::string_view pointer, std::string message)>& report) {
  SecretFiles out;
  JsonWriter written;
  written.begin_object();
  for (const JsonValue member : credentials) {
    written.key(member.key());
    if (!manifest.is_secret(member.key()) || !member.text().starts_with(kPrefix)) {
      written.value(member);
      continue;
    }
    out.members.emplace(member.key());
    const std::filesystem::path path = folder / member.text().substr(kPrefix.size());
    const Result<std::string> secret = read_secret(path.lexically_normal());
    if (!secret) report("/" + pointer_segment(member.key()), secret.error().message);
    written.string(secret ? *secret : "");
  }
  written.end_object();
  if (auto document = JsonDocument::parse(written.take())) out.credentials = *std::move(document);
  return out;
}

}  // namespace earshot::core
