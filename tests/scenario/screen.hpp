#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::scenario {

/// What a terminal of so many columns shows of the bytes written to it: text, carriage returns,
/// line breaks, cursor up, erasing and colours, as far as the program uses them. Rows never scroll
/// away.
class Screen {
 public:
  explicit Screen(std::size_t columns) : columns_(columns) {}

  void write(std::string_view bytes);
  /// The rows, without blanks at their ends and without empty ones at the bottom.
  [[nodiscard]] std::vector<std::string> rows() const;
  [[nodiscard]] bool shows(std::string_view text) const;
  /// True if a line was wider than the terminal, which then broke it.
  [[nodiscard]] bool wrapped() const noexcept { return wrapped_; }
  [[nodiscard]] bool coloured() const noexcept { return coloured_; }
  /// Control sequences that are none of the above.
  [[nodiscard]] const std::vector<std::string>& unknown() const noexcept { return unknown_; }

 private:
  using Row = std::vector<std::string>;  ///< A code point a cell.

  void put(std::string code_point);
  void control(const std::string& sequence);
  Row& row();

  std::size_t columns_;
  std::vector<Row> rows_;
  std::size_t line_ = 0;
  std::size_t column_ = 0;
  std::string pending_;  ///< The beginning of a code point or a sequence.
  bool wrapped_ = false;
  bool coloured_ = false;
  std::vector<std::string> unknown_;
};

}  // namespace earshot::scenario
