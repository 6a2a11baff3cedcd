#pragma once

#include <map>
#include <memory>
#include <string>

#include <earshot/core/config/config.hpp>
#include <earshot/core/normalize/mapping.hpp>
#include <earshot/core/plugin/call.hpp>
#include <earshot/core/product/product_client.hpp>
#include <earshot/core/store/store.hpp>
#include <earshot/core/vault/vault.hpp>

#include "accounts.hpp"

namespace earshot::core {

/// Reported state: the product's id of the account.
inline constexpr const char* kAccountId = "account_id";

/// By their names under the manifest's records.
using Mappings = std::map<std::string, std::unique_ptr<Mapping>, std::less<>>;

/// One integration made ready on its loop: what an operation on it works with.
struct Prepared {
  IntegrationSettings settings;
  const LoadedPlugin* plugin = nullptr;
  IntegrationId id = 0;  ///< 0 where nothing is kept.
  bool dry = false;      ///< Nothing is stored for it.
  std::map<std::string, std::string> state;
  std::shared_ptr<const JsonDocument> config;  ///< As the plugin reads it; shared with its calls.
  Loop* loop = nullptr;
  std::shared_ptr<Account> account;
  std::string own_budget{};  ///< Key of what it spends for itself; empty where that is not limited.
  /// What was spent before the account was known, as RateLimiter::save() tells it.
  std::string spent{};
  std::string own_spent{};
  std::unique_ptr<ProductClient> client;
  std::string credentials;              ///< Digest of what the operator configured.
  std::weak_ptr<const void> operation;  ///< Its ticket: while it is held, the engine waits.
  Mappings mappings;
};

/// Seals what a plugin puts away and stores it under its integration. `operation` is kept until
/// the store has answered, so that the loop which hears of it is still there.
class VaultSink final : public SecretSink {
 public:
  VaultSink(const Prepared& prepared, Store& store, const Vault& vault,
            std::shared_ptr<const void> operation)
      : prepared_(prepared), store_(store), vault_(vault), operation_(std::move(operation)) {}
  void put(std::string name, Secret value, std::optional<Time> expires,
           Callback<void(Result<void>)> done) override;

 private:
  const Prepared& prepared_;
  Store& store_;
  const Vault& vault_;
  std::shared_ptr<const void> operation_;
};

/// Keeps what is spent of its budgets for a later process. On the account's loop.
void save_budgets(Store& store, const Prepared& prepared);
/// The mappings of a plugin with the operator's overrides. config where one does not compile.
[[nodiscard]] Result<Mappings> compile_mappings(const IntegrationSettings& settings,
                                                const Manifest& manifest);
/// The configuration as the plugin reads it: without secrets but those that its manifest asks to
/// see.
[[nodiscard]] std::shared_ptr<const JsonDocument> plugin_config(const IntegrationSettings& settings,
                                                                const Manifest& manifest);
/// The account as the product client wants it.
[[nodiscard]] ProductAccount product_account(const IntegrationSettings& settings,
                                             const Manifest& manifest);

}  // namespace earshot::core
