#pragma once

#include <memory>
#include <optional>
#include <string>

#include <earshot/core/product/token_keeper.hpp>
#include <earshot/core/store/store.hpp>
#include <earshot/core/sync/engine.hpp>
#include <earshot/core/vault/vault.hpp>

#include "token_desk.hpp"

namespace earshot::core {

struct IntegrationSettings;
struct Prepared;

/// Names in the vault that no plugin can use: the tokens, and the credentials that the product
/// refused for good.
inline constexpr const char* kTokensSecret = "oauth2:tokens";
inline constexpr const char* kRefusedSecret = "oauth2:refused";

/// Keeps OAuth tokens in the vault, under their integration. While somebody has the turn, the
/// operation and its client live on: a refresh that the product has answered is always saved.
class VaultTokens final : public TokenKeeper {
 public:
  struct Services {
    TokenDesk& desk;
    Store& store;
    const Vault& vault;
  };
  VaultTokens(Services services, std::weak_ptr<Prepared> prepared)
      : services_(services), prepared_(std::move(prepared)) {}

  void take(const Secret& first, Given given) override;

 private:
  Services services_;
  std::weak_ptr<Prepared> prepared_;
};

/// Tells credentials apart; for the vault only.
[[nodiscard]] std::string credentials_digest(const IntegrationSettings& settings);

/// Why these credentials need no trying: the product refused them for good. `refused` is what
/// kRefusedSecret holds.
[[nodiscard]] std::optional<Error> refusal_of(const Secret& refused,
                                              const std::string& credentials);

}  // namespace earshot::core
