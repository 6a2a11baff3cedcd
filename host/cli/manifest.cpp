#include <memory>
#include <string>

#include <earshot/core/base/file.hpp>
#include <earshot/core/json/writer.hpp>
#include <earshot/core/manifest/manifest.hpp>

#include "manifest_page.hpp"
#include "say.hpp"
#include "verb.hpp"

namespace earshot::host {

using core::Result;

namespace {

constexpr std::uint64_t kMaxManifest = 1U << 20;

ExitCode lint(Program& program, const std::string& file) {
  const Result<std::string> text = core::read_file(file, kMaxManifest);
  if (!text) return report(program, text.error());
  const core::ManifestReading reading = core::read_manifest(*text);
  core::JsonWriter out;
  out.begin_array();
  for (const core::SchemaIssue& issue : reading.issues) {
    out.begin_object();
    out.member("path", issue.path);
    out.member("message", issue.message);
    out.end_object();
  }
  out.end_array();
  if (program.options().json) {
    say("{}\n", out.take());
  } else {
    for (const core::SchemaIssue& issue : reading.issues) {
      say("{}: {}{}{}\n", file, issue.path, issue.path.empty() ? "" : ": ", issue.message);
    }
    if (reading.manifest)
      say("{}: {} {} is a good manifest\n", file, reading.manifest->name,
          reading.manifest->version);
  }
  return reading.manifest ? ExitCode::done : ExitCode::usage;
}

ExitCode page(Program& program, const std::string& file) {
  const Result<std::string> text = core::read_file(file, kMaxManifest);
  if (!text) return report(program, text.error());
  const core::ManifestReading reading = core::read_manifest(*text);
  if (reading.manifest) {
    say("{}", manifest_page(*reading.manifest));
    return ExitCode::done;
  }
  return report(program, {.code = core::Code::config,
                          .message = file + " has mistakes; 'earshot manifest lint' shows them"});
}

}  // namespace

void add_manifest(CLI::App& app, Verb& chosen) {
  CLI::App* verb = app.add_subcommand(
      "manifest", "Check a plugin's manifest, show it as a page, or print the schema it follows");
  verb->footer("Example:\n  earshot manifest lint plugins/acme/manifest.json");
  verb->require_subcommand(1);
  auto file = std::make_shared<std::string>();
  CLI::App* check = verb->add_subcommand("lint", "Every mistake with its JSON path");
  check->add_option("file", *file, "manifest.json")->required();
  check->footer("Example:\n  earshot manifest lint plugins/acme/manifest.json");
  check->fallthrough();
  check->callback(
      [file, &chosen] { chosen = [file](Program& program) { return lint(program, *file); }; });
  CLI::App* shown = verb->add_subcommand("page", "What it says, as Markdown for operators");
  shown->add_option("file", *file, "manifest.json")->required();
  shown->footer("Example:\n  earshot manifest page plugins/acme/manifest.json > acme.md");
  shown->fallthrough();
  shown->callback(
      [file, &chosen] { chosen = [file](Program& program) { return page(program, *file); }; });
  CLI::App* schema = verb->add_subcommand("schema", "The JSON Schema of manifests, for editors");
  schema->footer("Example:\n  earshot manifest schema > manifest.schema.json");
  schema->fallthrough();
  schema->callback([&chosen] {
    chosen = [](Program&) {
      say("{}\n", core::manifest_schema());
      return ExitCode::done;
    };
  });
}

}  // namespace earshot::host
