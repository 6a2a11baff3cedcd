#include <optional>
#include <utility>

#include <earshot/core/product/product_client.hpp>

#include "answer_cache.hpp"
#include "auth.hpp"
#include "endpoint.hpp"
#include "exchange.hpp"
#include "oauth_token.hpp"
#include "waits.hpp"

namespace earshot::core {
namespace {

bool is_oauth(const Result<const AuthAlternative*>& chosen, const ProductAccount& account) {
  if (!chosen || *chosen == nullptr) return false;
  using Scheme = AuthAlternative::Scheme;
  return (*chosen)->scheme == Scheme::oauth2_client_credentials ||
         ((*chosen)->scheme == Scheme::oauth2_refresh_token && account.tokens != nullptr);
}

Result<Authorization> authorization_for(const ProductAccount& account, Redactor& redactor) {
  EAR_TRY(const AuthAlternative* chosen, choose_auth(account));
  if (chosen == nullptr) return Authorization{};
  if (chosen->scheme == AuthAlternative::Scheme::oauth2_refresh_token) {
    return Error{.code = Code::config,
                 .message =
                     "a refresh token is replaced when it is used, and here is no vault to "
                     "keep the new one: save the integration, then test it by its name"};
  }
  return make_authorization(*chosen, account, redactor);
}

}  // namespace

class ProductClient::Impl {
 public:
  Impl(Loop& loop, Transport& transport, RateLimiter& limiter, Log& log, ProductAccount account,
       std::uint64_t seed, ThreadPool* parsers)
      : account_(std::move(account)),
        endpoints_(account_),
        random_(seed),
        context_{.loop = loop,
                 .transport = transport,
                 .limiter = limiter,
                 .log = log,
                 .account = account_,
                 .endpoints = endpoints_,
                 .authorization = authorization_,
                 .tokens = nullptr,
                 .parsers = parsers,
                 .random = random_,
                 .counts = counts_,
                 .observer = observer_,
                 .waits = waits_} {
    learn_credentials(account_, log.redactor());
    const auto chosen = choose_auth(account_);
    if (!is_oauth(chosen, account_)) {
      authorization_ = authorization_for(account_, log.redactor());
      return;
    }
    tokens_.emplace(account_, **chosen, loop.clock(), log.redactor(),
                    [this](ProductRequest request, Done done) {
                      return send(std::move(request), std::move(done));
                    });
    context_.tokens = &*tokens_;
  }

  std::unique_ptr<Operation> send(ProductRequest request, Done done) {
    if (const CacheRule* rule = cache_.rule_for(request)) {
      return cache_.send(std::move(request), *rule, std::move(done));
    }
    return std::make_unique<Exchange>(context_, std::move(request), std::move(done));
  }
  void use_shelf(std::shared_ptr<AnswerShelf> shelf) { cache_.use(std::move(shelf)); }

  [[nodiscard]] const TrafficCounts& counts() const noexcept { return counts_; }
  void observe(std::function<void(const HttpRequest&)> observer) {
    observer_ = std::move(observer);
  }
  [[nodiscard]] Waits& waits() noexcept { return waits_; }

 private:
  const ProductAccount account_;
  const Endpoints endpoints_;
  Result<Authorization> authorization_{Authorization{}};
  Random random_;
  TrafficCounts counts_;
  std::function<void(const HttpRequest&)> observer_;
  Waits waits_;
  ExchangeContext context_;
  std::optional<OAuthTokens> tokens_;  // after what its own request needs
  AnswerCache cache_{context_};        // after what its exchanges need
};

ProductClient::ProductClient(Loop& loop, Transport& transport, RateLimiter& limiter, Log& log,
                             ProductAccount account, std::uint64_t seed, ThreadPool* parsers)
    : impl_(std::make_unique<Impl>(loop, transport, limiter, log, std::move(account), seed,
                                   parsers)) {}

ProductClient::~ProductClient() = default;

std::unique_ptr<ProductClient::Operation> ProductClient::send(ProductRequest request, Done done) {
  return impl_->send(std::move(request), std::move(done));
}

const TrafficCounts& ProductClient::counts() const noexcept {
  return impl_->counts();
}

void ProductClient::use_shelf(std::shared_ptr<AnswerShelf> shelf) {
  impl_->use_shelf(std::move(shelf));
}

void ProductClient::on_send(std::function<void(const HttpRequest&)> observer) {
  impl_->observe(std::move(observer));
}

std::optional<TrafficWait> ProductClient::waiting() const {
  return impl_->waits().first();
}

void ProductClient::on_wait(std::function<void()> observer) {
  impl_->waits().observe(std::move(observer));
}

}  // namespace earshot::core
