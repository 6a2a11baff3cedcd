/// A product that answers what it never documented.

#include "conformance/case.hpp"
#include "conformance/whole_run.hpp"

namespace earshot::conformance {

using core::HttpResponse;

namespace {

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};

Verdict truncated_json(const Subject& subject) {
  return survives(subject, [](const HttpResponse& recorded) -> std::optional<Answer> {
    if (recorded.status / 100 != 2) return std::nullopt;
    return answer_with(recorded.status, recorded.body.substr(0, recorded.body.size() / 2));
  });
}

Verdict html_page(const Subject& subject) {
  return survives(subject, [](const HttpResponse& /*recorded*/) {
    return answer_with(200, "<!doctype html><title>Log in</title><form>...</form>", "text/html");
  });
}

constexpr Case kCases[] = {
    {.id = "hostile.truncated_json",
     .promise = "JSON that breaks off is a failure or is asked for again, never an empty page.",
     .clause = "DATA-1",
     .needs = kFirstRun,
     .run = truncated_json},
    {.id = "hostile.html_page",
     .promise = "A page for people in the place of JSON is a failure, never an empty page.",
     .clause = "DATA-1",
     .needs = kFirstRun,
     .run = html_page},
};

}  // namespace

std::span<const Case> hostile_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance
