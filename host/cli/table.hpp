#pragma once

#include <string>
#include <vector>

namespace earshot::host {

/// Text in columns: a header, then rows, each column as wide as its widest cell. Columns of numbers
/// stand to the right.
class Table {
 public:
  explicit Table(std::vector<std::string> header) : rows_{std::move(header)} {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  [[nodiscard]] bool empty() const noexcept { return rows_.size() == 1; }
  /// With a newline behind each row and no blanks at line ends. Where `columns` are given, the
  /// widest columns of text are cut so that the whole fits, if it can.
  [[nodiscard]] std::string text(std::size_t columns = 0) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// How wide the terminal on standard output is; 120 where there is none.
[[nodiscard]] std::size_t output_columns() noexcept;
/// How many columns a terminal needs for UTF-8 text, near enough: code points, wide ones twice,
/// marks not at all.
[[nodiscard]] std::size_t display_width(std::string_view text) noexcept;
/// At most `columns` wide, with an ellipsis where something was cut; line breaks become blanks.
[[nodiscard]] std::string fit(std::string_view text, std::size_t columns);

}  // namespace earshot::host
