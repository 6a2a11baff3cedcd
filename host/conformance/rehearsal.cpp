#include "conformance/rehearsal.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <earshot/core/plugin/call.hpp>
#include <earshot/core/store/wait.hpp>

#include "conformance/child.hpp"

namespace earshot::conformance {

using core::Engine;
using core::Result;
using core::RunSummary;

namespace {

constexpr std::chrono::milliseconds kLook{1};
constexpr core::Micros kShortStep = std::chrono::milliseconds(100);
constexpr core::Micros kLongStep = std::chrono::seconds(10);
constexpr int kStillLooks = 20;  ///< So long nothing happened: it is time that is waited for.
constexpr core::Micros kLongestCall = std::chrono::hours(24);

}  // namespace

Result<std::unique_ptr<Rehearsal>> Rehearsal::open(const Subject& subject) {
  EAR_TRY(core::IntegrationSettings settings, subject.settings());
  EAR_TRY(CaseStore* const store, subject.store());
  settings.name = store->new_integration();
  settings.store_raw = true;
  return std::unique_ptr<Rehearsal>(new Rehearsal(subject, *store, std::move(settings)));
}

Rehearsal::Rehearsal(const Subject& subject, CaseStore& store, core::IntegrationSettings settings)
    : subject_(subject),
      store_(store),
      settings_(std::move(settings)),
      clock_(subject.recorded_at()),
      log_(core::LogOptions{.level = core::LogLevel::off}),
      loader_(core::host_table(), core::LoaderOptions{}) {}

Rehearsal::~Rehearsal() = default;

core::EngineOptions Rehearsal::options(PlayedProduct& product) {
  core::EngineOptions options;
  options.clock = &clock_;
  options.log = &log_;
  options.loader = &loader_;
  options.store = &store_.store();
  options.vault = &store_.vault();
  options.loops = 1;
  options.plugin_threads = 1;
  options.call_time = kLongestCall;
  options.seed = subject_.seed();
  options.transport = [&product](core::Loop& loop, const core::HttpClientOptions& /*http*/) {
    return transport_to(loop, product);
  };
  return options;
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
  std::promise<RunSummary> promise;
  auto future = promise.get_future();
  Engine engine(std::move(setup));
  running = &engine;
  engine.sync(settings_, subject_.file(), options,
              [&](RunSummary summary) { promise.set_value(std::move(summary)); });
  let_time_pass(product, future);
  return future.get();
}

/// While requests come, slowly; while nothing happens, faster, since then it is time that is waited
/// for.
void Rehearsal::let_time_pass(const PlayedProduct& product, const std::future<RunSummary>& future) {
  const auto deadline = std::chrono::steady_clock::now() + longest_call();
  std::uint64_t seen = 0;
  int still = 0;
  while (future.wait_for(kLook) != std::future_status::ready) {
    if (std::chrono::steady_clock::now() > deadline) {
      end_case({Outcome::hang, fmt::format("fetch_feedback did not come back within {} s",
                                           longest_call().count())});
    }
    const std::uint64_t now = product.count();
    still = now == seen ? still + 1 : 0;
    seen = now;
    clock_.advance(still < kStillLooks ? kShortStep : kLongStep);
  }
}

RunSummary Rehearsal::sync(PlayedProduct& product, const core::RunOptions& options) {
  return run(product, options, 0);
}

RunSummary Rehearsal::sync_until(PlayedProduct& product, std::uint64_t checkpoint) {
  return run(product, {}, checkpoint);
}

Result<std::vector<core::StoredRecord>> Rehearsal::records() {
  std::vector<core::StoredRecord> found;
  core::RecordQuery query;
  query.integration = settings_.name;
  query.deleted = true;
  EAR_CHECK(store_.reader().records(query, [&](const core::StoredRecord& record) {
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

Result<core::IntegrationId> Rehearsal::integration() {
  return core::wait_for<core::IntegrationId>([&](auto done) {
    store_.store().ensure_integration(settings_.name, settings_.plugin, std::move(done));
  });
}

Result<void> Rehearsal::put_cursor(const std::string& stream, const std::string& cursor) {
  EAR_TRY(const core::IntegrationId id, integration());
  return core::wait_for<void>([&](auto done) {
    store_.store().put_cursor(id, "", {stream, cursor}, std::move(done));
  });
}

Result<std::map<std::string, std::string>> Rehearsal::cursors() {
  EAR_TRY(const core::IntegrationId id, integration());
  return core::wait_for<std::map<std::string, std::string>>(
      [&](auto done) { store_.store().cursors(id, "", std::move(done)); });
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
