/// Fetching: cursors and tokens that lead nowhere.

#include <algorithm>
#include <utility>

#include "conformance/case.hpp"
#include "conformance/derived.hpp"
#include "conformance/trial.hpp"

namespace earshot::conformance {

using core::ErrorRule;
using core::HttpRequest;
using core::RunSummary;

namespace {

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};

std::string path_of(const std::string& target) {
  return target.substr(0, target.find('?'));
}

/// At every place of the product its first two answers in turn, whatever is asked for there.
class Circle {
 public:
  explicit Circle(const Recording& recording) {
    for (const core::CassetteEntry& entry : recording) {
      std::vector<core::HttpResponse>& pages = pages_[entry.method + path_of(entry.target)];
      if (pages.size() < 2) pages.push_back(entry.response);
    }
  }
  [[nodiscard]] bool turns() const {
    return std::any_of(pages_.begin(), pages_.end(),
                       [](const auto& place) { return place.second.size() > 1; });
  }
  std::optional<Answer> operator()(std::size_t /*number*/, const HttpRequest& request) {
    const std::string place = request.method + path_of(request.target);
    const auto pages = pages_.find(place);
    if (pages == pages_.end()) return std::nullopt;
    const core::HttpResponse& page = pages->second[asked_[place]++ % pages->second.size()];
    return Answer{.result = {.response = page, .error = std::nullopt}};
  }

 private:
  std::map<std::string, std::vector<core::HttpResponse>> pages_;
  std::map<std::string, std::size_t> asked_;
};

Verdict ends_where_pages_circle(const Subject& subject) {
  const Circle circle(subject.good("first_run"));
  if (!circle.turns()) return too_thin("no place of the product has two pages in first_run");
  EAR_TRY(const Trial trial, fetched(subject, subject.good("first_run"), circle));
  return trial.orderly;
}

/// JSON that has `value` at that pointer.
std::string nested(const std::string& pointer, const std::string& value) {
  if (pointer.empty()) return value;
  const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
  const std::string name = pointer.substr(1, end - 1);
  const std::string inner = nested(pointer.substr(end), value);
  return name == "0" ? "[" + inner + "]" : "{" + json_text(name) + ":" + inner + "}";
}

/// What the product says to a cursor that it does not know: as the manifest expects it.
Answer refusal_of_a_cursor(const core::Manifest& manifest) {
  for (const ErrorRule& rule : manifest.errors) {
    const int status = rule.status.value_or(400);
    for (const auto& [code, outcome] : rule.codes) {
      if (outcome == ErrorRule::Class::bad_cursor)
        return answer_with(status, nested(rule.code_at, json_text(code)));
    }
    if (rule.outcome != ErrorRule::Class::bad_cursor) continue;
    if (!rule.at.empty())
      return answer_with(status, nested(rule.at, rule.equals.value_or(json_text("bad cursor"))));
    return answer_with(status, nested("/error", json_text("bad cursor " + rule.body_contains)));
  }
  return answer_with(400, nested("/error", json_text("bad cursor")));
}

bool tells_of_cursors(const core::Manifest& manifest) {
  return std::any_of(manifest.errors.begin(), manifest.errors.end(), [](const ErrorRule& rule) {
    const bool by_code = std::any_of(rule.codes.begin(), rule.codes.end(), [](const auto& code) {
      return code.second == ErrorRule::Class::bad_cursor;
    });
    return by_code || rule.outcome == ErrorRule::Class::bad_cursor;
  });
}

/// First run on a product that refuses what it never handed out, with cursors that nobody wrote.
Verdict begins_anew_with(const Subject& subject, const WholeRun& whole,
                         const std::map<std::string, std::string>& streams,
                         const std::string& garbage) {
  EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
  for (const auto& stream : streams) EAR_CHECK(rehearsal->put_cursor(stream.first, garbage));
  PlayedProduct intact(subject.good("first_run"), subject.corpus());
  const Answer refusal = refusal_of_a_cursor(subject.manifest());
  PlayedProduct product({}, "", [&](std::size_t, const HttpRequest& request) {
    const std::size_t unknown = intact.unrecorded().size();
    Answer answer = intact.answer(request);
    return std::optional(intact.unrecorded().size() == unknown ? std::move(answer) : refusal);
  });
  const RunSummary run = rehearsal->sync(product);
  EAR_KEPT(completed(run, product));
  EAR_TRY(const auto contents, rehearsal->contents());
  const std::string apart = difference(whole.contents, contents);
  return apart.empty() ? passed() : failed("{}", apart);
}

Verdict begins_anew_without_a_readable_cursor(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
  PlayedProduct product(subject.good("first_run"), subject.corpus());
  EAR_KEPT(completed(rehearsal->sync(product), product));
  EAR_TRY(const auto streams, rehearsal->cursors());
  if (streams.empty()) return failed("it keeps no cursor");
  for (const std::string& garbage :
       {std::string("garbage"), std::string(R"({"v":99,"from":"elsewhere"})"),
        std::string("\xff\xfe\x01"), std::string(3000, 'x')}) {
    const Verdict verdict = begins_anew_with(subject, whole, streams, garbage);
    if (verdict.outcome != Outcome::pass && !tells_of_cursors(subject.manifest())) {
      return warned(
          "the manifest has no rule of the class bad_cursor, so that a cursor which the "
          "product refuses fails every run from then on: {}",
          verdict.seen);
    }
    if (verdict.outcome != Outcome::pass) {
      return failed("with the cursor {}: {}", json_text(garbage.substr(0, 40)), verdict.seen);
    }
  }
  return passed();
}

constexpr Case kCases[] = {
    {.id = "fetch.ends_where_pages_circle",
     .promise = "Pages that lead to each other in a circle come to an end.",
     .clause = "FETCH-7",
     .needs = kFirstRun,
     .run = ends_where_pages_circle},
    {.id = "fetch.begins_anew_without_a_readable_cursor",
     .promise =
         "A cursor that cannot be read is EAR_BAD_CURSOR: the run begins anew, and is whole.",
     .clause = "FETCH-9",
     .needs = kFirstRun,
     .run = begins_anew_without_a_readable_cursor},
};

}  // namespace

std::span<const Case> cursor_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance
