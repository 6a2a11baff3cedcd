#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace earshot::host {

/// A line as a terminal shows it: `text` may hold colours, `width` counts the columns it takes.
struct ShownLine {
  std::string text;
  std::size_t width = 0;
};

/// The last lines of a terminal, drawn anew as things go on. Gives what is to be written, each time
/// in one piece, and leaves the cursor at the beginning of the line below. [one thread at a time]
class LiveArea {
 public:
  /// `lines` in place of those drawn last; empty where nothing changed. `columns` is how wide the
  /// terminal is now: narrower than before, it has broken the lines that stand there.
  [[nodiscard]] std::string draw(std::vector<ShownLine> lines, std::size_t columns);
  /// Lines that stay, each with a newline, above those drawn last.
  [[nodiscard]] std::string above(std::string_view text, std::size_t columns);

 private:
  /// To the first line drawn, everything from there erased where `erase`.
  [[nodiscard]] std::string rewind(std::size_t columns, bool erase) const;

  std::vector<ShownLine> drawn_;
};

}  // namespace earshot::host
