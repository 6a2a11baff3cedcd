/// Authenticating: whose credentials these are, and whether they are any.

#include <fmt/ranges.h>

#include "conformance/case.hpp"
#include "conformance/rig.hpp"

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
};

}  // namespace

std::span<const Case> authenticate_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance
