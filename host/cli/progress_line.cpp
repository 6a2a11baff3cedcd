#include "progress_line.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "display_text.hpp"

namespace earshot::host {

namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowestBar = 8;
constexpr std::size_t kWidestBar = 40;
constexpr double kWholeFrom = 9.95;  ///< Records a second that are told without a fraction.
constexpr const char* kGreen = "\x1b[32m";
constexpr const char* kYellow = "\x1b[33m";
constexpr const char* kPlain = "\x1b[0m";

/// Puts a line together and knows how wide it is.
class Line {
 public:
  Line(std::size_t columns, bool colours) : columns_(columns), colours_(colours) {}

  void add(std::string_view text, const char* colour = nullptr) {
    const std::size_t left = columns_ - std::min(columns_, line_.width);
    if (left == 0 || text.empty()) return;
    const std::string fitting = fit(text, left);
    const bool coloured = colours_ && colour != nullptr;
    line_.text += coloured ? colour + fitting + kPlain : fitting;
    line_.width += display_width(fitting);
  }
  [[nodiscard]] std::size_t left() const noexcept {
    return columns_ - std::min(columns_, line_.width);
  }
  [[nodiscard]] ShownLine take() && { return std::move(line_); }

 private:
  std::size_t columns_;
  bool colours_;
  ShownLine line_;
};

double per_second(const Progress& one) {
  const double seconds = static_cast<double>(one.elapsed.count()) / 1e6;
  return seconds < 0.1 ? 0 : static_cast<double>(one.records) / seconds;
}

std::string rate(const Progress& one) {
  const double speed = per_second(one);
  if (speed == 0) return {};
  return speed < kWholeFrom ? fmt::format("{:.1f}/s", speed)
                            : grouped(static_cast<std::uint64_t>(std::llround(speed))) + "/s";
}

/// How far it is, from 0 to 1; nothing where nobody knows.
std::optional<double> share(const Progress& one) {
  if (!one.total || *one.total == 0) return std::nullopt;
  return std::min(1.0, static_cast<double>(one.records) / static_cast<double>(*one.total));
}

/// "41% of 30,000, 2 min left"
std::string outlook(const Progress& one, double part) {
  std::string text =
      fmt::format("{}% of {}", static_cast<int>(std::floor(part * 100)), grouped(*one.total));
  const double speed = per_second(one);
  if (speed == 0 || *one.total <= one.records) return text;
  const double seconds = static_cast<double>(*one.total - one.records) / speed;
  const core::Micros left{static_cast<std::int64_t>(std::min(seconds, 1e9)) * 1'000'000};
  return text +
         fmt::format(", {} left", core::human_duration(std::max(left, core::Micros(1'000'000))));
}

void add_bar(Line& line, double part, std::size_t width, bool unicode) {
  const auto full = static_cast<std::size_t>(part * static_cast<double>(width));
  std::string done;
  std::string rest;
  for (std::size_t i = 0; i < width; ++i) {
    (i < full ? done : rest) += unicode ? (i < full ? "━" : "─") : (i < full ? "=" : "-");
  }
  line.add(done, kGreen);
  line.add(rest);
  line.add("  ");
}

/// A bar and words, which make way for what is waited for.
void add_share(Line& line, double part, const std::string& words, const std::string& wait,
               bool unicode) {
  const std::size_t taken = display_width(words) + (wait.empty() ? 0 : kGap + display_width(wait));
  const std::size_t room = line.left() - std::min(line.left(), taken + kGap);
  const bool bar = room >= kNarrowestBar;
  if (!wait.empty() && !bar) return;
  if (bar) add_bar(line, part, std::min(room, kWidestBar), unicode);
  line.add(words);
  if (!wait.empty()) line.add("  ");
}

void add_state(Line& line, const Progress& one, bool unicode) {
  if (!one.end.empty()) return line.add(one.end);
  const std::string wait = one.wait.empty() ? std::string() : "waiting " + one.wait;
  const std::optional<double> part = share(one);
  if (part) add_share(line, *part, outlook(one, *part), wait, unicode);
  if (!wait.empty()) return line.add(wait, kYellow);
  if (!part && one.elapsed >= std::chrono::seconds(1)) line.add(core::human_duration(one.elapsed));
}

std::string padded(std::string_view text, std::size_t width, bool to_the_right) {
  const std::string cell = display_width(text) > width ? fit(text, width) : std::string(text);
  const std::string padding(width - std::min(width, display_width(cell)), ' ');
  return to_the_right ? padding + cell : cell + padding;
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::vector<ShownLine> progress_lines(const std::vector<Progress>& all, std::size_t columns,
                                      const TerminalTraits& traits) {
  const std::size_t room = std::max<std::size_t>(columns, 2) - 1;
  std::size_t names = 0;
  std::size_t counts = 0;
  std::size_t rates = 0;
  for (const Progress& one : all) {
    names = std::max(names, std::min(display_width(one.name), room / 4));
    counts = std::max(counts, grouped(one.records).size());
    rates = std::max(rates, rate(one).size());
  }
  std::vector<ShownLine> lines;
  for (const Progress& one : all) {
    Line line(room, traits.colours);
    line.add(padded(one.name, names, false) + "  ");
    line.add(padded(grouped(one.records), counts, true) + " records  ");
    if (rates > 0) line.add(padded(rate(one), rates, true) + "  ");
    add_state(line, one, traits.unicode);
    lines.push_back(std::move(line).take());
  }
  return lines;
}

}  // namespace earshot::host
