#pragma once

/// Recorded exchanges (HAR 1.2), for tests of plugins.

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <earshot/sdk/result.hpp>
#include <earshot/sdk/testing/json_tree.hpp>
#include <earshot/sdk/text.hpp>

namespace earshot::sdk::testing {

/// What came back for one request.
struct Answer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
};

/// A cassette, read; answers requests as the host's replay does: the first unused exchange of the
/// same method, path and query (parameters in any order), or the last of them once all are used.
/// [one thread at a time]
class Cassette {
 public:
  static constexpr std::uintmax_t kLargest = std::uintmax_t{64} << 20;

  /// Reads a HAR file of at most kLargest bytes. Of a content only plain text is understood, not
  /// base64.
  [[nodiscard]] static Result<Cassette> read(const std::filesystem::path& file) {
    std::error_code failure;
    const std::uintmax_t size = std::filesystem::file_size(file, failure);
    if (failure || size > kLargest) return unreadable(file, "cannot be read");
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const std::optional<JsonTree> har = JsonTree::parse(text);
    if (!har) return unreadable(file, "is no JSON");
    const std::uint32_t entries = har->at(JsonTree::kRoot, "/log/entries");
    if ((*har)[entries].kind != EAR_JSON_ARRAY) return unreadable(file, "has no log.entries");
    Cassette cassette;
    for (std::uint32_t one = (*har)[entries].first; one != 0; one = (*har)[one].next) {
      EAR_CHECK(cassette.add(*har, one, file));
    }
    return cassette;
  }

  /// The answer to a request for `target` (path and query); null where none was recorded.
  [[nodiscard]] const Answer* answer(std::string_view method, std::string_view target) {
    Exchange* found = match(method, target);
    if (found == nullptr) return nullptr;
    found->used = true;
    return &found->answer;
  }
  /// True while an exchange for that request has not been used.
  [[nodiscard]] bool has_more(std::string_view method, std::string_view target) {
    const Exchange* found = match(method, target);
    return found != nullptr && !found->used;
  }
  /// What no request asked for, as "GET /path?query", in order.
  [[nodiscard]] std::vector<std::string> unused() const {
    std::vector<std::string> names;
    for (const Exchange& one : exchanges_) {
      if (!one.used) names.push_back(one.name);
    }
    return names;
  }

 private:
  struct Exchange {
    std::string name;
    std::vector<std::string> key;
    Answer answer;
    bool used = false;
  };

  static Error unreadable(const std::filesystem::path& file, std::string_view why) {
    return {.code = Code::misuse, .message = file.string() + " " + std::string(why)};
  }

  static std::string percent_decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      unsigned value = 0;
      if (text[i] == '%' && i + 2 < text.size() && hex_byte(text.substr(i + 1, 2), value)) {
        out += static_cast<char>(value);
        i += 2;
      } else {
        out += text[i];
      }
    }
    return out;
  }
  static bool hex_byte(std::string_view digits, unsigned& out) noexcept {
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), out, 16);
    return error == std::errc{} && end == digits.data() + digits.size() && digits.size() == 2;
  }

  static std::vector<std::string> key_of(std::string_view method, std::string_view target) {
    const std::size_t question = std::min(target.find('?'), target.size());
    std::vector<std::string> key;
    for (const std::string_view part : split(target.substr(question), '&')) {
      const std::string_view bare = part.starts_with('?') ? part.substr(1) : part;
      if (!bare.empty()) key.push_back(percent_decode(bare));
    }
    std::sort(key.begin(), key.end());
    key.insert(key.begin(), {std::string(method), percent_decode(target.substr(0, question))});
    return key;
  }

  Result<void> add(const JsonTree& har, std::uint32_t entry, const std::filesystem::path& file) {
    const std::string& url = har[har.at(entry, "/request/url")].text;
    const std::size_t host = url.find("://");
    const std::size_t path = host == url.npos ? url.npos : url.find('/', host + 3);
    const std::optional<std::int64_t> status =
        parse_integer(har[har.at(entry, "/response/status")].text);
    if (path == url.npos || !status) return unreadable(file, "has an entry without url or status");
    if (har.at(entry, "/response/content/encoding") != 0)
      return unreadable(file, "has content that is not plain text");
    const std::string& method = har[har.at(entry, "/request/method")].text;
    const std::string target = url.substr(path);
    Exchange made{.name = method + " " + target, .key = key_of(method, target), .answer = {}};
    made.answer.status = static_cast<int>(*status);
    made.answer.body = har[har.at(entry, "/response/content/text")].text;
    const std::uint32_t headers = har.at(entry, "/response/headers");
    for (std::uint32_t one = har[headers].first; one != 0; one = har[one].next) {
      made.answer.headers.emplace_back(har[har.at(one, "/name")].text,
                                       har[har.at(one, "/value")].text);
    }
    exchanges_.push_back(std::move(made));
    return {};
  }

  Exchange* match(std::string_view method, std::string_view target) {
    const std::vector<std::string> key = key_of(method, target);
    Exchange* found = nullptr;
    for (Exchange& one : exchanges_) {
      if (one.key != key) continue;
      found = &one;
      if (!one.used) break;
    }
    return found;
  }

  std::vector<Exchange> exchanges_;
};

}  // namespace earshot::sdk::testing
