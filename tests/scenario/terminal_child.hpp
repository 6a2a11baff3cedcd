#pragma once

#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "screen.hpp"

namespace earshot::scenario {

/// A child process on a terminal of its own. It is killed if it outlives this. [one thread at a
/// time]
class TerminalChild {
 public:
  using Environment = std::vector<std::pair<std::string, std::string>>;

  /// Starts `words`, the first of them the program. TERM is xterm and the locale UTF-8, unless
  /// `environment` says otherwise; an empty value removes a variable.
  TerminalChild(std::vector<std::string> words, unsigned short columns,
                const Environment& environment = {});
  ~TerminalChild();
  TerminalChild(const TerminalChild&) = delete;
  TerminalChild& operator=(const TerminalChild&) = delete;

  /// Reads until the screen shows `text`; a failure of the test if it never does.
  void await(std::string_view text);
  void type(std::string_view keys) const;
  /// Reads to the end; the exit code, -1 if a signal ended it.
  int wait();

  [[nodiscard]] const Screen& screen() const noexcept { return screen_; }
  /// All bytes that were written.
  [[nodiscard]] const std::string& output() const noexcept { return output_; }

 private:
  /// False at the end, or after a minute of silence.
  bool read_more();

  Screen screen_;
  std::string output_;
  int terminal_ = -1;
  pid_t pid_ = -1;
};

}  // namespace earshot::scenario
