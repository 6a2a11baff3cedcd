#include "oauth_token.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/json/writer.hpp>
#include <earshot/sdk/text.hpp>

#include "template.hpp"

namespace earshot::core {
namespace {

/// A token is renewed this long before it expires, or at half its life where that is shorter.
constexpr std::chrono::seconds kRenewBefore{60};
constexpr std::chrono::seconds kLongestLife = std::chrono::days(365);
constexpr std::size_t kLongestToken = 16 * 1024;

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string as_json(const Fields& fields) {
  JsonWriter out;
  out.begin_object();
  for (const auto& field : fields) out.member(field.first, std::string_view(field.second));
  out.end_object();
  return out.take();
}

std::string as_form(const Fields& fields) {
  std::string out;
  for (const auto& field : fields) {
    if (!out.empty()) out += '&';
    out += sdk::percent_encode(field.first) + '=' + sdk::percent_encode(field.second);
  }
  return out;
}

bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= kLongestToken &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

/// Whether the product refuses the client, whatever it calls that. What came from elsewhere (a
/// failure, a wrong address, a page that is no JSON) says nothing about the credentials.
bool is_refusal(const Error& error) {
  switch (error.code) {
    case Code::auth:
    case Code::auth_expired:
    case Code::forbidden: return true;
    case Code::conflict:
    case Code::upstream: return error.status >= 400 && error.status < 500;
    default: return false;
  }
}

Error no_token(Error error) {
  std::string_view remedy;
  if (error.code == Code::not_found) remedy = "; check the address of the account";
  if (is_refusal(error)) {
    error.code = Code::auth;
    remedy = "; check client id and secret";
  }
  error.message = fmt::format("no OAuth token: {}{}", error.message, remedy);
  return error;
}

/// RFC 6749, section 5.2: the refresh token is invalid, expired, revoked or another client's.
bool is_invalid_grant(const ProductAnswer& answer) {
  return answer.json && answer.json->root().member("error").text() == "invalid_grant";
}

}  // namespace

OAuthTokens::OAuthTokens(const ProductAccount& account, const AuthAlternative& alternative,
                         Clock& clock, Redactor& redactor, Send send)
    : account_(account),
      alternative_(alternative),
      clock_(clock),
      redactor_(redactor),
      send_(std::move(send)) {}

bool OAuthTokens::refreshes() const noexcept {
  return alternative_.scheme == AuthAlternative::Scheme::oauth2_refresh_token;
}

const OAuthTokens::Token* OAuthTokens::current() const {
  if (!token_ || (token_->expires && clock_.tick() >= *token_->expires)) return nullptr;
  return &*token_;
}

std::uint64_t OAuthTokens::wait(Ready ready) {
  const std::uint64_t waiter = ++last_waiter_;
  waiters_.emplace(waiter, std::move(ready));
  if (!busy_) fetch();
  return waiter;
}

void OAuthTokens::leave(std::uint64_t waiter) {
  waiters_.erase(waiter);
  if (!waiters_.empty() || refreshes()) return;
  fetching_.reset();
  busy_ = false;
}

void OAuthTokens::drop(std::uint64_t generation) {
  if (!token_ || token_->generation != generation) return;
  refused_ = token_->value;
  token_.reset();
}

void OAuthTokens::fetch() {
  busy_ = true;
  if (!refreshes()) return ask({});
  auto first = fill_required(alternative_.refresh_token, account_);
  if (!first) return wake(std::move(first).error());
  account_.tokens->take(
      Secret(*std::move(first)),
      while_alive<std::unique_ptr<TokenTurn>>(
          [this](Result<std::unique_ptr<TokenTurn>> turn) { taken(std::move(turn)); }));
}

void OAuthTokens::taken(Result<std::unique_ptr<TokenTurn>> turn) {
  if (!turn) return wake(std::move(turn).error());
  turn_ = *std::move(turn);
  const KeptTokens& kept = turn_->tokens();
  redactor_.learn(kept.refresh);
  redactor_.learn(kept.access);
  if (good(kept)) {
    use(kept);
    return wake({});
  }
  if (waiters_.empty()) return wake({});
  // A store that cannot be written to is to fail now, not once the product has given new tokens.
  turn_->save(kept, while_alive<void>([this](const Result<void>& saved) {
                if (!saved) return wake(saved);
                ask(turn_->tokens().refresh);
              }));
}

bool OAuthTokens::good(const KeptTokens& kept) const {
  return !kept.access.empty() && kept.access.reveal() != refused_.reveal() &&
         (!kept.expires || *kept.expires > clock_.now());
}

void OAuthTokens::ask(const Secret& refresh_token) {
  auto made = request(refresh_token);
  if (!made) return wake(std::move(made).error());
  fetching_ = send_(std::move(*made),
                    [this](Result<ProductAnswer> answer) { received(std::move(answer)); });
}

Result<ProductRequest> OAuthTokens::request(const Secret& refresh_token) const {
  ProductRequest request;
  request.method = "POST";
  request.safety = ProductRequest::Safety::read;
  request.authorize = false;
  EAR_TRY(request.path, fill_required(alternative_.token_url, account_));
  EAR_TRY(std::string client_id, fill_required(alternative_.client_id, account_));
  EAR_TRY(std::string client_secret, fill_required(alternative_.client_secret, account_));
  Fields fields{{"grant_type", refreshes() ? "refresh_token" : "client_credentials"}};
  if (refreshes()) fields.emplace_back("refresh_token", refresh_token.reveal());
  fields.emplace_back("client_id", std::move(client_id));
  fields.emplace_back("client_secret", std::move(client_secret));
  if (!alternative_.scope.empty()) fields.emplace_back("scope", alternative_.scope);
  const bool json = alternative_.token_request_json;
  request.headers.set("Content-Type",
                      json ? "application/json" : "application/x-www-form-urlencoded");
  request.body = json ? as_json(fields) : as_form(fields);
  return request;
}

void OAuthTokens::received(Result<ProductAnswer> answer) {
  const auto finished = std::move(fetching_);
  if (!answer) return wake(no_token(std::move(answer).error()));
  if (answer->error.code != Code::ok) {
    if (turn_ && is_invalid_grant(*answer)) return give_up(std::move(answer->error));
    return wake(no_token(std::move(answer->error)));
  }
  auto tokens = read(*answer);
  if (!tokens) return wake(std::move(tokens).error());
  if (turn_) return keep(*std::move(tokens));
  use(*tokens);
  wake({});
}

void OAuthTokens::give_up(Error error) {
  error.code = Code::auth;
  error.message = fmt::format(
      "needs_reauth: the refresh token has expired, was revoked or was used by another program "
      "({}); "
      "authorize again and put the new refresh token into the credentials",
      error.message);
  turn_->give_up(error, while_alive<void>([this, error](const Result<void>&) { wake(error); }));
}

Result<KeptTokens> OAuthTokens::read(const ProductAnswer& answer) {
  const JsonValue root = answer.json ? answer.json->root() : JsonValue{};
  for (const char* name : {"access_token", "refresh_token", "id_token"}) {
    redactor_.learn(Secret(std::string(root.member(name).text())));
  }
  const std::string_view access = root.member("access_token").text();
  const std::string_view refresh = root.member("refresh_token").text();
  if (!is_token(access) || (!refresh.empty() && !is_token(refresh))) {
    return Error{.code = Code::bad_data,
                 .message = "the product's answer to the OAuth client holds no access_token",
                 .status = answer.response.status};
  }
  KeptTokens tokens{.refresh = Secret(std::string(refresh)), .access = Secret(std::string(access))};
  if (const auto seconds = root.member("expires_in").integer(); seconds && *seconds > 0) {
    tokens.expires = clock_.now() + std::min(std::chrono::seconds(*seconds), kLongestLife);
  }
  return tokens;
}

/// A product that gives no new refresh token lets the old one live on.
void OAuthTokens::keep(KeptTokens given) {
  if (given.refresh.empty()) given.refresh = turn_->tokens().refresh;
  turn_->save(given, while_alive<void>([this, given](const Result<void>& saved) {
                if (saved) use(given);
                wake(saved);
              }));
}

void OAuthTokens::use(const KeptTokens& tokens) {
  token_ = Token{tokens.access, ++generations_, std::nullopt};
  if (!tokens.expires) return;
  const Micros life = *tokens.expires - clock_.now();
  token_->expires = clock_.tick() + std::max<Micros>(life - kRenewBefore, life / 2);
}

void OAuthTokens::wake(const Result<void>& result) {
  busy_ = false;
  const auto turn = std::move(turn_);
  // One who is woken may make others leave, and may come back to wait for the next token.
  for (const std::uint64_t last = last_waiter_;
       !waiters_.empty() && waiters_.begin()->first <= last;) {
    Ready ready = std::move(waiters_.begin()->second);
    waiters_.erase(waiters_.begin());
    ready(result);
  }
}

}  // namespace earshot::core
