#pragma once

#include <string>
#include <vector>

namespace earshot::host {

/// Text in columns: a header, then rows, each column as wide as its widest cell. Columns of numbers
/// stand to the right. A cell is one line, and nothing in it controls a terminal.
class Table {
 public:
  explicit Table(std::vector<std::string> header) : rows_{std::move(header)} {}
  void add(std::vector<std::string> row);
  [[nodiscard]] bool empty() const noexcept { return rows_.size() == 1; }
  /// With a newline behind each row and no blanks at line ends. Where `columns` are given, the
  /// widest columns of text are cut so that the whole fits, if it can.
  [[nodiscard]] std::string text(std::size_t columns = 0) const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// How wide the terminal on standard output is; 120 where there is none.
[[nodiscard]] std::size_t output_columns() noexcept;

}  // namespace earshot::host
