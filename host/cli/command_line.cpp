#include "command_line.hpp"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/base/version.hpp>
#include <earshot/core/json/writer.hpp>

#include "repeatable.hpp"
#include "say.hpp"

namespace earshot::host {

namespace {

constexpr std::size_t kHelpColumns = 80;
constexpr std::size_t kNameColumns = 30;

/// Breaks text between words, so that no line is wider than `columns`.
std::string wrap(const std::string& text, std::size_t columns) {
  std::string out;
  std::size_t line = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::size_t length = end - begin;
    if (line != 0) {
      const bool full = line + 1 + length > columns;
      out += full ? '\n' : ' ';
      line = full ? 0 : line + 1;
    }
    out.append(text, begin, length);
    line += length;
    begin = end + 1;
  }
  return out;
}

/// Help that fits a terminal of 80 columns.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(kNameColumns); }
  std::string make_option_desc(const CLI::Option* option) const override {
    return wrap(option->get_description(), kHelpColumns - kNameColumns);
  }
  std::string make_subcommand(const CLI::App* verb) const override {
    std::string lines = wrap(verb->get_description(), kHelpColumns - kNameColumns);
    for (std::size_t at = 0; (at = lines.find('\n', at)) != std::string::npos; ++at)
      lines.insert(at + 1, kNameColumns, ' ');
    return fmt::format("{:<{}}{}\n", "  " + verb->get_name(), kNameColumns, lines);
  }
};

void add_global_options(CLI::App& app, GlobalOptions& options) {
  app.set_version_flag("--version", fmt::format("earshot {}", core::version()),
                       "Print the version");
  app.set_help_flag("-h,--help", "Print help; 'earshot VERB --help' has an example");
  app.add_option("--config", options.config, "Configuration file")
      ->option_text("FILE=" + options.config.string());
  app.add_option("--data-dir", options.data_dir,
                 "Where the store and the vault are, instead of the configuration's")
      ->option_text("FOLDER");
  repeatable(app.add_option(
                 "--plugin-dir", options.plugin_dirs,
                 "Where plugins are looked for, instead of the configuration's; may be repeated"))
      ->option_text("FOLDER");
  app.add_flag("--json", options.json, "Print JSON for programs");
  app.add_flag("-v,--verbose", options.verbose, "Log every exchange, secrets masked");
  app.add_flag("-q,--quiet", options.quiet, "Print errors and what was asked for only");
  app.add_option("--log-file", options.log_file,
                 "Write the log there, rotated, instead of standard error")
      ->option_text("FILE");
}

/// The verb that was typed, with its parents: "earshot state get".
const CLI::App* typed_verb(const CLI::App& app, std::string& words) {
  const CLI::App* verb = &app;
  words = app.get_name();
  while (!verb->get_subcommands().empty()) {
    verb = verb->get_subcommands().front();
    words += " " + verb->get_name();
  }
  return verb;
}

std::vector<std::string> names_of(const CLI::App& verb) {
  std::vector<std::string> names;
  for (const CLI::App* sub : verb.get_subcommands([](const CLI::App*) { return true; })) {
    if (!sub->get_group().empty()) names.push_back(sub->get_name());
  }
  return names;
}

/// CLI11 tells of a missing verb also where an unknown one was typed.
std::string what_is_wrong(const CLI::App& app, const CLI::App& verb, const CLI::ParseError& error) {
  const std::vector<std::string> names = names_of(verb);
  if (names.empty() || error.get_exit_code() != static_cast<int>(CLI::ExitCodes::RequiredError))
    return error.what();
  const std::vector<std::string> rest = app.remaining(true);
  if (rest.empty()) return fmt::format("a verb is missing: {}", fmt::join(names, ", "));
  const auto near = core::closest(rest.front(), names);
  return fmt::format("there is no verb '{}'; {}", rest.front(),
                     near ? "did you mean '" + *near + "'?"
                          : fmt::format("there are: {}", fmt::join(names, ", ")));
}

void print_version() {
  core::JsonWriter out;
  out.begin_object();
  out.member("version", core::version());
  out.end_object();
  say("{}\n", out.take());
}

}  // namespace

void build_command_line(CLI::App& app, GlobalOptions& options, Verb& chosen) {
  app.description(
      "Earshot brings what customers say within earshot of the people who build the product.\n");
  app.name("earshot");
  app.formatter(std::make_shared<HelpFormatter>());
  app.option_defaults()->group("Options, before or after the verb");
  add_global_options(app, options);
  app.option_defaults()->group("Options");
  app.footer("Example:\n  earshot demo --once\n  earshot sync --help");
  app.fallthrough();
  app.require_subcommand(1);
  for (const auto add :
       {add_init,     add_config,  add_integrations, add_status,      add_sync,    add_test,
        add_plugins,  add_records, add_export,       add_renormalize, add_runs,    add_state,
        add_webhooks, add_backup,  add_manifest,     add_map,         add_conform, add_new,
        add_record,   add_sandbox, add_demo,         add_probe}) {
    add(app, chosen);
  }
}

ExitCode answer(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {
    if (error.get_name() == "CallForVersion" && app.get_option("--json")->count() > 0) {
      print_version();
    } else {
      app.exit(error);
    }
    return ExitCode::done;
  }
  std::string words;
  const CLI::App* verb = typed_verb(app, words);
  say(stderr, "earshot: {}\n'{} --help' shows how it is used\n", what_is_wrong(app, *verb, error),
      words);
  return ExitCode::usage;
}

}  // namespace earshot::host
