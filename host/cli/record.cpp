#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <earshot/core/base/file.hpp>
#include <earshot/core/base/mutex.hpp>
#include <earshot/core/http/client.hpp>
#include <earshot/core/http/recorder.hpp>
#include <earshot/core/json/writer.hpp>

#include "demo_folder.hpp"
#include "folder.hpp"
#include "leak.hpp"
#include "progress_bars.hpp"
#include "repeatable.hpp"
#include "run_view.hpp"
#include "say.hpp"
#include "table.hpp"
#include "verb.hpp"
#include "whole_number.hpp"
#include "workbench.hpp"

namespace earshot::host {

using core::Code;
using core::Error;
using core::Result;

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kShortestSecret = 4;

struct RecordArguments {
  std::string id;
  std::string plugin;
  std::vector<std::string> members;
  std::string base_url;
  fs::path folder;
  std::uint64_t limit = 0;
};

/// What went over the wire, from whatever loop.
class Tape {
 public:
  void keep(core::RecordedExchange exchange) {
    const core::MutexLock lock(mutex_);
    exchanges_.push_back(std::move(exchange));
  }
  [[nodiscard]] std::vector<core::RecordedExchange> take() {
    const core::MutexLock lock(mutex_);
    return std::exchange(exchanges_, {});
  }

 private:
  core::Mutex mutex_;
  std::vector<core::RecordedExchange> exchanges_ EAR_GUARDED_BY(mutex_);
};

/// A cassette that was written.
struct Written {
  std::string name;
  std::size_t exchanges = 0;
};

/// Makes the four cassettes of one account, in a data directory that goes with it.
class Recording {
 public:
  Recording(Program& program, Target target, const RecordArguments& arguments, fs::path directory)
      : program_(program),
        target_(std::move(target)),
        folder_(arguments.folder),
        limit_(arguments.limit),
        directory_(std::move(directory)) {}

  Result<std::vector<Written>> make() {
    EAR_CHECK(authenticate());
    EAR_CHECK(run("first_run.har", "Everything there is."));
    EAR_CHECK(run("second_run.har", "What changed since first_run."));
    EAR_CHECK(refused());
    return std::move(written_);
  }

 private:
  Result<std::unique_ptr<Workbench>> bench() {
    BenchParts parts{.directory = directory_};
    parts.find_accounts = false;
    parts.transport = [this](core::Loop& loop, const core::HttpClientOptions& http) {
      return std::make_unique<core::RecordingTransport>(
          std::make_unique<core::HttpClient>(loop, http), program_.clock(),
          [tape = tape_](core::RecordedExchange one) { tape->keep(std::move(one)); });
    };
    return Workbench::of(program_, std::move(parts));
  }

  Result<void> authenticate() {
    EAR_TRY(const std::unique_ptr<Workbench> at_work, bench());
    EAR_CHECK(at_work->authenticate(target_));
    return write("authenticate.har", "Credentials that are good.");
  }

  Result<void> run(const std::string& name, std::string_view comment) {
    EAR_TRY(const std::unique_ptr<Workbench> at_work, bench());
    ProgressBars bars(program_, {target_.settings.name});
    const core::RunOptions options{.limit = limit_};
    const core::RunSummary done = sync_all(*at_work, {target_}, options, bars).front();
    bars.finish();
    if (done.outcome == core::RunOutcome::completed) return write(name, comment);
    return Error{.code = Code::upstream,
                 .message = fmt::format("{} was not recorded: the run was {}: {}", name,
                                        to_string(done.outcome), done.error)};
  }

  /// With words in the credentials' places that no product knows.
  Result<void> refused() {
    Target wrong = target_;
    for (auto& [name, secret] : wrong.settings.credentials)
      secret = core::Secret("not-the-" + name);
    EAR_TRY(const std::unique_ptr<Workbench> at_work, bench());
    if (at_work->authenticate(wrong)) {
      return Error{.code = Code::bad_data,
                   .message =
                       "auth_fail.har was not recorded: the product took credentials that "
                       "were made up; `authenticate` must ask for what only good ones see"};
    }
    return write("auth_fail.har", "Credentials that are refused.");
  }

  Result<void> write(const std::string& name, std::string_view comment) {
    const std::vector<core::RecordedExchange> exchanges = tape_->take();
    const std::string har =
        program_.log().redactor().redact(core::write_cassette(exchanges, comment));
    if (const std::string leaked = leaked_secret(har, target_.settings.credentials);
        !leaked.empty()) {
      return Error{
          .code = Code::internal,
          .message = fmt::format("{} was not written: '{}' stands in it in a form that was "
                                 "not masked; make that cassette by hand",
                                 name, leaked)};
    }
    EAR_CHECK(core::write_file(folder_ / name, har + "\n", 0644));
    written_.push_back({name, exchanges.size()});
    return {};
  }

