#pragma once

#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include <earshot/core/base/file.hpp>
#include <earshot/core/plugin/call.hpp>
#include <earshot/core/store/sqlite.hpp>
#include <earshot/core/store/wait.hpp>
#include <earshot/core/sync/engine.hpp>

#include "core/store/temp_dir.hpp"
#include "fake_product.hpp"
#include "watched_store.hpp"

namespace earshot::core {

inline constexpr const char* kToken = "canary-token-31415926";

/// The plugin "paged" in a real engine over a real store, with a product in memory.
class EngineTest : public testing::Test {
 protected:
  void SetUp() override {
    auto store = open_sqlite_store(dir_.path(), clock_);
    ASSERT_TRUE(store.has_value()) << store.error().message;
    sqlite_ = *std::move(store);
    store_ = std::make_unique<WatchedStore>(*sqlite_);
    auto vault = Vault::open(dir_.path(), Secret(std::string(64, '5')));
    ASSERT_TRUE(vault.has_value()) << vault.error().message;
    vault_ = std::make_unique<Vault>(*std::move(vault));
    auto plugin = inspect_plugin(PAGED_PLUGIN);
    ASSERT_TRUE(plugin.has_value()) << plugin.error().message;
    plugin_ = std::make_unique<PluginFile>(*std::move(plugin));
  }
  void TearDown() override { engine_.reset(); }

  Engine& engine(FakeProduct& product) {
    EngineOptions options;
    options.clock = engine_clock_;
    options.log = log_.get();
    options.loader = loader_.get();
    options.store = store_.get();
    options.vault = vault_.get();
    options.find_accounts = find_accounts_;
    options.plugin_threads = plugin_threads_;
    options.trace = [this](const TraceEvent& event) { traced(event); };
    options.progress = on_progress;
    options.transport = [&product](Loop& loop, const HttpClientOptions& /*http*/) {
      return product.connect(loop);
    };
    engine_ = std::make_unique<Engine>(std::move(options));
    return *engine_;
  }

  IntegrationSettings settings(const std::string& behaviour = "plain",
                               const std::string& name = "acme") {
    ConfigReading reading =
        check_integration(name, plugin_->manifest, {{"token", kToken}, {"behaviour", behaviour}});
    EXPECT_TRUE(reading.settings.has_value());
    return reading.settings->integrations.at(0);
  }

  std::future<RunSummary> start(IntegrationSettings integration, RunOptions options = {}) {
    return start_with(*plugin_, std::move(integration), options);
  }
  std::future<RunSummary> start_with(const PluginFile& plugin, IntegrationSettings integration,
                                     RunOptions options = {}) {
    auto promise = std::make_shared<std::promise<RunSummary>>();
    auto future = promise->get_future();
    engine_->sync(std::move(integration), plugin, options,
                  [promise](RunSummary summary) { promise->set_value(std::move(summary)); });
    return future;
  }
  RunSummary run(FakeProduct& product, RunOptions options = {},
                 const std::string& behaviour = "plain") {
    engine(product);
    return start(settings(behaviour), options).get();
  }

  std::vector<std::string> ids() {
    std::vector<std::string> out;
    auto reader = open_sqlite_reader(dir_.path());
    EXPECT_TRUE(reader.has_value());
    if (!reader) return out;
    EXPECT_TRUE((*reader)->records({}, [&](const StoredRecord& stored) {
      out.push_back(stored.record.source_id);
      return true;
    }));
    return out;
  }
  /// The cursors of every lane, as "lane/stream=cursor".
  std::vector<std::string> cursors() {
    std::vector<std::string> out;
    auto reader = open_sqlite_reader(dir_.path());
    EXPECT_TRUE(reader.has_value());
    if (!reader) return out;
    const auto rows = (*reader)->cursors("acme");
    EXPECT_TRUE(rows.has_value());
    for (const CursorRow& row : rows.value_or({}))
      out.push_back(row.lane + "/" + row.stream + "=" + row.cursor);
    return out;
  }
  std::vector<RejectedRow> rejected() {
    std::vector<RejectedRow> out;
    auto reader = open_sqlite_reader(dir_.path());
    EXPECT_TRUE(reader.has_value());
    if (!reader) return out;
    EXPECT_TRUE((*reader)->rejected("acme", 0, [&](const RejectedRow& row) {
      out.push_back(row);
      return true;
    }));
    return out;
  }
  std::string logged() {
    engine_.reset();
    log_.reset();
    return read_file(dir_.path() / "log", 1U << 24).value_or("");
  }

  std::vector<TraceEvent> trace() {
    const std::lock_guard lock(mutex_);
    return trace_;
  }

  std::function<void(const TraceEvent&)> on_trace;        ///< Called on the loop.
  std::function<void(const RunProgress&)> on_progress{};  ///< The same.

  bool find_accounts_ = false;
  TempDir dir_;
  SystemClock clock_;
  Clock* engine_clock_ = &clock_;
  std::size_t plugin_threads_ = 8;
  std::unique_ptr<PluginLoader> loader_ =
      std::make_unique<PluginLoader>(host_table(), LoaderOptions{});
  std::unique_ptr<WatchedStore> store_;
  std::unique_ptr<PluginFile> plugin_;
  std::unique_ptr<Engine> engine_;

 private:
  void traced(const TraceEvent& event) {
    {
      const std::lock_guard lock(mutex_);
      trace_.push_back(event);
    }
    if (on_trace) on_trace(event);
  }

  std::unique_ptr<Log> log_ = std::make_unique<Log>(
      LogOptions{.level = LogLevel::debug, .json = false, .file = dir_.path() / "log"});
  std::unique_ptr<Store> sqlite_;
  std::unique_ptr<Vault> vault_;
  std::mutex mutex_;
  std::vector<TraceEvent> trace_;
};

/// Pages 1..n of two items each, with cursors "c1".."cn".
inline FakeProduct::Handler pages(int count) {
  return [count](const HttpRequest& request) -> std::optional<HttpResponse> {
    const std::size_t at = request.target.find("cursor=c");
    const int done = at == std::string::npos ? 0 : std::stoi(request.target.substr(at + 8));
    if (done >= count) return page_of({}, "c" + std::to_string(count), false);
    return page_of({2 * done + 1, 2 * done + 2}, "c" + std::to_string(done + 1), done + 1 < count);
  };
}

}  // namespace earshot::core
