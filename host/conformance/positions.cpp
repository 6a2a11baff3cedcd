#include "conformance/positions.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/base/time.hpp>

#include "conformance/derived.hpp"

namespace earshot::conformance {

using core::CassetteEntry;
using core::JsonValue;

namespace {

constexpr std::int64_t kFirstEpoch = 900'000'000;  ///< Smaller numbers are no times.

void add_leaves(const std::string& pointer, JsonValue value, Words& words) {
  if (!value.is_array() && !value.is_object()) {
    words.emplace(pointer, value.text());
    return;
  }
  std::size_t index = 0;
  for (const JsonValue child : value) {
    const std::string segment =
        value.is_object() ? std::string(child.key()) : std::to_string(index++);
    add_leaves(pointer + "/" + segment, child, words);
  }
}

/// A name or a value in a query as servers read it: '+' is a blank there.
std::string query_text(std::string_view text) {
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), '+', ' ');
  return core::percent_decode(plain);
}

void add_texts(JsonValue value, std::set<std::string>& texts) {
  if (value.is_string()) texts.emplace(value.text());
  for (const JsonValue child : value) add_texts(child, texts);
}

/// The URL or target with other values of its parameters.
std::string with_parameters(std::string_view url,
                            const std::map<std::string, std::string>& others) {
  const std::size_t question = url.find('?');
  if (question == std::string_view::npos) return std::string(url);
  std::string made(url.substr(0, question + 1));
  for (const std::string_view parameter : core::split(url.substr(question + 1), '&')) {
    if (made.size() > question + 1) made += '&';
    const std::size_t value = std::min(parameter.find('='), parameter.size() - 1) + 1;
    const auto other = others.find(query_text(parameter.substr(value)));
    made += parameter.substr(0, value);
    made += other == others.end() ? std::string(parameter.substr(value)) : escaped(other->second);
  }
  return made;
}

std::string with_texts(const std::string& json, const std::map<std::string, std::string>& others) {
  return edited(json, [&](const std::string&, JsonValue value) -> std::optional<std::string> {
    if (!value.is_string()) return std::nullopt;
    const std::string text(value.text());
    const auto other = others.find(text);
    if (other != others.end()) return json_text(other->second);
    if (text.starts_with("https://")) return json_text(with_parameters(text, others));
    return std::nullopt;
  });
}

/// Such as ids, by which some products page: an item and its id go together.
std::set<std::string> texts_of_items(const Recording& recording) {
  std::set<std::string> texts;
  static_cast<void>(edited(recording, [&](const std::string& pointer, JsonValue value) {
    if (value.is_string() && place_of(pointer).find('*') != std::string::npos)
      texts.emplace(value.text());
    return std::optional<std::string>();
  }));
  return texts;
}

}  // namespace

Words words_of(std::string_view target, const std::string& body) {
  Words words;
  const std::size_t question = std::min(target.find('?'), target.size());
  for (std::string_view parameter : core::split(target.substr(question), '&')) {
    if (parameter.starts_with('?')) parameter.remove_prefix(1);
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    if (parameter.empty()) continue;
    words.emplace(query_text(parameter.substr(0, equals)),
                  query_text(parameter.substr(std::min(equals + 1, parameter.size()))));
  }
  if (body.empty()) return words;
  const auto document = core::JsonDocument::parse(body);
  if (document) add_leaves("", (*document)->root(), words);
  return words;
}

bool is_time(const std::string& text) {
  if (const auto number = core::parse_integer(text)) return *number >= kFirstEpoch;
  return core::parse_time(text).has_value();
}

std::set<std::string> positions_in(const Recording& recording) {
  std::set<std::string> handed_out;
  std::set<std::string> own;  // words that were asked with before an answer had them
  std::set<std::string> positions;
  for (const CassetteEntry& entry : recording) {
    for (const auto& [name, value] : words_of(entry.target, entry.request_body)) {
      if (value.size() < kShortestToken || core::parse_integer(value) || is_time(value)) continue;
      (handed_out.contains(value) && !own.contains(value) ? positions : own).insert(value);
    }
    const auto document = core::JsonDocument::parse(entry.response.body);
    if (document) add_texts((*document)->root(), handed_out);
  }
  for (const std::string& text : texts_of_items(recording)) positions.erase(text);
  return positions;
}

std::set<std::string> places_of_positions(const Recording& recording) {
  const std::set<std::string> positions = positions_in(recording);
  std::set<std::string> places;
  static_cast<void>(edited(recording, [&](const std::string& pointer, JsonValue value) {
    if (value.is_string() && positions.contains(std::string(value.text())))
      places.insert(place_of(pointer));
    return std::optional<std::string>();
  }));
  return places;
}

Recording with_positions(Recording recording, const std::map<std::string, std::string>& others) {
  for (CassetteEntry& entry : recording) {
    entry.target = with_parameters(entry.target, others);
    entry.request_body = with_texts(entry.request_body, others);
    entry.response.body = with_texts(entry.response.body, others);
  }
  return recording;
}

std::string escaped(std::string_view text) {
  std::string escapes;
  for (const char c : text) escapes += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return escapes;
}

}  // namespace earshot::conformance
