#pragma once

#include <memory>
#include <string>
#include <vector>

#include <earshot/core/runtime/loop.hpp>
#include <earshot/core/sync/engine.hpp>

#include "accounts.hpp"

namespace earshot::core {

/// The loops of an engine, each with the accounts that belong to it.
/// [thread-safe] but for the accounts, which are their loop's.
class AccountLoops {
 public:
  struct Place {
    Loop& loop;
    LoopAccounts& accounts;
  };

  explicit AccountLoops(const EngineOptions& options);
  /// Ends the accounts on their loops, then the loops.
  ~AccountLoops();
  AccountLoops(const AccountLoops&) = delete;
  AccountLoops& operator=(const AccountLoops&) = delete;

  /// Where an account belongs: always the same.
  [[nodiscard]] Place place_of(const std::string& account_key) const;
  /// For what belongs to no account yet.
  [[nodiscard]] Loop& first() const { return *loops_.front(); }

 private:
  std::vector<std::unique_ptr<Loop>> loops_;
  std::shared_ptr<Resolver> resolver_;  ///< For the clients of all loops; ends before them.
  std::vector<std::unique_ptr<LoopAccounts>> accounts_;
};

/// `body` on that loop, which outlives it.
template <typename T>
[[nodiscard]] Callback<void(Result<T>)> on_loop(Loop& loop, Callback<void(Result<T>)> body) {
  return [&loop, body = std::move(body)](Result<T> result) mutable {
    loop.post([result = std::move(result), body = std::move(body)]() mutable {
      body(std::move(result));
    });
  };
}

}  // namespace earshot::core
