#include "child.hpp"

#include <cerrno>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace earshot::scenario {

namespace {

constexpr std::chrono::minutes kLongest{2};

std::string content_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace

Child::Child(const std::filesystem::path& folder, std::vector<std::string> words) {
  static int number = 0;
  const std::string name = "child" + std::to_string(++number);
  out_ = folder / (name + ".out");
  err_ = folder / (name + ".err");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  constexpr int kNew = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out_.c_str(), kNew, 0600);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, err_.c_str(), kNew, 0600);
  const int error = posix_spawn(&pid_, argv[0], &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) {
    pid_ = 0;
    ADD_FAILURE() << "cannot start " << words.front() << ": error " << error;
    return;
  }
  descriptor_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  EXPECT_GE(descriptor_, 0) << "pidfd_open: error " << errno;
}

Child::~Child() {
  if (pid_ != 0) {
    send(SIGKILL);
    wait();
  }
  if (descriptor_ >= 0) close(descriptor_);
}

bool Child::ends_within(std::chrono::milliseconds time) const {
  pollfd ended{.fd = descriptor_, .events = POLLIN, .revents = 0};
  int got = 0;
  while ((got = poll(&ended, 1, static_cast<int>(time.count()))) < 0 && errno == EINTR) {
  }
  return got == 1;
}

void Child::send(int signal) const {
  if (pid_ != 0) kill(pid_, signal);
}

Finished Child::wait() {
  Finished finished;
  if (pid_ == 0) return finished;
  if (!ends_within(kLongest)) {
    ADD_FAILURE() << "a child did not end in time and is killed";
    send(SIGKILL);
  }
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  if (WIFEXITED(status)) finished.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) finished.signal = WTERMSIG(status);
  finished.out = content_of(out_);
  finished.err = content_of(err_);
  return finished;
}

}  // namespace earshot::scenario
