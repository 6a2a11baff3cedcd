#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <earshot/core/http/client.hpp>
#include <earshot/core/json/writer.hpp>

#include "repeatable.hpp"
#include "replay.hpp"
#include "say.hpp"
#include "table.hpp"
#include "verb.hpp"
#include "workbench.hpp"

namespace earshot::host {

using core::AccountReport;
using core::Error;
using core::ProbeStage;
using core::Result;

namespace {

struct TestArguments {
  std::string id;
  std::string plugin;
  std::vector<std::string> members;
  std::string base_url;
  std::string replay;
};

/// What was tested, stage by stage, and how the last one ended.
struct Tested {
  std::string name;
  std::vector<ProbeStage> stages;
  Error error{.code = core::Code::ok, .message = {}};
};

Result<Target> target_of(Program& program, const TestArguments& arguments) {
  if (arguments.plugin.empty()) {
    EAR_TRY(std::vector<Target> targets, program.targets({arguments.id}));
    return std::move(targets.front());
  }
  return program.target_of_environment(arguments.plugin, arguments.members, arguments.base_url);
}

core::HttpClientOptions http_options(const core::HttpSettings& settings) {
  core::HttpClientOptions options;
  core::proxies_from_environment(options);
  options.ca_file = settings.ca_file;
  if (!settings.proxy.empty()) options.http_proxy = options.https_proxy = settings.proxy;
  return options;
}

ProbeStage check_credentials(Workbench& bench, const Target& target, Error& error) {
  const auto started = std::chrono::steady_clock::now();
  const Result<AccountReport> account = bench.authenticate(target);
  ProbeStage stage{.name = "credentials", .ok = account.has_value(), .detail = {}};
  stage.took = std::chrono::duration_cast<core::Micros>(std::chrono::steady_clock::now() - started);
  if (account) {
    stage.detail = fmt::format("they open account '{}' ({})", account->name, account->id);
  } else {
    error = account.error();
    stage.detail = fmt::format("{}: {}", to_string(error.code), error.message);
  }
  return stage;
}

/// The credentials stage alone, on what was recorded.
Result<Tested> test_recording(Program& program, const Target& target, const std::string& path) {
  EAR_TRY(const Recording recording, recorded_authentication(path));
  auto time = std::make_shared<core::VirtualClock>(program.clock().now());
  EAR_TRY(const std::unique_ptr<Workbench> bench,
          Workbench::of(program, replaying(recording, std::move(time))));
  Tested tested{.name = target.settings.name, .stages = {}};
  tested.stages.push_back(check_credentials(*bench, target, tested.error));
  return tested;
}

Result<Tested> test_target(Program& program, const TestArguments& arguments) {
  EAR_TRY(const Target target, target_of(program, arguments));
  if (!arguments.replay.empty()) return test_recording(program, target, arguments.replay);
  EAR_TRY(const core::Url url, core::api_url(target.settings, target.plugin.manifest));
  Tested tested{.name = target.settings.name,
                .stages = core::probe_connection(url, http_options(target.settings.http))};
  for (const ProbeStage& stage : tested.stages) {
    if (stage.ok) continue;
    tested.error = {.code = core::Code::network, .message = stage.name + ": " + stage.detail};
    return tested;
  }
  std::unique_ptr<Workbench> bench;
  if (arguments.plugin.empty()) {
    EAR_TRY(bench, Workbench::open(program));
  } else {
    EAR_TRY(bench, Workbench::of(program, {}));
  }
  tested.stages.push_back(check_credentials(*bench, target, tested.error));
  return tested;
}

void print(const Program& program, const Tested& tested) {
  if (program.options().json) {
    core::JsonWriter out;
    out.begin_object();
    out.member("integration", tested.name);
    out.member("ok", tested.error.code == core::Code::ok);
    out.key("stages");
    out.begin_array();
    for (const ProbeStage& stage : tested.stages) {
      out.begin_object();
      out.member("stage", stage.name);
      out.member("ok", stage.ok);
      out.member("detail", stage.detail);
      out.member("seconds", static_cast<double>(stage.took.count()) / 1e6);
      out.end_object();
    }
    out.end_array();
    out.end_object();
    say("{}\n", out.take());
    return;
  }
  Table table({"stage", "", "ms", "detail"});
  for (const ProbeStage& stage : tested.stages) {
    table.add({stage.name, stage.ok ? "ok" : "FAILED", std::to_string(stage.took.count() / 1000),
               stage.detail});
  }
  say("{}", table.text());
}

ExitCode test(Program& program, const TestArguments& arguments) {
  if (arguments.id.empty() == arguments.plugin.empty()) {
    return report(
        program,
        {.code = core::Code::config,
         .message = "name an integration, or a plugin with --plugin and its settings with --set"});
  }
  const bool unsaved = !arguments.members.empty() || !arguments.base_url.empty();
  if (unsaved && arguments.plugin.empty()) {
    return report(program, {.code = core::Code::config,
                            .message = "--set and --base-url go with --plugin; '" + arguments.id +
                                       "' is tested as the configuration has it"});
  }
  const Result<Tested> tested = test_target(program, arguments);
  if (!tested) return report(program, tested.error());
  print(program, *tested);
  return exit_code(tested->error);
}

}  // namespace

void add_test(CLI::App& app, Verb& chosen) {
  auto arguments = std::make_shared<TestArguments>();
  CLI::App* verb = app.add_subcommand("test", "Check connection and credentials, stage by stage");
  verb->add_option("id", arguments->id, "Integration");
  verb->add_option("--plugin", arguments->plugin,
                   "Instead: a plugin, with credentials that are not saved");
  repeatable(verb->add_option("--set", arguments->members,
                              "With --plugin: name=value, name=env:VARIABLE or name=file:PATH; "
                              "the rest comes from the environment"));
  verb->add_option("--base-url", arguments->base_url,
                   "With --plugin: another server that speaks the product's API");
  verb->add_option(
          "--replay", arguments->replay,
          "Instead of the product: a folder of cassettes (authenticate.har) or one of them")
      ->option_text("PATH");
  verb->footer(
      "Example:\n  earshot test acme\n  earshot test --plugin zendesk --set subdomain=acme --set "
      "email=me@acme.example --set api_token=env:TOKEN");
  verb->callback([arguments, &chosen] {
    chosen = [arguments](Program& program) { return test(program, *arguments); };
  });
}

}  // namespace earshot::host
