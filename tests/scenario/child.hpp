#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace earshot::scenario {

/// How a child process ended, and what it had to say.
struct Finished {
  int exit_code = -1;  ///< -1 if a signal ended it.
  int signal = 0;
  std::string out;
  std::string err;
};

/// A child process. It is killed if it outlives this, or its time. [one thread at a time]
class Child {
 public:
  /// Starts `words`, the first of them the program; its output goes to files in `folder`.
  Child(const std::filesystem::path& folder, std::vector<std::string> words);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  /// True if it ends within that time.
  [[nodiscard]] bool ends_within(std::chrono::milliseconds time) const;
  void send(int signal) const;
  /// Waits for its end; kills it after two minutes.
  Finished wait();

 private:
  std::filesystem::path out_;
  std::filesystem::path err_;
  pid_t pid_ = 0;
  int descriptor_ = -1;  ///< Readable once it has ended.
};

}  // namespace earshot::scenario
