#include "earshot/core/json/writer.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

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
  std::array<char, 32> digits;
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), written.ptr);
}

}  // namespace

class JsonWriter::Impl {
 public:
  explicit Impl(Style style) : pretty_(style == Style::pretty) {}

  void open(char bracket, bool object) {
    before_value();
    out_ += bracket;
    levels_.push_back({object, true});
  }
  void close(char bracket, bool object) {
    require(!levels_.empty() && levels_.back().object == object && !after_key_,
            "an end without its beginning");
    const bool empty = levels_.back().empty;
    levels_.pop_back();
    if (!empty) break_line();
    out_ += bracket;
  }
  void key(std::string_view name) {
    require(!levels_.empty() && levels_.back().object && !after_key_, "a key outside an object");
    separate();
    quoted(name);
    out_ += ':';
    if (pretty_) out_ += ' ';
    after_key_ = true;
  }
  void token(std::string_view json) {
    before_value();
    out_ += json;
  }
  template <typename Number>
  void number(Number value) {
    before_value();
    append_number(out_, value);
  }
  void string(std::string_view text) {
    before_value();
    quoted(text);
  }
  std::string take() {
    require(levels_.empty() && started_, "taken before its end");
    started_ = false;
    return std::exchange(out_, {});
  }

 private:
  struct Level {
    bool object;
    bool empty;
  };

  void before_value() {
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
  void separate() {
    if (!levels_.back().empty) out_ += ',';
    levels_.back().empty = false;
    break_line();
  }
  void break_line() {
    if (pretty_) out_.append(1, '\n').append(levels_.size() * 2, ' ');
  }
  void quoted(std::string_view text) {
    if (is_valid_utf8(text)) {
      append_quoted(out_, text);
    } else {
      append_quoted(out_, clean_utf8(text));
    }
  }

  std::string out_;
  std::vector<Level> levels_;
  bool pretty_;
  bool started_ = false;
  bool after_key_ = false;
};

namespace {

template <typename Out>
void scalar(Out& out, JsonValue value) {
  if (value.is_string()) return out.string(value.text());
  out.token(value.text().empty() ? "null" : value.text());
}

}  // namespace

JsonWriter::JsonWriter(Style style) : impl_(std::make_unique<Impl>(style)) {}
JsonWriter::~JsonWriter() = default;

void JsonWriter::begin_object() {
  impl_->open('{', true);
}
void JsonWriter::end_object() {
  impl_->close('}', true);
}
void JsonWriter::begin_array() {
  impl_->open('[', false);
}
void JsonWriter::end_array() {
  impl_->close(']', false);
}
void JsonWriter::key(std::string_view name) {
  impl_->key(name);
}

void JsonWriter::null() {
  impl_->token("null");
}
void JsonWriter::boolean(bool value) {
  impl_->token(value ? "true" : "false");
}
void JsonWriter::integer(std::int64_t value) {
  impl_->number(value);
}
void JsonWriter::unsigned_integer(std::uint64_t value) {
  impl_->number(value);
}
void JsonWriter::real(double value) {
  std::isfinite(value) ? impl_->number(value) : impl_->token("null");
}
void JsonWriter::string(std::string_view text) {
  impl_->string(text);
}
void JsonWriter::raw(std::string_view json) {
  impl_->token(json);
}

void JsonWriter::value(JsonValue value) {
  struct Open {
    JsonValue container;
    JsonValue::Iterator next;
  };
  std::vector<Open> open;
  const auto write = [&](JsonValue one) {
    if (one.is_object()) {
      begin_object();
    } else if (one.is_array()) {
      begin_array();
    } else {
      return scalar(*impl_, one);
    }
    open.push_back({one, one.begin()});
  };
  write(value);
  while (!open.empty()) {
    auto& [container, next] = open.back();
    const bool object = container.is_object();
    if (next == JsonValue::end()) {
      object ? end_object() : end_array();
      open.pop_back();
      continue;
    }
    const JsonValue child = *next++;
    if (object) key(child.key());
    write(child);
  }
}

std::string JsonWriter::take() {
  return impl_->take();
}

}  // namespace earshot::core
