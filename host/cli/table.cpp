#include "table.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include <unistd.h>

#include "display_text.hpp"
#include "terminal.hpp"

namespace earshot::host {

namespace {

bool is_number(std::string_view text) noexcept {
  return text.find_first_not_of("0123456789.,-") == std::string_view::npos;
}

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 10;
constexpr std::size_t kColumnsOfNoTerminal = 120;

struct Column {
  std::size_t width = 0;
  bool numbers = true;
};

std::vector<Column> measure(const std::vector<std::vector<std::string>>& rows) {
  std::vector<Column> layout(rows.front().size());
  for (std::size_t i = 0; i < layout.size(); ++i) {
    layout[i].numbers = rows.size() > 1;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      layout[i].width = std::max(layout[i].width, display_width(rows[row][i]));
      if (row != 0 && !is_number(rows[row][i])) layout[i].numbers = false;
    }
  }
  return layout;
}

/// Takes from the widest column of text until everything fits or nothing can be taken.
void narrow(std::vector<Column>& layout, std::size_t columns) {
  std::size_t total = 0;
  for (const Column& column : layout) total += column.width + kGap;
  while (total > columns + kGap) {
    const auto widest =
        std::max_element(layout.begin(), layout.end(), [](const Column& a, const Column& b) {
          return (a.numbers ? 0 : a.width) < (b.numbers ? 0 : b.width);
        });
    if (widest->numbers || widest->width <= kNarrowest) return;
    --widest->width;
    --total;
  }
}

}  // namespace

std::size_t output_columns() noexcept {
  const std::size_t columns = terminal_size(STDOUT_FILENO).columns;
  return columns != 0 ? columns : kColumnsOfNoTerminal;
}

void Table::add(std::vector<std::string> row) {
  for (std::string& cell : row) cell = fit(cell, std::string::npos);
  rows_.push_back(std::move(row));
}

std::string Table::text(std::size_t columns) const {
  std::vector<Column> layout = measure(rows_);
  if (columns != 0) narrow(layout, columns);
  std::string out;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell =
          display_width(row[i]) > layout[i].width ? fit(row[i], layout[i].width) : row[i];
      const std::string padding(layout[i].width - std::min(layout[i].width, display_width(cell)),
                                ' ');
      line += layout[i].numbers ? padding + cell : cell + padding;
      line.append(kGap, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    (out += line) += '\n';
  }
  return out;
}

}  // namespace earshot::host
