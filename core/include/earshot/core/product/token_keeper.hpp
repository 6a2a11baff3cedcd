#pragma once

#include <memory>
#include <optional>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/base/result.hpp>
#include <earshot/core/base/secret.hpp>
#include <earshot/core/base/time.hpp>

namespace earshot::core {

/// The OAuth tokens of one integration as they last.
struct KeptTokens {
  Secret refresh{};
  Secret access{};                ///< Empty where none was given yet.
  std::optional<Time> expires{};  ///< Of the access token, where the product said.
};

/// The right to use the refresh token, which one holds at a time; destroying it passes it on.
/// [one thread at a time] of the loop on which it was given.
class TokenTurn {
 public:
  virtual ~TokenTurn() = default;
  /// What is kept now, perhaps by one who had the turn before.
  [[nodiscard]] virtual const KeptTokens& tokens() const = 0;
  /// Calls `done` on the loop, never inside, when the tokens are durable. Outlives its turn.
  virtual void save(const KeptTokens& tokens, Callback<void(Result<void>)> done) = 0;
  /// Remembers that the product takes the refresh token no more, until the credentials change.
  virtual void give_up(const Error& why, Callback<void(Result<void>)> done) = 0;
};

/// Where the tokens of one integration are kept. [one thread at a time] of its loop.
class TokenKeeper {
 public:
  using Given = Callback<void(Result<std::unique_ptr<TokenTurn>>)>;

  virtual ~TokenKeeper() = default;
  /// Calls `given` on the loop, never inside, when the turn has come. `first` is the refresh token
  /// of the configuration: it counts until another was given for it, and again when it changes.
  virtual void take(const Secret& first, Given given) = 0;
};

}  // namespace earshot::core
