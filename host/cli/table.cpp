#include "table.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <unistd.h>

#include "terminal.hpp"

namespace earshot::host {

namespace {

/// The code point at `at`, which moves behind it. Broken bytes count one each.
char32_t next_code_point(std::string_view text, std::size_t& at) noexcept {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0x80    ? 1
                             : lead >= 0xf0 ? 4
                             : lead >= 0xe0 ? 3
                             : lead >= 0xc0 ? 2
                                            : 1;
  if (length == 1 || at + length > text.size()) return ++at, lead;
  char32_t point = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xc0U) != 0x80U) return ++at, lead;
    point = (point << 6) | (next & 0x3fU);
  }
  at += length;
  return point;
}

std::size_t width_of(char32_t point) noexcept {
  const auto within = [point](char32_t first, char32_t last) {
    return point >= first && point <= last;
  };
  if (within(0x300, 0x36f) || within(0x200b, 0x200f) || within(0x202a, 0x202e) ||
      within(0xfe00, 0xfe0f))
    return 0;
  const bool wide = within(0x1100, 0x115f) || within(0x2e80, 0xa4cf) || within(0xac00, 0xd7a3) ||
                    within(0xf900, 0xfaff) || within(0xfe30, 0xfe6f) || within(0xff00, 0xff60) ||
                    within(0x1f300, 0x1faff) || within(0x20000, 0x3fffd);
  return wide ? 2 : 1;
}

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

std::size_t display_width(std::string_view text) noexcept {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) width += width_of(next_code_point(text, at));
  return width;
}

std::string fit(std::string_view text, std::size_t columns) {
  std::string out;
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t point = next_code_point(text, at);
    const bool blank =
        point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x2028 || point == 0x2029;
    const std::size_t more = blank ? 1 : width_of(point);
    const bool last = at >= text.size();
    if (width + more > columns - (last ? 0 : 1)) return out += "…";
    width += more;
    out += blank ? " " : text.substr(begin, at - begin);
  }
  return out;
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
