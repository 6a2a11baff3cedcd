#include <memory>
#include <string>

#include <earshot/core/plugin/call.hpp>

#include "verb.hpp"

namespace earshot::host {

/// The hidden verb behind the loader's probe: loads a plugin file in this process, which may crash.
void add_probe(CLI::App& app, Verb& chosen) {
  auto file = std::make_shared<std::string>();
  CLI::App* verb =
      app.add_subcommand("probe-plugin", "Load a plugin file and say why not")->group("");
  verb->add_option("file", *file)->required();
  verb->callback([file, &chosen] {
    chosen = [file](Program&) {
      return static_cast<ExitCode>(core::probe_plugin(*file, core::host_table()));
    };
  });
}

}  // namespace earshot::host
