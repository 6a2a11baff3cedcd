#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "sandbox_process.hpp"
#include "verb.hpp"

namespace earshot::host {

namespace {

ExitCode become_sandbox(Program& program, std::vector<std::string> arguments) {
  std::string file = sandbox_program();
  std::vector<char*> argv{file.data()};
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  execv(file.c_str(), argv.data());
  return report(program, {.code = core::Code::not_found,
                          .message = fmt::format("cannot start {}: {}; it is built with the tests",
                                                 file, std::strerror(errno))});
}

}  // namespace

void add_sandbox(CLI::App& app, Verb& chosen) {
  CLI::App* verb = app.add_subcommand(
      "sandbox", "Serve simulated products: --items N --seed S --port P [--tls] [--limits off]");
  verb->prefix_command();
  verb->set_help_flag();
  verb->callback([verb, &chosen] {
    chosen = [arguments = verb->remaining()](Program& program) {
      return become_sandbox(program, arguments);
    };
  });
}

}  // namespace earshot::host
