#include "conformance/rehearsal.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <earshot/core/plugin/call.hpp>
#include <earshot/core/store/sqlite.hpp>
#include <earshot/core/store/wait.hpp>

#include "conformance/child.hpp"

namespace earshot::conformance {

namespace fs = std::filesystem;
using core::Engine;
using core::Result;
using core::RunSummary;

namespace {

constexpr std::chrono::milliseconds kLook{1};
constexpr core::Micros kShortStep = std::chrono::milliseconds(100);
constexpr core::Micros kLongStep = std::chrono::seconds(10);
constexpr int kStillLooks = 20;  ///< So long nothing happened: it is time that is waited for.
constexpr core::Micros kLongestCall = std::chrono::hours(24);

fs::path new_folder(const fs::path& scratch) {
  for (int number = 1;; ++number) {
    fs::path folder = scratch / fmt::format("rehearsal-{}", number);
    if (fs::create_directory(folder)) return folder;
  }
}

}  // namespace

Result<std::unique_ptr<Rehearsal>> Rehearsal::open(const Subject& subject) {
  EAR_TRY(core::IntegrationSettings settings, subject.settings());
  std::unique_ptr<Rehearsal> made(new Rehearsal(subject, std::move(settings)));
  EAR_TRY(made->store_,
          core::open_sqlite_store(made->folder_, made->clock_, core::Durability::process));
  EAR_TRY(core::Vault vault, core::Vault::open(made->folder_, core::Secret(std::string(64, '5'))));
  made->vault_ = std::make_unique<core::Vault>(std::move(vault));
  return made;
}

Rehearsal::Rehearsal(const Subject& subject, core::IntegrationSettings settings)
    : subject_(subject),
      settings_(std::move(settings)),
      folder_(new_folder(subject.scratch())),
      clock_(subject.recorded_at()),
      log_(core::LogOptions{.level = core::LogLevel::off}),
      loader_(core::host_table(), core::LoaderOptions{}) {
  settings_.store_raw = true;
}

Rehearsal::~Rehearsal() = default;

core::EngineOptions Rehearsal::options(PlayedProduct& product) {
  core::EngineOptions options;
  options.clock = &clock_;
  options.log = &log_;
  options.loader = &loader_;
  options.store = store_.get();
  options.vault = vault_.get();
  options.loops = 1;
  options.plugin_threads = 1;
  options.call_time = kLongestCall;
  options.seed = subject_.seed();
  options.transport = [&product](core::Loop& loop, const core::HttpClientOptions& /*http*/) {
    return transport_to(loop, product);
  };
  return options;
}

/// Runs one operation to its end. While requests come, time passes slowly; while nothing happens,
/// faster, since then it is time that is waited for.
template <typename T, typename Start>
T Rehearsal::play(core::EngineOptions options, const PlayedProduct& product, const char* operation,
                  Start&& start) {
  const auto deadline = std::chrono::steady_clock::now() + longest_call();
  std::promise<T> promise;
  auto future = promise.get_future();
  Engine engine(std::move(options));
  start(engine, core::Callback<void(T)>([&](T result) { promise.set_value(std::move(result)); }));
  std::uint64_t seen = 0;
  int still = 0;
  while (future.wait_for(kLook) != std::future_status::ready) {
    if (std::chrono::steady_clock::now() > deadline) {
      end_case({Outcome::hang, fmt::format("{} did not come back within {} s", operation,
                                           longest_call().count())});
    }
    const std::uint64_t now = product.count();
    still = now == seen ? still + 1 : 0;
    seen = now;
    clock_.advance(still < kStillLooks ? kShortStep : kLongStep);
  }
  return future.get();
}

RunSummary Rehearsal::run(PlayedProduct& product, const core::RunOptions& options,
                          std::uint64_t last_checkpoint) {
  checkpoints_ = 0;
  core::EngineOptions setup = this->options(product);
  Engine* running = nullptr;
  setup.trace = [this, &running, last_checkpoint](const core::TraceEvent& event) {
    if (event.kind != core::TraceEvent::Kind::checkpoint_accepted) return;
    checkpoints_ = event.number;
    if (event.number == last_checkpoint) running->stop();
  };
  return play<RunSummary>(std::move(setup), product, "fetch_feedback",
                          [&](Engine& engine, auto done) {
                            running = &engine;
                            engine.sync(settings_, subject_.file(), options, std::move(done));
                          });
}

RunSummary Rehearsal::sync(PlayedProduct& product, const core::RunOptions& options) {
  return run(product, options, 0);
}

RunSummary Rehearsal::sync_until(PlayedProduct& product, std::uint64_t checkpoint) {
  return run(product, {}, checkpoint);
}

Result<core::AccountReport> Rehearsal::authenticate(PlayedProduct& product) {
  return play<Result<core::AccountReport>>(
      options(product), product, "authenticate", [&](Engine& engine, auto done) {
        engine.authenticate(settings_, subject_.file(), std::move(done));
      });
}

Result<std::vector<core::StoredRecord>> Rehearsal::records() {
  EAR_TRY(const auto reader, core::open_sqlite_reader(folder_));
  std::vector<core::StoredRecord> found;
  core::RecordQuery query;
  query.deleted = true;
  EAR_CHECK(reader->records(query, [&](const core::StoredRecord& record) {
    found.push_back(record);
    return true;
  }));
  return found;
}

Result<std::map<std::string, std::string>> Rehearsal::contents() {
  EAR_TRY(const auto stored, records());
  return contents_of(stored);
}

std::map<std::string, std::string> contents_of(const std::vector<core::StoredRecord>& records) {
  std::map<std::string, std::string> contents;
  for (const core::StoredRecord& one : records) {
    const core::Record& record = one.record;
    contents.emplace(fmt::format("{} {}", to_string(record.kind), record.source_id),
                     fmt::format("{} {} {} {}", record.title, record.content,
                                 to_string(record.status), core::rfc3339(record.updated_at)));
  }
  return contents;
}

Result<void> Rehearsal::put_cursor(const std::string& stream, const std::string& cursor) {
  EAR_TRY(const auto id, core::wait_for<core::IntegrationId>([&](auto done) {
            store_->ensure_integration(settings_.name, settings_.plugin, std::move(done));
          }));
  return core::wait_for<void>([&](auto done) {
    store_->put_cursor(id, "", {stream, cursor}, std::move(done));
  });
}

Result<std::map<std::string, std::string>> Rehearsal::cursors() {
  EAR_TRY(const auto id, core::wait_for<core::IntegrationId>([&](auto done) {
            store_->ensure_integration(settings_.name, settings_.plugin, std::move(done));
          }));
  return core::wait_for<std::map<std::string, std::string>>(
      [&](auto done) { store_->cursors(id, "", std::move(done)); });
}

std::string difference(const std::map<std::string, std::string>& expected,
                       const std::map<std::string, std::string>& found) {
  std::vector<std::string> missing;
  std::vector<std::string> changed;
  std::vector<std::string> surplus;
  for (const auto& [name, content] : expected) {
    const auto there = found.find(name);
    if (there == found.end()) {
      missing.push_back(name);
    } else if (there->second != content) {
      changed.push_back(name);
    }
  }
  for (const auto& [name, content] : found) {
    if (!expected.contains(name)) surplus.push_back(name);
  }
  std::string text;
  const auto add = [&text](const char* what, const std::vector<std::string>& names) {
    if (!names.empty())
      text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", what, fmt::join(names, ", "));
  };
  add("missing", missing);
  add("different", changed);
  add("too many", surplus);
  return text;
}

}  // namespace earshot::conformance
