#include "screen.hpp"

#include <algorithm>
#include <utility>

namespace earshot::scenario {

namespace {

std::size_t length_of(unsigned char lead) {
  return lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}

}  // namespace

void Screen::write(std::string_view bytes) {
  for (const char c : bytes) {
    pending_ += c;
    if (pending_.front() == '\x1b') {
      const bool complete = pending_.size() > 2 && c >= '@' && c <= '~';
      if (complete) control(std::exchange(pending_, {}));
      continue;
    }
    if (pending_.size() < length_of(static_cast<unsigned char>(pending_.front()))) continue;
    const std::string one = std::exchange(pending_, {});
    if (one == "\r") {
      column_ = 0;
    } else if (one == "\n") {
      ++line_;
    } else {
      put(one);
    }
  }
}

void Screen::put(std::string code_point) {
  if (column_ == columns_) {
    wrapped_ = true;
    ++line_;
    column_ = 0;
  }
  Row& cells = row();
  if (cells.size() <= column_) cells.resize(column_ + 1, " ");
  cells[column_++] = std::move(code_point);
}

void Screen::control(const std::string& sequence) {
  const std::string number = sequence.substr(2, sequence.size() - 3);
  switch (sequence.back()) {
    case 'A': line_ -= std::min(line_, number.empty() ? 1 : std::stoul(number)); return;
    case 'K': row().resize(std::min(row().size(), column_)); return;
    case 'J':
      row().resize(std::min(row().size(), column_));
      rows_.resize(line_ + 1);
      return;
    case 'm': coloured_ = true; return;
    default: unknown_.push_back(sequence); return;
  }
}

Screen::Row& Screen::row() {
  if (rows_.size() <= line_) rows_.resize(line_ + 1);
  return rows_[line_];
}

std::vector<std::string> Screen::rows() const {
  std::vector<std::string> texts;
  for (const Row& cells : rows_) {
    std::string text;
    for (const std::string& cell : cells) text += cell;
    text.erase(text.find_last_not_of(' ') + 1);
    texts.push_back(std::move(text));
  }
  while (!texts.empty() && texts.back().empty()) texts.pop_back();
  return texts;
}

bool Screen::shows(std::string_view text) const {
  const std::vector<std::string> all = rows();
  return std::any_of(all.begin(), all.end(), [text](const std::string& one) {
    return one.find(text) != std::string::npos;
  });
}

}  // namespace earshot::scenario
