#include "earshot/core/json/writer.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <earshot/core/base/text.hpp>

namespace earshot::core {
namespace {

void require(bool holds, const char* what) noexcept {
  if (holds) return;
  std::fprintf(stderr, "earshot: a bug in writing JSON: %s\n", what);
  std::abort();
}

/// For each byte the letter behind the backslash, 'u' for \u00XX, 0 where it stands for itself.
constexpr std::array<char, 256> escapes() {
  std::array<char, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = 'u';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['"'] = '"';
  table['\\'] = '\\';
  return table;
}
constexpr std::array<char, 256> kEscapes = escapes();

void append_escape(std::string& out, unsigned char byte) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '\\';
  out += kEscapes[byte];
  if (kEscapes[byte] == 'u') ((out += "00") += kHex[byte >> 4]) += kHex[byte & 15];
}

/// Requires valid UTF-8.
void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (kEscapes[byte] == 0) continue;
    out.append(text, copied, at - copied);
    append_escape(out, byte);
    copied = at + 1;
  }
  out.append(text, copied);
  out += '"';
}

template <typename Number>
void append_number(std::string& out, Number number) {
  std::array<char, 32> digits{};
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), written.ptr);
}

}  // namespace

void JsonWriter::open(char bracket, bool object) {
  before_value();
  out_ += bracket;
  levels_.push_back({object, true});
}

void JsonWriter::close(char bracket, bool object) {
  require(!levels_.empty() && levels_.back().object == object && !after_key_,
          "an end without its beginning");
  const bool empty = levels_.back().empty;
  levels_.pop_back();
  if (!empty) break_line();
  out_ += bracket;
}

void JsonWriter::before_value() {
  if (levels_.empty()) {
    require(!started_, "a second value after the end");
    started_ = true;
  } else if (levels_.back().object) {
    require(after_key_, "a value without a key in an object");
    after_key_ = false;
  } else {
    separate();
  }
}

void JsonWriter::before_key() {
  require(!levels_.empty() && levels_.back().object && !after_key_, "a key outside an object");
  separate();
  after_key_ = true;
}

void JsonWriter::colon() {
  out_ += ':';
  if (pretty_) out_ += ' ';
}

void JsonWriter::separate() {
  if (!levels_.back().empty) out_ += ',';
  levels_.back().empty = false;
  break_line();
}

void JsonWriter::break_line() {
  if (pretty_) out_.append(1, '\n').append(levels_.size() * 2, ' ');
}

void JsonWriter::quoted(std::string_view text) {
  if (is_valid_utf8(text)) {
    append_quoted(out_, text);
  } else {
    append_quoted(out_, clean_utf8(text));
  }
}

void JsonWriter::begin_object() {
  open('{', true);
}
void JsonWriter::end_object() {
  close('}', true);
}
void JsonWriter::begin_array() {
  open('[', false);
}
void JsonWriter::end_array() {
  close(']', false);
}
void JsonWriter::key(std::string_view name) {
  before_key();
  quoted(name);
  colon();
}

void JsonWriter::null() {
  raw("null");
}
void JsonWriter::boolean(bool value) {
  raw(value ? "true" : "false");
}
void JsonWriter::integer(std::int64_t value) {
  before_value();
  append_number(out_, value);
}
void JsonWriter::unsigned_integer(std::uint64_t value) {
  before_value();
  append_number(out_, value);
}
void JsonWriter::real(double value) {
  if (!std::isfinite(value)) return null();
  before_value();
  append_number(out_, value);
}
void JsonWriter::string(std::string_view text) {
  before_value();
  quoted(text);
}
void JsonWriter::raw(std::string_view json) {
  before_value();
  out_ += json;
}

void JsonWriter::value(JsonValue value) {
  begin(value);
  while (!values_.empty()) {
    auto& [container, next] = values_.back();
    const bool object = container.is_object();
    if (next == JsonValue::end()) {
      object ? end_object() : end_array();
      values_.pop_back();
      continue;
    }
    const JsonValue child = *next++;
    if (object) parsed_key(child.key());
    begin(child);
  }
}

/// What was parsed is known to be valid UTF-8.
void JsonWriter::parsed_key(std::string_view name) {
  before_key();
  append_quoted(out_, name);
  colon();
}

/// Writes a scalar, or opens a container.
void JsonWriter::begin(JsonValue value) {
  switch (value.kind()) {
    case JsonKind::object: begin_object(); break;
    case JsonKind::array: begin_array(); break;
    case JsonKind::string: before_value(); return append_quoted(out_, value.text());
    case JsonKind::absent:
    case JsonKind::null: return null();
    default: return raw(value.text());
  }
  values_.push_back({value, value.begin()});
}

std::string JsonWriter::take() {
  finish();
  return std::exchange(out_, {});
}

std::string JsonWriter::copy() {
  finish();
  std::string text = out_;
  out_.clear();
  return text;
}

void JsonWriter::finish() {
  require(levels_.empty() && started_, "taken before its end");
  started_ = false;
}

}  // namespace earshot::core
