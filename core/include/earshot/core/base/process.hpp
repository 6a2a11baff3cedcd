#pragma once

/// Code that may crash or hang, in a process of its own.

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

#include <earshot/core/base/result.hpp>

namespace earshot::core {

/// How a process is started: a group of its own, no signal blocked or ignored, nothing to read, no
/// descriptor but those named here, and no environment but the plan's own and what loading
/// libraries, temporary files and sanitizers need: nothing that may be a secret.
struct ProcessPlan {
  std::filesystem::path program{};
  std::vector<std::string> arguments{};
  std::vector<std::string> environment{};  ///< "NAME=value", besides.
  int tells_at = 1;                        ///< The descriptor whose bytes are its answer.
  int prints_to = -1;  ///< Where its standard output and error go otherwise; -1: nowhere.
  std::chrono::milliseconds limit{};  ///< After that it is killed; real time, unless debugged.
};

/// What became of it.
struct ProcessEnd {
  bool in_time = true;  ///< Else it was killed with its group.
  int status = 0;       ///< As waitpid(2) gives it.
  std::string told;     ///< The last 4096 bytes.
};

/// Runs it and waits for its end. internal where it cannot be started. [thread-safe]
[[nodiscard]] Result<ProcessEnd> run_process(const ProcessPlan& plan);

/// True while somebody looks at the process with a debugger, who may take all the time there is.
[[nodiscard]] bool is_debugged(pid_t process);

}  // namespace earshot::core
