#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include <earshot/core/base/file.hpp>
#include <earshot/core/http/client.hpp>

#include "config_file.hpp"
#include "demo_folder.hpp"
#include "interrupt.hpp"
#include "progress_bars.hpp"
#include "record_format.hpp"
#include "run_view.hpp"
#include "sandbox_process.hpp"
#include "say.hpp"
#include "table.hpp"
#include "verb.hpp"
#include "whole_number.hpp"
#include "workbench.hpp"

namespace earshot::host {

using core::Error;
using core::Result;

namespace {

struct DemoArguments {
  bool once = false;
  std::uint64_t items = 500;
  std::uint64_t seed = 1;
  std::filesystem::path directory = "earshot-demo";
};

constexpr std::uint64_t kRecordsShown = 8;
constexpr std::int64_t kMostItems = 5'000'000;  ///< That the sandbox makes.

/// Writes a configuration for every simulated product that a plugin is there for.
Result<void> write_config(Program& program, core::JsonValue products,
                          const std::filesystem::path& folder) {
  std::vector<ConfigEntry> entries;
  std::vector<std::filesystem::path> directories;
  EAR_CHECK(core::make_private_directory(folder / "credentials"));
  for (const core::JsonValue product : products) {
    const std::string name(product.key());
    const Result<const core::PluginFile*> plugin = program.plugin(name);
    if (!plugin) continue;
    directories = {(*plugin)->path.parent_path()};
    ConfigEntry entry{.name = name + "-demo",
                      .plugin = name,
                      .base_url = std::string(product.member("base_url").text())};
    for (const core::JsonValue member : product.member("config"))
      entry.config.emplace(member.key(), member.text());
    for (const core::JsonValue secret : product.member("credentials")) {
      const std::string file = "credentials/" + name + "." + std::string(secret.key());
      EAR_CHECK(core::write_file(folder / file, secret.text(), 0600));
      entry.credentials.emplace(secret.key(), "file:" + file);
    }
    entries.push_back(std::move(entry));
  }
  if (entries.empty())
    return Error{
        .code = core::Code::config,
        .message = "no plugin is there for any simulated product; build them or name --plugin-dir"};
  return core::write_file(folder / "earshot.yaml", config_text(directories, "data", entries), 0644);
}

Result<void> post(const std::string& address, std::string body) {
  const std::optional<core::Url> url = core::parse_url(address);
  if (!url)
    return Error{.code = core::Code::internal, .message = "the sandbox gave no control address"};
  core::SystemClock clock;
  core::Loop loop(clock, "demo");
  std::promise<core::TransportResult> promise;
  std::unique_ptr<core::HttpClient> client;
  std::unique_ptr<core::Transport::Exchange> exchange;
  loop.post([&] {
    client = std::make_unique<core::HttpClient>(loop, core::HttpClientOptions{});
    core::HttpRequest request{.method = "POST",
                              .origin = url->origin,
                              .target = url->target,
                              .headers = {},
                              .body = std::move(body)};
    exchange = client->send(std::move(request), [&promise](core::TransportResult result) {
      promise.set_value(std::move(result));
    });
  });
  const core::TransportResult result = promise.get_future().get();
  std::promise<void> gone;
  loop.post([&] {
    exchange.reset();
    client.reset();
    gone.set_value();
  });
  gone.get_future().wait();
  if (result.response && result.response->status / 100 == 2) return {};
  return Error{.code = core::Code::internal, .message = "the sandbox refused to change its items"};
}

Result<std::vector<core::RunSummary>> sync_demo(Program& demo) {
  EAR_TRY(const std::vector<Target> targets, demo.targets({}));
  ProgressBars bars(demo, names_of(targets));
  EAR_TRY(std::unique_ptr<Workbench> bench,
          Workbench::open(demo, [&bars](const core::RunProgress& now) { bars.update(now); }));
  std::vector<core::RunSummary> runs = sync_all(*bench, targets, {}, bars);
  bars.finish();
  print_runs(demo, runs, {});
  for (const core::RunSummary& run : runs) {
    if (run.outcome != core::RunOutcome::completed)
      return Error{.code = core::Code::internal, .message = "the demo's sync did not complete"};
  }
  return runs;
}

/// What explains the demo; not among the JSON for programs.
void tell(const Program& demo, const char* text) {
  say(demo.options().json ? stderr : stdout, "{}", text);
}

void print_record(const core::StoredRecord& stored) {
  core::JsonWriter out;
  write_record(out, stored);
  say("{}\n", out.take());
}

Result<void> show_records(Program& demo) {
  EAR_TRY(std::unique_ptr<core::StoreReader> reader, demo.reader());
  Table table({"id", "status", "severity", "category", "customer", "title"});
  const bool json = demo.options().json;
  EAR_CHECK(reader->records({.limit = kRecordsShown}, [&](const core::StoredRecord& stored) {
    const core::Record& record = stored.record;
    if (json) print_record(stored);
    table.add({record.source_id, std::string(to_string(record.status)),
               record.severity ? std::string(to_string(*record.severity)) : "",
               std::string(to_string(record.category)), fit(record.customer_name.value_or(""), 20),
               fit(record.title.empty() ? record.content : record.title, 100)});
    return true;
  }));
  if (!json) say("\nSome of the records:\n{}", table.text(output_columns()));
  return {};
}

void leave_running(const Program& demo, SandboxProcess& sandbox,
                   const std::filesystem::path& folder) {
  std::FILE* out = demo.options().json ? stderr : stdout;
  say(out, "\nThe sandbox runs until Ctrl-C. In another terminal:\n  cd {}\n", folder.string());
  for (const char* line : {"records --search export", "export --format csv --limit 5", "sync",
                           "status", "test zendesk-demo"}) {
    say(out, "  {} {}\n", Program::executable().string(), line);
  }
  std::fflush(stdout);
  sandbox.wait();
}

Result<void> run_demo(Program& program, const DemoArguments& arguments) {
  EAR_TRY(const std::unique_ptr<DemoFolder> folder,
          arguments.once ? DemoFolder::passing() : DemoFolder::lasting(arguments.directory));
  EAR_TRY(const std::unique_ptr<SandboxProcess> sandbox,
          SandboxProcess::start({"--items", std::to_string(arguments.items), "--seed",
                                 std::to_string(arguments.seed), "--port", "0", "--with-parent"}));
  const core::JsonValue products = sandbox->ready().member("products");
  EAR_CHECK(write_config(program, products, folder->path()));
  GlobalOptions options = program.options();
  options.config = folder->path() / "earshot.yaml";
  options.data_dir.clear();
  Program demo(options);

  tell(demo, "First sync: everything.\n");
  EAR_TRY(const auto first, sync_demo(demo));
  EAR_CHECK(show_records(demo));
  tell(demo,
       "\nNow some items change at the product: 5 updated, 2 deleted, 3 new.\nSecond sync: only "
       "what changed.\n");
  for (const core::JsonValue product : products) {
    EAR_CHECK(post(std::string(product.member("control_url").text()) + "change",
                   R"({"update":5,"delete":2,"add":3})"));
  }
  EAR_TRY(const auto second, sync_demo(demo));
  if (!arguments.once) leave_running(demo, *sandbox, folder->path());
  return {};
}

}  // namespace

void add_demo(CLI::App& app, Verb& chosen) {
  auto arguments = std::make_shared<DemoArguments>();
  CLI::App* verb =
      app.add_subcommand("demo", "Simulated products, fetched by every plugin; no account needed");
  verb->add_flag("--once", arguments->once, "Show both syncs and end, leaving nothing behind");
  verb->add_option("--items", arguments->items, "Items in each product")
      ->check(whole_number(1, kMostItems))
      ->capture_default_str();
  verb->add_option("--seed", arguments->seed, "Same seed, same items")
      ->check(whole_number())
      ->capture_default_str();
  verb->add_option("--directory", arguments->directory,
                   "Where configuration and data go: a new folder, or an earlier demo's, which is "
                   "cleared")
      ->capture_default_str();
  verb->footer("Example:\n  earshot demo --once --items 2000");
  verb->callback([arguments, &chosen] {
    chosen = [arguments](Program& program) {
      const Result<void> done = run_demo(program, *arguments);
      return done ? ExitCode::done : report(program, done.error());
    };
  });
}

}  // namespace earshot::host
