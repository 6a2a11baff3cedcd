#include "live_area.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace earshot::host {

namespace {

constexpr const char* kEraseLine = "\x1b[K";
constexpr const char* kEraseBelow = "\x1b[J";

}  // namespace

std::string LiveArea::draw(std::vector<ShownLine> lines, std::size_t columns) {
  const auto same = [](const ShownLine& a, const ShownLine& b) { return a.text == b.text; };
  if (std::equal(lines.begin(), lines.end(), drawn_.begin(), drawn_.end(), same)) return {};
  const bool fewer = lines.size() < drawn_.size();
  std::string out = rewind(columns, fewer);
  drawn_ = std::move(lines);
  for (const ShownLine& line : drawn_) (out += line.text) += std::string(kEraseLine) + "\n";
  return out;
}

std::string LiveArea::above(std::string_view text, std::size_t columns) {
  std::string out = rewind(columns, true).append(text);
  for (const ShownLine& line : drawn_) (out += line.text) += '\n';
  return out;
}

std::string LiveArea::rewind(std::size_t columns, bool erase) const {
  if (drawn_.empty()) return {};
  std::size_t rows = 0;
  bool broken = false;
  for (const ShownLine& line : drawn_) {
    const std::size_t taken =
        columns == 0 ? 1 : std::max<std::size_t>(1, (line.width + columns - 1) / columns);
    broken = broken || taken > 1;
    rows += taken;
  }
  return fmt::format("\x1b[{}A\r{}", rows, erase || broken ? kEraseBelow : "");
}

}  // namespace earshot::host
