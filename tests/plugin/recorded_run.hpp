#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/core/base/text.hpp>
#include <earshot/core/plugin/call.hpp>
#include <earshot/core/store/sqlite.hpp>
#include <earshot/core/store/wait.hpp>
#include <earshot/core/sync/engine.hpp>

#include "plugin/plugin_folder.hpp"

namespace earshot::core {

/// The built plugin in a real engine and store, with a cassette in the product's place. Every
/// operation has an engine of its own, as after a restart; time passes by itself, only faster.
class RecordedRun : public testing::Test {
 protected:
  using Members = std::map<std::string, std::string>;

  explicit RecordedRun(Members config) : members(std::move(config)) {}

  void SetUp() override {
    std::string folder = (std::filesystem::temp_directory_path() / "earshot.XXXXXX").string();
    ASSERT_NE(::mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    auto store = open_sqlite_store(folder_, clock_);
    ASSERT_TRUE(store.has_value()) << store.error().message;
    store_ = std::move(store).value();
    auto vault = Vault::open(folder_, Secret(std::string(64, '5')));
    ASSERT_TRUE(vault.has_value()) << vault.error().message;
    vault_ = std::make_unique<Vault>(std::move(vault).value());
    auto plugin = inspect_plugin(PLUGIN_FILE);
    ASSERT_TRUE(plugin.has_value()) << plugin.error().message;
    plugin_ = std::make_unique<PluginFile>(std::move(plugin).value());
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  RunSummary sync(std::vector<CassetteEntry> exchanges, RunOptions options = {}) {
    return play<RunSummary>(std::move(exchanges), [&](Engine& engine, auto done) {
      engine.sync(settings(members), *plugin_, options, std::move(done));
    });
  }
  RunSummary sync(std::string_view name) { return sync(cassette(name)); }

  Result<AccountReport> authenticate(std::vector<CassetteEntry> exchanges) {
    return authenticate(std::move(exchanges), members);
  }
  Result<AccountReport> authenticate(std::vector<CassetteEntry> exchanges, const Members& of) {
    return play<Result<AccountReport>>(std::move(exchanges), [&](Engine& engine, auto done) {
      engine.authenticate(settings(of), *plugin_, std::move(done));
    });
  }
  /// How it fails if the n-th exchange of that cassette is all there is.
  Error refusal(std::string_view name, std::size_t n) {
    const auto report = authenticate({cassette(name).at(n)});
    EXPECT_FALSE(report.has_value());
    return report ? Error{} : report.error();
  }

  Result<WebhookReport> register_webhook(std::vector<CassetteEntry> exchanges,
                                         const std::string& url) {
    return play<Result<WebhookReport>>(std::move(exchanges), [&](Engine& engine, auto done) {
      engine.register_webhook(settings(members), *plugin_, url, std::move(done));
    });
  }
  /// The one secret that a run has put away, if it has that name.
  std::string stored_secret(const std::string& name) {
    const IntegrationId id = integration();
    const auto sealed = wait_for<std::vector<SealedSecret>>(
        [&](auto done) { store_->secrets(id, std::move(done)); });
    if (!sealed || sealed->size() != 1 || sealed->front().name != name) return "";
    const auto secret = vault_->unseal(id, name, sealed->front().sealed);
    return secret ? secret->reveal() : "";
  }
  void remember_hook(const std::string& hook) {
    const IntegrationId id = integration();
    const auto kept = wait_for<void>([&](auto done) {
      store_->put_state(id, {{"hook_id", hook}}, std::move(done));
    });
    ASSERT_TRUE(kept.has_value());
  }

  std::vector<StoredRecord> records(RecordQuery query = {}) {
    std::vector<StoredRecord> found;
    auto reader = open_sqlite_reader(folder_);
    EXPECT_TRUE(reader.has_value());
    if (!reader) return found;
    EXPECT_TRUE(reader.value()->records(query, [&](const StoredRecord& record) {
      found.push_back(record);
      return true;
    }));
    return found;
  }
  std::vector<std::string> ids(bool deleted) {
    RecordQuery query;
    query.deleted = deleted;
    std::vector<std::string> out;
    for (const StoredRecord& stored : records(query)) out.push_back(stored.record.source_id);
    return out;
  }

  void remember_cursor(const std::string& cursor, const std::string& stream = "") {
    const IntegrationId id = integration();
    const auto kept = wait_for<void>([&](auto done) {
      store_->put_cursor(id, "", {stream, cursor}, std::move(done));
    });
    ASSERT_TRUE(kept.has_value()) << kept.error().message;
  }

  Members members;  ///< The integration's config and credentials.
  /// Every request of the last operation, in order.
  std::vector<HttpRequest> requests;
  /// Every total that the last operation came to, each as it was told first.
  std::vector<std::uint64_t> totals;
  /// False where a test counts on the clock standing still.
  bool time_passes = true;

 private:
  IntegrationSettings settings(const Members& of) {
    ConfigReading reading = check_integration("acme", plugin_->manifest, of);
    for (const ConfigIssue& issue : reading.issues) {
      if (!issue.warning) ADD_FAILURE() << to_string(issue);
    }
    return reading.settings ? reading.settings->integrations.at(0) : IntegrationSettings{};
  }

  IntegrationId integration() {
    return wait_for<IntegrationId>([&](auto done) {
             store_->ensure_integration("acme", plugin_->manifest.name, std::move(done));
           })
        .value_or(0);
  }

  template <typename T, typename Start>
  T play(std::vector<CassetteEntry> exchanges, Start&& start) {
    std::vector<std::string> expected;
    for (const CassetteEntry& one : exchanges) expected.push_back(one.method + " " + one.target);
    totals.clear();
    CassetteTransport* transport = nullptr;
    std::promise<T> promise;
    auto future = promise.get_future();
    Engine engine(options([&](Loop& loop, const HttpClientOptions& /*http*/) {
      auto made = std::make_unique<CassetteTransport>(loop, exchanges);
      transport = made.get();
      return made;
    }));
    start(engine, Callback<void(T)>([&](T result) { promise.set_value(std::move(result)); }));
    while (future.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
      if (time_passes) clock_.advance(std::chrono::milliseconds(100));
    }
    requests = transport == nullptr ? std::vector<HttpRequest>{} : transport->request_log();
    std::vector<std::string> asked;
    for (const HttpRequest& one : requests) asked.push_back(one.method + " " + one.target);
    EXPECT_EQ(asked, expected);
    return future.get();
  }

  using MakeTransport = decltype(EngineOptions::transport);
  EngineOptions options(MakeTransport transport) {
    EngineOptions options;
    options.clock = &clock_;
    options.log = &log_;
    options.loader = &loader_;
    options.store = store_.get();
    options.vault = vault_.get();
    options.loops = 1;
    options.plugin_threads = 1;
    options.progress = [this](const RunProgress& progress) { note_total(progress.total); };
    options.transport = std::move(transport);
    return options;
  }

  void note_total(std::optional<std::uint64_t> total) {
    if (total && (totals.empty() || totals.back() != *total)) totals.push_back(*total);
  }

  std::filesystem::path folder_;
  VirtualClock clock_{*parse_time("2026-03-02T13:00:00Z")};
  Log log_{LogOptions{.level = LogLevel::off}};
  PluginLoader loader_{host_table(), LoaderOptions{}};
  std::unique_ptr<Store> store_;
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<PluginFile> plugin_;
};

}  // namespace earshot::core
