#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/json/document.hpp>

namespace earshot::core {

/// Writes one JSON text from top to bottom. Calls in the wrong order (a value without a key in an
/// object) are bugs and abort. Invalid UTF-8 is written as U+FFFD, a number that is not finite as
/// null.
///
///     JsonWriter out;
///     out.begin_object();
///     out.member("id", record.source_id);
///     out.end_object();
///     send(out.take());
class JsonWriter {
 public:
  enum class Style { compact, pretty };
  explicit JsonWriter(Style style = Style::compact) : pretty_(style == Style::pretty) {}

  void begin_object();
  void end_object();
  void begin_array();
  void end_array();
  void key(std::string_view name);

  void null();
  void boolean(bool value);
  void integer(std::int64_t value);
  void unsigned_integer(std::uint64_t value);
  void real(double value);
  void string(std::string_view text);
  /// JSON that is written already, such as a number's source token or a stored object.
  void raw(std::string_view json);
  /// A whole value of another document.
  void value(JsonValue value);

  void member(std::string_view name, std::string_view text) { key(name), string(text); }
  void member(std::string_view name, const std::string& text) { key(name), string(text); }
  void member(std::string_view name, const char* text) { key(name), string(text); }
  void member(std::string_view name, std::signed_integral auto number) {
    key(name), integer(number);
  }
  void member(std::string_view name, std::unsigned_integral auto number) {
    key(name), unsigned_integer(number);
  }
  void member(std::string_view name, double number) { key(name), real(number); }
  void member(std::string_view name, bool flag) { key(name), boolean(flag); }
  void member(std::string_view name, const std::optional<std::string>& text) {
    key(name);
    text ? string(*text) : null();
  }

  /// The finished text; the writer is empty afterwards.
  [[nodiscard]] std::string take();
  /// The finished text; the writer is empty afterwards and keeps its memory for the next text.
  [[nodiscard]] std::string copy();

 private:
  struct Level {
    bool object;
    bool empty;
  };
  /// A container on the way, and what of it comes next.
  struct Open {
    JsonValue container;
    JsonValue::Iterator next;
  };

  void open(char bracket, bool object);
  void close(char bracket, bool object);
  void before_value();
  void before_key();
  void colon();
  void separate();
  void break_line();
  void quoted(std::string_view text);
  void parsed_key(std::string_view name);
  void begin(JsonValue value);
  void finish();

  std::string out_;
  std::vector<Level> levels_;
  std::vector<Open> values_;
  bool pretty_;
  bool started_ = false;
  bool after_key_ = false;
};

}  // namespace earshot::core
