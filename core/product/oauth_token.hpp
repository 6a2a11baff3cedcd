#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include <earshot/core/product/product_client.hpp>
#include <earshot/core/product/token_keeper.hpp>

namespace earshot::core {

/// The access token of an OAuth client: fetched when first needed, again when it is about to expire
/// or was refused, once for all who wait. Where it comes from a refresh token, that one's successor
/// is kept before the access token is used, and what another client got meanwhile is taken over.
/// [one thread at a time]
class OAuthTokens {
 public:
  using Send =
      std::function<std::unique_ptr<ProductClient::Operation>(ProductRequest, ProductClient::Done)>;
  /// Must not destroy the OAuthTokens.
  using Ready = Callback<void(Result<void>)>;

  struct Token {
    Secret value;
    std::uint64_t generation = 0;  ///< Tells tokens apart.
    std::optional<Tick> expires{};
  };

  OAuthTokens(const ProductAccount& account, const AuthAlternative& alternative, Clock& clock,
              Redactor& redactor, Send send);

  /// nullptr where there is none that is good for another while.
  [[nodiscard]] const Token* current() const;
  /// Calls `ready` once there is a token or none can be had; returns a name for leave().
  std::uint64_t wait(Ready ready);
  /// With the last who waits the fetch ends, unless it uses up a refresh token.
  void leave(std::uint64_t waiter);
  /// The product refused the token of that generation.
  void drop(std::uint64_t generation);

 private:
  [[nodiscard]] bool refreshes() const noexcept;
  void fetch();
  void taken(Result<std::unique_ptr<TokenTurn>> turn);
  [[nodiscard]] bool good(const KeptTokens& kept) const;
  void ask(const Secret& refresh_token);
  [[nodiscard]] Result<ProductRequest> request(const Secret& refresh_token) const;
  void received(Result<ProductAnswer> answer);
  void give_up(Error error);
  [[nodiscard]] Result<KeptTokens> read(const ProductAnswer& answer);
  void keep(KeptTokens given);
  void use(const KeptTokens& tokens);
  void wake(const Result<void>& result);
  /// `body` on this, if it is still there.
  template <typename T, typename Body>
  [[nodiscard]] Callback<void(Result<T>)> while_alive(Body body) {
    return [alive = std::weak_ptr(alive_), body = std::move(body)](Result<T> result) mutable {
      if (!alive.expired()) body(std::move(result));
    };
  }

  const ProductAccount& account_;
  const AuthAlternative& alternative_;
  Clock& clock_;
  Redactor& redactor_;
  Send send_;
  std::shared_ptr<const int> alive_ = std::make_shared<int>(0);
  std::optional<Token> token_;
  Secret refused_;                   ///< The last token that the product refused.
  bool busy_ = false;                ///< Somebody will be woken.
  std::unique_ptr<TokenTurn> turn_;  ///< While a refresh token is in use.
  std::uint64_t generations_ = 0;
  std::unique_ptr<ProductClient::Operation> fetching_;
  std::uint64_t last_waiter_ = 0;
  std::map<std::uint64_t, Ready> waiters_;
};

}  // namespace earshot::core
