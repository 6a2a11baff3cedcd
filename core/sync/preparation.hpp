#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/runtime/thread_pool.hpp>
#include <earshot/core/sync/engine.hpp>

#include "account_loops.hpp"
#include "prepared.hpp"
#include "tickets.hpp"
#include "token_desk.hpp"

namespace earshot::core {

/// Makes integrations ready to be worked with: loads the plugin, finds id, secrets, state and
/// account, and ends on the account's loop. [thread-safe]
class Preparation {
 public:
  using Ready = Callback<void(Result<std::shared_ptr<Prepared>>)>;

  struct Threads {
    ThreadPool& loaders;
    const ThreadPool& plugins;
    ThreadPool& parsers;
  };

  /// All of it outlives what is being prepared, and what was.
  Preparation(const EngineOptions& options, AccountLoops& loops, Threads threads)
      : options_(options), loops_(loops), threads_(threads) {}

  /// `ready` runs on the account's loop, or on the first where it fails before. `dry`: nothing is
  /// stored, not even that there is such an integration; but tokens that take the place of others.
  void prepare(IntegrationSettings settings, const PluginFile& plugin, bool dry,
               const TicketPtr& ticket, Ready ready);

  using PreparedPtr = std::shared_ptr<Prepared>;
  /// Notes what the plugin reported. Where that names the account, the integration moves to its
  /// loop, and takes along what it has spent so far. On its loop; ends on that of the account.
  void report(PreparedPtr prepared, const std::map<std::string, std::string>& reports, Ready ready);

 private:
  [[nodiscard]] Result<void> load(Prepared& prepared, const PluginFile& plugin) const;
  void find_id(PreparedPtr prepared, Ready ready);
  void find_secrets(PreparedPtr prepared, Ready ready);
  [[nodiscard]] Result<void> unseal(Prepared& prepared, const SealedSecret& sealed) const;
  [[nodiscard]] Result<void> check_refusal(const Prepared& prepared,
                                           const SealedSecret& sealed) const;
  void find_state(PreparedPtr prepared, Ready ready);
  void find_account(PreparedPtr prepared, Ready ready);
  void find_own_budget(PreparedPtr prepared, LoopAccounts& accounts, Ready ready);
  void read_budget(const std::string& key, Loop& loop,
                   Callback<void(Result<std::string>)> done) const;
  void make_client(const PreparedPtr& prepared, LoopAccounts& accounts);

  const EngineOptions& options_;
  AccountLoops& loops_;
  Threads threads_;
  TokenDesk token_desk_;
  std::atomic<std::uint64_t> clients_{0};
};

}  // namespace earshot::core
