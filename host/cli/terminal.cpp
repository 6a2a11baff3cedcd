#include "terminal.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <utility>

#include <sys/ioctl.h>
#include <unistd.h>

#include <earshot/core/base/text.hpp>

#include "display_text.hpp"

namespace earshot::host {

namespace {

constexpr TerminalSize kUsual{.columns = 80, .rows = 24};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

bool locale_is_unicode() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = core::lower(environment(name));
    if (value.empty()) continue;
    return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

bool in_foreground() noexcept {
  const pid_t group = ::tcgetpgrp(STDERR_FILENO);
  return group < 0 || group == ::getpgrp();
}

void write_all(std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

TerminalTraits terminal_traits(int descriptor) {
  TerminalTraits traits;
  const std::string kind = environment("TERM");
  traits.live = ::isatty(descriptor) == 1 && !kind.empty() && kind != "dumb";
  traits.colours = traits.live && environment("NO_COLOR").empty();
  traits.unicode = locale_is_unicode();
  return traits;
}

TerminalSize terminal_size(int descriptor) noexcept {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0) return {};
  return {.columns = size.ws_col, .rows = size.ws_row};
}

Terminal::Terminal() : traits_(terminal_traits(STDERR_FILENO)) {}

TerminalSize Terminal::size() const noexcept {
  const TerminalSize told = terminal_size(STDERR_FILENO);
  return {.columns = told.columns == 0 ? kUsual.columns : told.columns,
          .rows = told.rows == 0 ? kUsual.rows : told.rows};
}

void Terminal::draw(std::vector<ShownLine> lines) {
  const core::MutexLock lock(mutex_);
  if (traits_.live && in_foreground()) write_all(area_.draw(std::move(lines), size().columns));
}

void Terminal::print(std::string_view text) {
  const core::MutexLock lock(mutex_);
  write_all(area_.above(printable(text), size().columns));
}

}  // namespace earshot::host
