#include "judge.hpp"

#include <algorithm>
#include <optional>

#include <fmt/core.h>

#include <earshot/core/base/text.hpp>

#include "body_kind.hpp"
#include "product_words.hpp"

namespace earshot::core {
namespace {

using Class = ErrorRule::Class;

/// An answer's body, parsed when first asked for and at most once.
class Body {
 public:
  explicit Body(const std::string& text) noexcept : text_(text) {}

  /// Absent where it is no JSON.
  JsonValue root() {
    if (!tried_) parse();
    return document_ ? document_->root() : JsonValue{};
  }
  [[nodiscard]] std::shared_ptr<const JsonDocument> take() { return std::move(document_); }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] bool blank() const noexcept { return trim(text_).empty(); }
  /// Why it is no JSON.
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

 private:
  void parse() {
    tried_ = true;
    auto parsed = JsonDocument::parse(text_);
    if (parsed) {
      document_ = std::move(*parsed);
    } else {
      fault_ = parsed.error().message;
    }
  }

  const std::string& text_;
  bool tried_ = false;
  std::string fault_;
  std::shared_ptr<const JsonDocument> document_;  // shared with those who read the answer later
};

struct Verdict {
  Class outcome = Class::ok;
  bool whole_account = false;
  std::string_view message_at;
};

bool applies(const ErrorRule& rule, const Asked& asked, int status, Body& body) {
  if (rule.status && *rule.status != status) return false;
  if (!rule.match.empty() && !glob_match(rule.match, asked.path)) return false;
  if (!rule.body_contains.empty() && body.text().find(rule.body_contains) == std::string::npos) {
    return false;
  }
  if (rule.at.empty()) return true;
  const JsonValue value = body.root().at(rule.at);
  return value.exists() && (!rule.equals || value.dump() == *rule.equals);
}

Class class_of_status(int status, int limit_status) {
  if (status == limit_status || status == 429) return Class::rate_limited;
  if (status == 204 || status == 205 || status == 304) return Class::empty;
  if (status >= 200 && status < 300) return Class::ok;
  switch (status) {
    case 401: return Class::auth;
    case 403: return Class::forbidden;
    case 404:
    case 410: return Class::not_found;
    case 408:
    case 425: return Class::retry;
    default: return status >= 500 ? Class::retry : Class::fail;
  }
}

bool is_good(Class outcome) {
  return outcome == Class::ok || outcome == Class::empty;
}

/// What the rule makes of an answer whose status alone means `own`. Nothing where it has no say: it
/// tells by a code and there is none, or only finds words for a failure and there is none.
std::optional<Class> class_by(const ErrorRule& rule, Class own, Body& body) {
  bool by_body = !rule.at.empty() || !rule.body_contains.empty();
  if (!rule.code_at.empty()) {
    const JsonValue code = body.root().at(rule.code_at);
    if (!code.exists() || code.is_null()) return rule.outcome;
    const auto known = rule.codes.find(std::string(code.text()));
    if (known != rule.codes.end()) return known->second;
    by_body = true;
  }
  if (rule.outcome) return rule.outcome;
  if (!is_good(own)) return own;
  return by_body ? std::optional(Class::fail) : std::nullopt;
}

Verdict verdict(const std::vector<ErrorRule>& rules, const Asked& asked, int status, Body& body) {
  const Class own = class_of_status(status, asked.limit_status);
  for (const ErrorRule& rule : rules) {
    if (!asked.by_rules || !applies(rule, asked, status, body)) continue;
    if (const auto found = class_by(rule, own, body)) {
      return {*found, rule.whole_account, rule.message_at};
    }
  }
  return {own, false, {}};
}

Code code_of(Class outcome, int status) {
  switch (outcome) {
    case Class::ok:
    case Class::empty: return Code::ok;
    case Class::rate_limited: return Code::rate_limited;
    case Class::quota: return Code::yielded;
    case Class::auth: return Code::auth;
    case Class::auth_expired: return Code::auth_expired;
    case Class::forbidden: return Code::forbidden;
    case Class::not_found: return Code::not_found;
    case Class::bad_cursor: return Code::bad_cursor;
    case Class::retry:
    case Class::fail: break;
  }
  return status == 409 ? Code::conflict : Code::upstream;
}

std::string_view remedy(Class outcome) {
  switch (outcome) {
    case Class::auth: return "; check the credentials, or make new ones";
    case Class::auth_expired: return "; the credentials are good no longer: make new ones";
    case Class::forbidden: return "; the credentials are good but lack a permission or plan";
    default: return "";
  }
}

std::string describe(const Asked& asked, const HttpResponse& response, Class outcome,
                     std::string_view words) {
  return fmt::format("{} {} was answered {}{}{}{}", asked.method, shorten(asked.place, 300),
                     response.status, words.empty() ? "" : ": ", words, remedy(outcome));
}

bool says_json(const HttpResponse& response) {
  return lower(response.headers.get("content-type")).find("json") != std::string::npos;
}

/// Where JSON was asked for and something else came.
Error not_json(const Asked& asked, const HttpResponse& response, const Body& body) {
  const std::string type = shorten(clean_utf8(response.headers.get("content-type")), 60);
  const std::string came = body.blank() ? "an empty body"
                                        : fmt::format("{} bytes that are no JSON but {}",
                                                      body.text().size(), body_kind(body.text()));
  const bool broken = says_json(response) && !body.blank();
  return {.code = Code::bad_data,
          .message = fmt::format("{} {}: the product answered {} with {}{}{}", asked.method,
                                 shorten(asked.place, 300), response.status, came,
                                 type.empty() ? "" : " (" + type + ")",
                                 broken ? ": " + body.fault() + "; try again later"
                                        : "; check the address of the account"),
          .status = response.status};
}

bool must_be_json(const Asked& asked, const HttpResponse& response) {
  return asked.expect_json && asked.method != "HEAD" && response.status >= 200 &&
         response.status < 300;
}

}  // namespace

Judgement judge(const std::vector<ErrorRule>& rules, const Asked& asked,
                const HttpResponse& response, const Redactor& redactor) {
  Body body(response.body);
  const Verdict found = verdict(rules, asked, response.status, body);
  Judgement judgement;
  judgement.outcome = found.outcome;
  judgement.whole_account = found.whole_account;
  if (found.outcome == Class::ok && must_be_json(asked, response)) {
    if (body.blank() && asked.method != "GET") {
      judgement.outcome = Class::empty;
    } else if (!body.root().exists()) {
      judgement.outcome = Class::retry;  // cut on its way, or a gateway's own page: may pass
      judgement.error = not_json(asked, response, body);
    }
  } else if (!is_good(found.outcome)) {
    const std::string words = product_words(response, body.root(), found.message_at, redactor);
    judgement.error = {.code = code_of(found.outcome, response.status),
                       .message = describe(asked, response, found.outcome, words),
                       .status = response.status};
  }
  if (says_json(response) && !body.blank()) static_cast<void>(body.root());
  judgement.json = body.take();
  return judgement;
}

}  // namespace earshot::core
