/// The earshot program: the command line over the core.

#include <cstdio>
#include <exception>

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

}  // namespace
}  // namespace earshot::host

int main(int argc, char** argv) {
  using earshot::host::ExitCode;
  try {
    return static_cast<int>(earshot::host::run(argc, argv));
  } catch (const std::exception& bug) {
    fmt::print(stderr, "earshot: internal error: {}\n", bug.what());
    return static_cast<int>(ExitCode::failed);
  }
}
