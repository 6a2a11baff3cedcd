/// The earshot program: the command line over the core.

#include <cerrno>
#include <cstdio>
#include <exception>
#include <system_error>

#include <fmt/format.h>

#include "cli/command_line.hpp"

namespace earshot::host {
namespace {

ExitCode run(int argc, char** argv) {
  CLI::App app;
  GlobalOptions options;
  Verb chosen;
  build_command_line(app, options, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return answer(app, error);
  }
  Program program(std::move(options));
  return chosen(program);
}

ExitCode output_lost(int error) {
  fmt::print(stderr, "earshot: cannot write standard output: {}\n",
             std::generic_category().message(error));
  return ExitCode::failed;
}

/// Output that nobody got is a failure, however well the rest went.
ExitCode with_output(ExitCode code) {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  return worse(code, output_lost(errno == 0 ? EIO : errno));
}

}  // namespace
}  // namespace earshot::host

int main(int argc, char** argv) {
  using earshot::host::ExitCode;
  try {
    return static_cast<int>(earshot::host::with_output(earshot::host::run(argc, argv)));
  } catch (const std::system_error& error) {
    if (std::ferror(stdout) != 0)
      return static_cast<int>(earshot::host::output_lost(error.code().value()));
    fmt::print(stderr, "earshot: internal error: {}\n", error.what());
    return static_cast<int>(ExitCode::failed);
  } catch (const std::exception& bug) {
    fmt::print(stderr, "earshot: internal error: {}\n", bug.what());
    return static_cast<int>(ExitCode::failed);
  }
}
