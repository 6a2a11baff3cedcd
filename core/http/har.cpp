#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/file.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/http/cassette.hpp>
#include <earshot/core/json/document.hpp>

namespace earshot::core {
namespace {

constexpr std::uint64_t kLargestCassette = 64U << 20;

bool is_about_framing(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 4> kFraming = {"Content-Encoding", "Content-Length",
                                                               "Transfer-Encoding", "Connection"};
  return name.starts_with(':') ||
         std::any_of(kFraming.begin(), kFraming.end(),
                     [name](std::string_view known) { return iequals(known, name); });
}

Error unusable(const std::string& name, std::size_t index, std::string_view why) {
  return {.code = Code::bad_data,
          .message = fmt::format("{}: log.entries[{}] {}", name, index, why)};
}

std::optional<std::string> content_of(JsonValue content) {
  const std::string_view text = content.member("text").text();
  if (content.member("encoding").text() == "base64") return base64_decode(text);
  return std::string(text);
}

Result<CassetteEntry> read_entry(JsonValue entry, const std::string& name, std::size_t index) {
  const JsonValue request = entry.member("request");
  const JsonValue response = entry.member("response");
  const auto url = parse_url(request.member("url").text());
  if (!url) return unusable(name, index, "has no request.url of the form https://host/path");
  const std::string_view method = request.member("method").text();
  if (method.empty()) return unusable(name, index, "has no request.method");
  const auto status = response.member("status").integer();
  if (!status || *status < 100 || *status > 599) {
    return unusable(name, index, "has no response.status from 100 to 599");
  }
  auto body = content_of(response.member("content"));
  if (!body) return unusable(name, index, "has response.content.text that is not base64");
  CassetteEntry made{.method = std::string(method),
                     .target = url->target,
                     .response = {.status = static_cast<int>(*status), .body = std::move(*body)},
                     .request_body = std::string(request.at("/postData/text").text()),
                     .at = parse_time(entry.member("startedDateTime").text())};
  for (const JsonValue header : response.member("headers")) {
    const std::string_view field = header.member("name").text();
    if (is_about_framing(field)) continue;
    made.response.headers.add(std::string(field), std::string(header.member("value").text()));
  }
  return made;
}

}  // namespace

Result<std::vector<CassetteEntry>> parse_cassette(std::string har, const std::string& name) {
  auto document = JsonDocument::parse(std::move(har));
  if (!document) {
    Error error = std::move(document).error();
    error.message = fmt::format("{}: {}", name, error.message);
    return error;
  }
  const JsonValue entries = (*document)->root().at("/log/entries");
  if (!entries.is_array()) {
    return Error{.code = Code::bad_data,
                 .message = fmt::format("{} is no HAR file: it has no log.entries", name)};
  }
  std::vector<CassetteEntry> cassette;
  cassette.reserve(entries.size());
  for (const JsonValue entry : entries) {
    EAR_TRY(CassetteEntry made, read_entry(entry, name, cassette.size()));
    cassette.push_back(std::move(made));
  }
  return cassette;
}

Result<std::vector<CassetteEntry>> load_cassette(const std::filesystem::path& path) {
  EAR_TRY(std::string har, read_file(path, kLargestCassette));
  return parse_cassette(std::move(har), path.filename().string());
}

}  // namespace earshot::core
