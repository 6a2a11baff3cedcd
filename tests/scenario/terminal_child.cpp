#include "terminal_child.hpp"

#include <array>
#include <cerrno>
#include <map>

#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace earshot::scenario {

namespace {

constexpr int kLongestSilence = 60'000;  // milliseconds

std::vector<std::string> variables(const TerminalChild::Environment& changes) {
  std::map<std::string, std::string> all;
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string text = *one;
    all[text.substr(0, text.find('='))] = text.substr(text.find('=') + 1);
  }
  all["TERM"] = "xterm";
  all["LC_ALL"] = "C.UTF-8";
  all["NO_COLOR"].clear();
  for (const auto& [name, value] : changes) all[name] = value;
  std::vector<std::string> texts;
  for (const auto& [name, value] : all) {
    if (!value.empty()) texts.push_back(name + "=" + value);
  }
  return texts;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace

TerminalChild::TerminalChild(std::vector<std::string> words, unsigned short columns,
                             const Environment& environment)
    : screen_(columns) {
  const winsize size{.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
  std::vector<std::string> set = variables(environment);
  const std::vector<char*> argv = pointers(words);
  const std::vector<char*> envp = pointers(set);
  pid_ = forkpty(&terminal_, nullptr, nullptr, &size);
  if (pid_ == 0) {
    execve(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  EXPECT_GT(pid_, 0) << "forkpty: error " << errno;
}

TerminalChild::~TerminalChild() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (terminal_ >= 0) close(terminal_);
}

void TerminalChild::await(std::string_view text) {
  while (!screen_.shows(text)) {
    ASSERT_TRUE(read_more()) << "the screen never showed '" << text << "' but\n" << output_;
  }
}

void TerminalChild::type(std::string_view keys) const {
  EXPECT_EQ(write(terminal_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
}

int TerminalChild::wait() {
  while (read_more()) {
  }
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool TerminalChild::read_more() {
  pollfd readable{.fd = terminal_, .events = POLLIN, .revents = 0};
  if (poll(&readable, 1, kLongestSilence) <= 0) return false;
  std::array<char, 4096> bytes{};
  const ssize_t got = read(terminal_, bytes.data(), bytes.size());
  if (got <= 0) return false;
  const std::string_view text(bytes.data(), static_cast<std::size_t>(got));
  output_ += text;
  screen_.write(text);
  return true;
}

}  // namespace earshot::scenario
