/// Authenticating: whose credentials these are, and whether they are any.

#include <fmt/ranges.h>

#include "conformance/case.hpp"
#include "conformance/rig.hpp"
#include "conformance/trial.hpp"

namespace earshot::conformance {

using core::HttpRequest;

namespace {

constexpr Needs kAuthenticate{.provides = "", .cassettes = "authenticate"};
constexpr std::size_t kMostRequests = 3;

Deeds authenticated(const Subject& subject, const Rig& rig, PlayedProduct::Script script) {
  PlayedProduct product(subject.good("authenticate"), subject.corpus(), std::move(script));
  return rig.visit(product, {}, [](Visit& visit) {
    if (visit.open() != EAR_OK) return;
    const ear_rc rc = visit.authenticate();
    visit.close();
    visit.deeds().rc = rc;
  });
}

std::string account_of(const Deeds& deeds) {
  const auto found = deeds.reports.find("account_id");
  return found == deeds.reports.end() ? std::string() : found->second;
}

Verdict names_the_account(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const Deeds deeds = rig->authenticate();
  if (deeds.rc != EAR_OK)
    return failed("good credentials come to {}: {}", code_name(deeds.rc), deeds.message());
  return account_of(deeds).empty() ? failed("it reports no `account_id`") : passed();
}

Verdict names_the_same_account(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const std::string first = account_of(rig->authenticate());
  const std::string second = account_of(rig->authenticate());
  return first == second ? passed()
                         : failed("`account_id` is '{}', the next time '{}'", first, second);
}

Verdict asks_little(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const Deeds deeds = rig->authenticate();
  return deeds.requests.size() <= kMostRequests
             ? passed()
             : failed("it sends {} requests", deeds.requests.size());
}

Verdict changes_nothing(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const Deeds deeds = rig->authenticate();
  return deeds.changes.empty() ? passed() : failed("it sends {}", deeds.changes.front());
}

Deeds refused(const Subject& subject, const Rig& rig, int status) {
  return authenticated(subject, rig, [status](std::size_t, const HttpRequest&) {
    return answer_with(status, R"({"error": "refused"})");
  });
}

Verdict tells_refused_credentials(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const Deeds deeds = refused(subject, *rig, 401);
  if (deeds.rc == EAR_AUTH || deeds.rc == EAR_AUTH_EXPIRED) return passed();
  return failed("status 401 comes to {}: {}", code_name(deeds.rc), deeds.message());
}

Verdict tells_missing_rights(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const Deeds deeds = refused(subject, *rig, 403);
  if (deeds.rc == EAR_FORBIDDEN) return passed();
  return failed("status 403 comes to {}: {}", code_name(deeds.rc), deeds.message());
}

Verdict takes_recorded_refusals(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  for (const core::CassetteEntry& entry : subject.cassette("auth_fail")) {
    if (entry.response.status / 100 == 2) continue;
    const Deeds deeds = authenticated(
        subject, *rig, [&entry](std::size_t, const HttpRequest&) -> std::optional<Answer> {
          return Answer{.result = {.response = entry.response, .error = std::nullopt}};
        });
    if (deeds.rc == EAR_OK)
      return failed("the recorded refusal with status {} is taken for an account",
                    entry.response.status);
    if (deeds.rc == EAR_INTERNAL || deeds.rc == EAR_MISUSE || is_sticky(deeds.rc)) {
      return failed("the recorded refusal with status {} comes to {}", entry.response.status,
                    code_name(deeds.rc));
    }
  }
  return passed();
}

Verdict takes_no_other_shape(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  for (const char* body : {"{}", "[]", "null", "17", R"({"error": false})", R"({"id": {}})"}) {
    const Deeds deeds = authenticated(
        subject, *rig, [body](std::size_t, const HttpRequest&) { return answer_with(200, body); });
    if (deeds.rc == EAR_OK) return failed("`{}` is taken for an account", body);
  }
  return passed();
}

Verdict takes_no_html(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const Deeds deeds = authenticated(subject, *rig, [](std::size_t, const HttpRequest&) {
    return answer_with(200, "<!doctype html><title>Log in</title>", "text/html");
  });
  return deeds.rc != EAR_OK ? passed() : failed("a page to log in is taken for an account");
}

struct Failure {
  const char* what;
  Answer answer;
  ear_rc rc;
};

std::vector<Failure> failures() {
  const std::string body = R"({"error":"be right back"})";
  return {{"a 500", answer_with(500, body), EAR_UPSTREAM},
          {"a 502", answer_with(502, body), EAR_UPSTREAM},
          {"a 503", answer_with(503, body), EAR_UPSTREAM},
          {"a broken connection", broken_connection(), EAR_NETWORK},
          {"a time-out", timed_out(), EAR_NETWORK},
          {"an answer of more than 64 MiB", oversized(), EAR_LIMIT}};
}

/// What is asked behind the account may be done without: only for the same account, though.
Verdict passes_on(const Subject& subject, const Rig& rig, const HttpRequest& whose,
                  const Failure& failure, const std::string& account) {
  const Deeds deeds = authenticated(subject, rig, answering(subject, whose, failure.answer));
  if (deeds.rc == failure.rc) return passed();
  if (deeds.rc == EAR_OK && account_of(deeds) == account) return passed();
  return failed("{} in place of the answer to {} {} comes to {}", failure.what, whose.method,
                whose.target, code_name(deeds.rc));
}

Verdict failures_go_up(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  PlayedProduct product(subject.good("authenticate"), subject.corpus());
  const Deeds whole = rig->visit(product, {}, [](Visit& visit) {
    if (visit.open() != EAR_OK) return;
    static_cast<void>(visit.authenticate());
    visit.close();
  });
  if (product.requests().empty()) return failed("it takes credentials for good without asking");
  for (const Failure& failure : failures()) {
    for (const HttpRequest& whose : product.requests())
      EAR_KEPT(passes_on(subject, *rig, whose, failure, account_of(whole)));
  }
  return passed();
}

constexpr Case kCases[] = {
    {.id = "authenticate.names_the_account",
     .promise = "Good credentials come to EAR_OK and an `account_id`.",
     .clause = "AUTH-1",
     .needs = kAuthenticate,
     .run = names_the_account},
    {.id = "authenticate.names_the_same_account",
     .promise = "The same credentials come to the same `account_id`.",
     .clause = "AUTH-1",
     .needs = kAuthenticate,
     .run = names_the_same_account},
    {.id = "authenticate.asks_little",
     .promise = "Authenticating takes at most three requests.",
     .clause = "AUTH-2",
     .needs = kAuthenticate,
     .run = asks_little},
    {.id = "authenticate.changes_nothing",
     .promise = "Authenticating only reads.",
     .clause = "AUTH-2",
     .needs = kAuthenticate,
     .run = changes_nothing},
    {.id = "authenticate.tells_refused_credentials",
     .promise = "Status 401 comes to EAR_AUTH or EAR_AUTH_EXPIRED.",
     .clause = "AUTH-3",
     .needs = kAuthenticate,
     .run = tells_refused_credentials},
    {.id = "authenticate.tells_missing_rights",
     .promise = "Status 403 comes to EAR_FORBIDDEN.",
     .clause = "AUTH-4",
     .needs = kAuthenticate,
     .run = tells_missing_rights},
    {.id = "authenticate.takes_recorded_refusals",
     .promise = "Each refusal that was recorded comes to a code for the operator.",
     .clause = "AUTH-3",
     .needs = {.provides = "", .cassettes = "authenticate auth_fail"},
     .run = takes_recorded_refusals},
    {.id = "authenticate.takes_no_other_shape",
     .promise = "JSON that is no account is no proof.",
     .clause = "AUTH-5",
     .needs = kAuthenticate,
     .run = takes_no_other_shape},
    {.id = "authenticate.takes_no_html",
     .promise = "A page for people in the place of JSON is no proof.",
     .clause = "AUTH-5",
     .needs = kAuthenticate,
     .run = takes_no_html},
    {.id = "authenticate.failures_go_up",
     .promise = "A product that fails or does not answer proves nothing: its code goes up.",
     .clause = "AUTH-6",
     .needs = kAuthenticate,
     .run = failures_go_up},
};

}  // namespace

std::span<const Case> authenticate_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance
