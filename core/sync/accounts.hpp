#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <earshot/core/config/config.hpp>
#include <earshot/core/http/client.hpp>
#include <earshot/core/runtime/loop.hpp>
#include <earshot/core/store/store.hpp>
#include <earshot/core/traffic/limiter.hpp>

namespace earshot::core {

/// One account of a product as all its integrations on a loop share it.
struct Account {
  std::string key;
  RateLimiter limiter;
  Tick saved{};  ///< When the limiter was last written to the store.
};

/// The manifest's limits of that scope with the operator's figures in their place.
[[nodiscard]] std::vector<LimitRule> effective_limits(const Manifest& manifest,
                                                      const IntegrationSettings& settings,
                                                      LimitRule::Scope scope);

/// What belongs to a loop: its accounts and its connections.
/// [one thread at a time] of the loop.
class LoopAccounts {
 public:
  using MakeTransport = std::function<std::unique_ptr<Transport>(Loop&, const HttpClientOptions&)>;

  LoopAccounts(Loop& loop, HttpClientOptions http, MakeTransport make_transport)
      : loop_(loop), http_(std::move(http)), make_transport_(std::move(make_transport)) {}

  /// Made with what an earlier process saved, unless another run made it meanwhile.
  std::shared_ptr<Account> make(const std::string& key, std::vector<LimitRule> rules,
                                std::string_view saved);
  /// The budgets that one integration of the account has for itself, with what an earlier process
  /// saved, unless it has them already.
  void add_own(Account& account, const std::string& integration, std::vector<LimitRule> rules,
               std::string_view saved);
  /// Connections with these settings, shared by all that use the same; within the loop's bounds,
  /// whatever the settings say.
  [[nodiscard]] Transport& transport(const HttpSettings& settings);

 private:
  Loop& loop_;
  HttpClientOptions http_;
  MakeTransport make_transport_;
  std::map<std::string, std::shared_ptr<Account>> accounts_;
  std::map<std::string, std::unique_ptr<Transport>> transports_;
};

}  // namespace earshot::core
