#include <cerrno>
#include <cstring>
#include <memory>
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
  auto help = std::make_shared<bool>(false);
  CLI::App* verb = app.add_subcommand(
      "sandbox", "Serve simulated products; 'earshot sandbox --help' lists more");
  verb->prefix_command();
  verb->fallthrough(false);
  verb->set_help_flag();
  verb->add_flag("-h,--help", *help, "What earshot-sandbox itself says of its options");
  verb->footer("Example:\n  earshot sandbox --items 1000 --seed 7 --port 8080");
  verb->callback([verb, help, &chosen] {
    std::vector<std::string> arguments = verb->remaining();
    if (*help) arguments = {"--help"};
    std::erase(arguments, "--json");  // what it prints is JSON in any case
    chosen = [arguments](Program& program) { return become_sandbox(program, arguments); };
  });
}

}  // namespace earshot::host
