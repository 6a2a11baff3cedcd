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

/// Refusals of every kind mean that the client's credentials are no good.
Error refused(Error error) {
  const bool passing = error.code == Code::network || error.code == Code::rate_limited ||
                       error.code == Code::yielded || error.code == Code::config ||
                       (error.code == Code::upstream && error.status >= 500);
  if (!passing) error.code = Code::auth;
  error.message = fmt::format("no OAuth token: {}{}", error.message,
                              passing ? "" : "; check client id and secret");
  return error;
}

}  // namespace

OAuthTokens::OAuthTokens(const ProductAccount& account, const AuthAlternative& alternative,
                         Clock& clock, Redactor& redactor, Send send)
    : account_(account),
      alternative_(alternative),
      clock_(clock),
      redactor_(redactor),
      send_(std::move(send)) {}

const OAuthTokens::Token* OAuthTokens::current() const {
  if (!token_ || (token_->expires && clock_.tick() >= *token_->expires)) return nullptr;
  return &*token_;
}

std::uint64_t OAuthTokens::wait(Ready ready) {
  const std::uint64_t waiter = ++last_waiter_;
  waiters_.emplace(waiter, std::move(ready));
  if (!fetching_) fetch();
  return waiter;
}

void OAuthTokens::leave(std::uint64_t waiter) {
  waiters_.erase(waiter);
  if (waiters_.empty()) fetching_.reset();
}

void OAuthTokens::drop(std::uint64_t generation) {
  if (token_ && token_->generation == generation) token_.reset();
}

void OAuthTokens::fetch() {
  auto made = request();
  if (!made) return wake(std::move(made).error());
  fetching_ = send_(std::move(*made),
                    [this](Result<ProductAnswer> answer) { received(std::move(answer)); });
}

Result<ProductRequest> OAuthTokens::request() const {
  ProductRequest request;
  request.method = "POST";
  request.safety = ProductRequest::Safety::read;
  request.authorize = false;
  EAR_TRY(request.path, fill_required(alternative_.token_url, account_));
  Fields fields{{"grant_type", "client_credentials"}};
  EAR_TRY(std::string client_id, fill_required(alternative_.client_id, account_));
  EAR_TRY(std::string client_secret, fill_required(alternative_.client_secret, account_));
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
  if (!answer) return wake(refused(std::move(answer).error()));
  if (answer->outcome != ErrorRule::Class::ok) return wake(refused(std::move(answer->error)));
  auto token = read(*answer);
  if (!token) return wake(std::move(token).error());
  token_ = std::move(*token);
  wake({});
}

Result<OAuthTokens::Token> OAuthTokens::read(const ProductAnswer& answer) {
  const JsonValue root = answer.json ? answer.json->root() : JsonValue{};
  for (const char* name : {"access_token", "refresh_token", "id_token"}) {
    redactor_.learn(Secret(std::string(root.member(name).text())));
  }
  const std::string_view text = root.member("access_token").text();
  if (!is_token(text)) {
    return Error{.code = Code::bad_data,
                 .message = "the product's answer to the OAuth client holds no access_token",
                 .status = answer.response.status};
  }
  Token token{Secret(std::string(text)), ++generations_, std::nullopt};
  if (const auto seconds = root.member("expires_in").integer(); seconds && *seconds > 0) {
    const Micros life = std::min(std::chrono::seconds(*seconds), kLongestLife);
    token.expires = clock_.tick() + std::max<Micros>(life - kRenewBefore, life / 2);
  }
  return token;
}

void OAuthTokens::wake(const Result<void>& result) {
  // One who is woken may make others leave, and may come back to wait for the next token.
  for (const std::uint64_t last = last_waiter_;
       !waiters_.empty() && waiters_.begin()->first <= last;) {
    Ready ready = std::move(waiters_.begin()->second);
    waiters_.erase(waiters_.begin());
    ready(result);
  }
}

}  // namespace earshot::core
