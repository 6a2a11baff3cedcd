#pragma once

/// Runs integrations: prepares accounts, calls plugins, stores what they find.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/base/clock.hpp>
#include <earshot/core/base/daily_hours.hpp>
#include <earshot/core/config/config.hpp>
#include <earshot/core/http/client.hpp>
#include <earshot/core/observe/log.hpp>
#include <earshot/core/plugin/loader.hpp>
#include <earshot/core/product/product_client.hpp>
#include <earshot/core/store/store.hpp>
#include <earshot/core/vault/vault.hpp>

namespace earshot::core {

/// Reported state: why the product has to be asked for new credentials; absent where they are good.
inline constexpr const char* kNeedsReauth = "needs_reauth";

/// What to fetch. Without a window: what is new since the live cursor. With one: exactly [from,
/// to), in a lane of its own, the live cursor untouched.
struct RunOptions {
  std::optional<Time> from{};
  std::optional<Time> to{};
  std::uint64_t limit = 0;  ///< At most so many items; 0 is all.
  bool full = false;        ///< Forget the lane's cursors first.
  bool dry_run = false;     ///< Fetch and map, store nothing.
  /// Fetch within these alone: outside of them a run ends as yielded, behind a page.
  std::optional<DailyHours> hours{};
};

/// One step of a run, for traces and tests. Called on the run's loop.
struct TraceEvent {
  enum class Kind { request_sent, checkpoint_accepted, page_committed };
  std::string integration;
  Kind kind;
  std::uint64_t number = 0;  ///< From 1, counted for each kind.
};

/// Where a run stands, for those who watch it.
struct RunProgress {
  std::string integration;
  RecordCounts counts{};  ///< Stored so far.
  std::uint64_t requests = 0;
  std::optional<std::uint64_t> total{};  ///< Items of this run, where the product tells.
  std::optional<TrafficWait> wait{};     ///< Over once its `until` is past.
};

/// What `authenticate` found.
struct AccountReport {
  std::string id;
  std::string name;
  std::uint64_t requests = 0;
};

/// What `register_webhook` found.
struct WebhookReport {
  std::string hook_id;
  std::string manual;  ///< Steps for a person, where the product has no API for it.
};

struct EngineOptions {
  Clock* clock = nullptr;
  Log* log = nullptr;
  PluginLoader* loader = nullptr;
  Store* store = nullptr;        ///< Null: nothing is kept; only authenticate works.
  const Vault* vault = nullptr;  ///< Beside `store`.
  std::size_t loops = 2;
  std::size_t plugin_threads = 256;
  bool find_accounts = false;  ///< A run whose account is not known yet begins by asking for it.
  Micros fetch_time = std::chrono::hours(24);   ///< Of one run; it then goes on with the next.
  Micros call_time = std::chrono::minutes(10);  ///< Of authenticate and register_webhook.
  /// User agent, proxies, and the bounds on connections of all integrations together.
  HttpClientOptions http;
  std::uint64_t seed = 0;                        ///< Of jitter.
  std::function<void(const TraceEvent&)> trace;  ///< May be empty.
  /// Called on a run's loop whenever it got further or has to wait; may be empty, must not block.
  std::function<void(const RunProgress&)> progress;
  /// Makes the transport of a loop; empty: HttpClient. For cassettes and faults.
  std::function<std::unique_ptr<Transport>(Loop&, const HttpClientOptions&)> transport;
};

/// The host's workhorse. Operations start from any thread and run side by side; `done` runs on a
/// loop and must not block. [thread-safe]
class Engine {
 public:
  explicit Engine(EngineOptions options);
  /// Stops what runs, waits for it, then for the loops.
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void sync(IntegrationSettings settings, const PluginFile& plugin, RunOptions options,
            Callback<void(RunSummary)> done);
  /// Proves the credentials; remembers the account where there is a store.
  void authenticate(IntegrationSettings settings, const PluginFile& plugin,
                    Callback<void(Result<AccountReport>)> done);
  void register_webhook(IntegrationSettings settings, const PluginFile& plugin, std::string url,
                        Callback<void(Result<WebhookReport>)> done);

  /// Cancels everything that runs; each ends through its own `done`.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Where requests of an integration go: its endpoint "api", or the operator's base_url in its
/// place.
[[nodiscard]] Result<Url> api_url(const IntegrationSettings& settings, const Manifest& manifest);

}  // namespace earshot::core
