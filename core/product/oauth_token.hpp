#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include <earshot/core/product/product_client.hpp>

namespace earshot::core {

/// The access token of an OAuth client: fetched when first needed, again when it is about to expire
/// or was refused, once for all who wait. [one thread at a time]
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
  /// With the last who waits the fetch ends.
  void leave(std::uint64_t waiter);
  /// The product refused the token of that generation.
  void drop(std::uint64_t generation);

 private:
  void fetch();
  [[nodiscard]] Result<ProductRequest> request() const;
  void received(Result<ProductAnswer> answer);
  [[nodiscard]] Result<Token> read(const ProductAnswer& answer);
  void wake(const Result<void>& result);

  const ProductAccount& account_;
  const AuthAlternative& alternative_;
  Clock& clock_;
  Redactor& redactor_;
  Send send_;
  std::optional<Token> token_;
  std::uint64_t generations_ = 0;
  std::unique_ptr<ProductClient::Operation> fetching_;
  std::uint64_t last_waiter_ = 0;
  std::map<std::uint64_t, Ready> waiters_;
};

}  // namespace earshot::core
