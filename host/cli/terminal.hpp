#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <earshot/core/base/mutex.hpp>

#include "live_area.hpp"

namespace earshot::host {

/// What a terminal on a descriptor can do, and the wishes of the environment.
struct TerminalTraits {
  bool live = false;     ///< Lines can be drawn anew.
  bool colours = false;  ///< And NO_COLOR is not set.
  bool unicode = false;  ///< The locale is one of UTF-8.
};
[[nodiscard]] TerminalTraits terminal_traits(int descriptor);

/// How wide and high the terminal on a descriptor is; 0 where there is none or it does not say.
struct TerminalSize {
  std::size_t columns = 0;
  std::size_t rows = 0;
};
[[nodiscard]] TerminalSize terminal_size(int descriptor) noexcept;

/// Standard error: lines that stay, and, where it is a terminal, lines below them that are drawn
/// anew. Nothing is drawn while another job has the terminal. [thread-safe]
class Terminal {
 public:
  Terminal();

  [[nodiscard]] const TerminalTraits& traits() const noexcept { return traits_; }
  [[nodiscard]] TerminalSize size() const noexcept;

  void draw(std::vector<ShownLine> lines);
  /// `text` ends with a newline; it is printed as say() does.
  void print(std::string_view text);

 private:
  const TerminalTraits traits_;
  core::Mutex mutex_;
  LiveArea area_ EAR_GUARDED_BY(mutex_);
};

}  // namespace earshot::host