  Program& program_;
  Target target_;
  fs::path folder_;
  std::uint64_t limit_;
  fs::path directory_;
  std::shared_ptr<Tape> tape_ = std::make_shared<Tape>();
  std::vector<Written> written_;
};

Result<Target> target_of(Program& program, const RecordArguments& arguments) {
  if (arguments.id.empty() == arguments.plugin.empty())
    return Error{.code = Code::config, .message = "name an integration, or a plugin with --plugin"};
  if (arguments.plugin.empty()) {
    EAR_TRY(std::vector<Target> targets, program.targets({arguments.id}));
    return std::move(targets.front());
  }
  return program.target_of_environment(arguments.plugin, arguments.members, arguments.base_url);
}

/// Every secret must be one that can be told from other text.
Result<void> check_secrets(Program& program, const Target& target) {
  for (const auto& [name, secret] : target.settings.credentials) {
    if (secret.reveal().size() < kShortestSecret) {
      return Error{.code = Code::config,
                   .message = fmt::format("'{}' has fewer than {} characters: it could not be "
                                          "masked; record with another one",
                                          name, kShortestSecret)};
    }
    program.log().redactor().learn(secret);
  }
  return {};
}

Result<void> make_cassette_folder(const fs::path& folder) {
  std::error_code failure;
  for (const char* name :
       {"authenticate.har", "first_run.har", "second_run.har", "auth_fail.har"}) {
    if (!fs::exists(folder / name, failure)) continue;
    return Error{.code = Code::config,
                 .message = fmt::format("{} is there already and is left as it is; remove it or "
                                        "name another folder with --to",
                                        (folder / name).string())};
  }
  return make_folder(folder, "--to");
}

Result<std::vector<Written>> make_cassettes(Program& program, const RecordArguments& arguments) {
  EAR_TRY(Target target, target_of(program, arguments));
  EAR_CHECK(check_secrets(program, target));
  EAR_CHECK(make_cassette_folder(arguments.folder));
  EAR_TRY(const std::unique_ptr<DemoFolder> passing, DemoFolder::passing());
  Recording recording(program, std::move(target), arguments, passing->path() / "data");
  return recording.make();
}

void print(const Program& program, const RecordArguments& arguments,
           const std::vector<Written>& cassettes) {
  if (program.options().json) {
    core::JsonWriter out;
    out.begin_object();
    out.member("folder", arguments.folder.string());
    out.key("cassettes");
    out.begin_array();
    for (const Written& one : cassettes) {
      out.begin_object();
      out.member("name", one.name);
      out.member("exchanges", one.exchanges);
      out.end_object();
    }
    out.end_array();
    out.end_object();
    say("{}\n", out.take());
    return;
  }
  Table table({"cassette", "exchanges"});
  for (const Written& one : cassettes) table.add({one.name, std::to_string(one.exchanges)});
  say("{}Secrets are masked. What customers wrote is not: put invented values in its place "
      "before others see it.\n",
      table.text());
}

ExitCode record(Program& program, const RecordArguments& arguments) {
  const Result<std::vector<Written>> cassettes = make_cassettes(program, arguments);
  if (!cassettes) return report(program, cassettes.error());
  print(program, arguments, *cassettes);
  return ExitCode::done;
}

}  // namespace

void add_record(CLI::App& app, Verb& chosen) {
  auto arguments = std::make_shared<RecordArguments>();
  CLI::App* verb = app.add_subcommand(
      "record", "Make a plugin's cassettes from a real account, with every secret masked");
  verb->add_option("id", arguments->id, "Integration");
  verb->add_option("--plugin", arguments->plugin, "Instead: a plugin");
  repeatable(verb->add_option("--set", arguments->members,
                              "With --plugin: name=value, name=env:VARIABLE or name=file:PATH"));
  verb->add_option("--base-url", arguments->base_url,
                   "With --plugin: another server that speaks the product's API");
  verb->add_option("--to", arguments->folder, "Where the cassettes go")
      ->option_text("FOLDER")
      ->required();
  verb->add_option("--limit", arguments->limit, "At most so many items")
      ->option_text("N")
      ->check(whole_number());
  verb->footer("Example:\n  earshot record acme --to cassettes --limit 20");
  verb->callback([arguments, &chosen] {
    chosen = [arguments](Program& program) { return record(program, *arguments); };
  });
}

}  // namespace earshot::host
