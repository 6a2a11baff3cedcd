#include <memory>
#include <string>

#include <earshot/core/json/writer.hpp>

#include "say.hpp"
#include "verb.hpp"

namespace earshot::host {

namespace {

ExitCode backup(Program& program, const std::string& file) {
  core::Result<std::unique_ptr<core::StoreReader>> reader = program.reader();
  if (!reader) return report(program, reader.error());
  if (core::Result<void> copied = (*reader)->backup(file); !copied)
    return report(program, copied.error());
  if (program.options().json) {
    core::JsonWriter out;
    out.begin_object();
    out.member("file", file);
    out.end_object();
    say("{}\n", out.take());
  } else if (!program.options().quiet) {
    say("{} is a consistent copy of the store. The vault's key is not in it: keep it elsewhere;\n"
        "without it sealed secrets do not open.\n",
        file);
  }
  return ExitCode::done;
}

}  // namespace

void add_backup(CLI::App& app, Verb& chosen) {
  auto file = std::make_shared<std::string>();
  CLI::App* verb =
      app.add_subcommand("backup", "Copy the store into one file, also while a host runs");
  verb->add_option("file", *file, "The new file")->required();
  verb->footer("Example:\n  earshot backup /var/backups/earshot-$(date +%F).db");
  verb->callback(
      [file, &chosen] { chosen = [file](Program& program) { return backup(program, *file); }; });
}

}  // namespace earshot::host
