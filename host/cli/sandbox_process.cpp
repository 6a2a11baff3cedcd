#include "sandbox_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.hpp"

namespace earshot::host {

using core::Code;
using core::Error;
using core::Result;

namespace {

constexpr int kReadyMillis = 60'000;
constexpr std::size_t kMaxLine = 1U << 20;

/// Reads up to the first line break; empty if the other side closed or took too long.
std::string read_line(int descriptor) {
  std::string line;
  pollfd readable{.fd = descriptor, .events = POLLIN, .revents = 0};
  while (line.size() < kMaxLine && poll(&readable, 1, kReadyMillis) == 1) {
    char byte = 0;
    if (read(descriptor, &byte, 1) != 1) return {};
    if (byte == '\n') return line;
    line += byte;
  }
  return {};
}

Result<pid_t> spawn(const std::vector<std::string>& arguments, int output) {
  std::string program = sandbox_program();
  std::vector<std::string> words{program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, program.c_str(), &actions, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error == 0) return pid;
  return Error{.code = Code::not_found,
               .message = fmt::format("cannot start {}: {}", program, std::strerror(error))};
}

void end(pid_t pid) {
  kill(pid, SIGTERM);
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

std::string sandbox_program() {
  return (Program::executable().parent_path() / "earshot-sandbox").string();
}

Result<std::unique_ptr<SandboxProcess>> SandboxProcess::start(
    const std::vector<std::string>& arguments) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return Error{.code = Code::internal,
                 .message = fmt::format("cannot make a pipe: {}", std::strerror(errno))};
  }
  const Result<pid_t> pid = spawn(arguments, ends[1]);
  close(ends[1]);
  const std::string line = pid ? read_line(ends[0]) : std::string();
  close(ends[0]);
  if (!pid) return pid.error();
  Result<std::unique_ptr<core::JsonDocument>> ready = core::JsonDocument::parse(line);
  if (ready && (*ready)->root().member("ready").truthy()) {
    return std::unique_ptr<SandboxProcess>(new SandboxProcess(*pid, *std::move(ready)));
  }
  end(*pid);
  return Error{.code = Code::internal,
               .message = "earshot-sandbox did not come up; start it by hand to see why: " +
                          sandbox_program()};
}

SandboxProcess::~SandboxProcess() {
  if (pid_ != 0) end(pid_);
}

void SandboxProcess::wait() {
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
}

}  // namespace earshot::host
