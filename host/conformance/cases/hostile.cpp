/// A product that answers what it never documented.

#include <algorithm>
#include <utility>

#include <earshot/core/base/text.hpp>
#include <earshot/core/http/message.hpp>

#include "conformance/case.hpp"
#include "conformance/derived.hpp"
#include "conformance/trial.hpp"

namespace earshot::conformance {

using core::HttpResponse;
using core::JsonValue;

namespace {

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};

Verdict html_page(const Subject& subject) {
  return survives(subject, [](const HttpResponse& /*recorded*/) {
    return answer_with(200, "<!doctype html><title>Log in</title><form>...</form>", "text/html");
  });
}

Verdict other_document(const Subject& subject) {
  for (const char* document : {"null", "[]", "\"gone fishing\"", "0"}) {
    const Verdict verdict =
        survives(subject, [document](const HttpResponse&) { return answer_with(200, document); });
    if (verdict.outcome != Outcome::pass) return failed("{}: {}", document, verdict.seen);
  }
  return passed();
}

Verdict broken_text(const Subject& subject) {
  return survives(subject, [](const HttpResponse& recorded) -> std::optional<Answer> {
    if (recorded.body.empty()) return std::nullopt;
    return answer_with(200, "{\"\xff\xfe\":1," + recorded.body.substr(1));
  });
}

/// Deep, but not too deep for the host; and too deep for anybody.
Verdict deep_nesting(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  for (const std::size_t depth : {std::size_t{400}, std::size_t{200'000}}) {
    const std::string deep = std::string(depth, '[') + std::string(depth, ']');
    const Recording recording =
        edited(subject.good("first_run"), [&](const std::string&, JsonValue root) {
          const std::string text = root.dump();
          if (!root.is_object() || root.size() == 0) return std::optional<std::string>();
          return std::optional("{\"deep\":" + deep + "," + text.substr(1));
        });
    EAR_TRY(const Trial trial, fetched(subject, recording));
    EAR_KEPT(trial.orderly);
    const std::string apart = difference(whole.contents, trial.contents);
    if (trial.claims_all() && !apart.empty())
      return failed("with values {} deep, the run completed as if nothing had happened; {}", depth,
                    apart);
  }
  return passed();
}

Verdict long_headers(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  Recording recording = subject.good("first_run");
  for (core::CassetteEntry& entry : recording) {
    core::HttpHeaders longer;
    for (const auto& [name, value] : entry.response.headers)
      longer.add(name, value + "; x=" + std::string(100'000, 'x'));
    for (int i = 0; i < 10'000; ++i) longer.add(fmt::format("x-made-up-{}", i), "y");
    entry.response.headers = std::move(longer);
  }
  return fetches_the_same(subject, whole, recording);
}

/// U+0000 and halves of surrogate pairs in every title; behind them, what must not be lost.
Verdict odd_characters(const Subject& subject) {
  EAR_TRY(const Trial whole, fetched(subject, subject.good("first_run")));
  EAR_KEPT(whole.complete);
  std::map<std::string, std::string> titles;
  for (const core::StoredRecord& one : whole.records)
    if (!one.record.title.empty()) titles.emplace(one.record.title, "");
  const Recording recording =
      edited(subject.good("first_run"), [&](const std::string&, JsonValue value) {
        if (!value.is_string() || !titles.contains(std::string(value.text())))
          return std::optional<std::string>();
        return std::optional<std::string>(R"("a\u0000b\ud83dc\udc00 behind it")");
      });
  EAR_TRY(const Trial trial, fetched(subject, recording));
  EAR_KEPT(trial.complete);
  for (const core::StoredRecord& one : trial.records) {
    const std::string& title = one.record.title;
    if (title.starts_with('a') && title.find("behind it") == std::string::npos)
      return failed("of a title with U+0000 and half a surrogate pair, {} has '{}'",
                    one.record.source_id, title);
  }
  return trial.records.size() == whole.records.size()
             ? passed()
             : failed("{} of {} records are left", trial.records.size(), whole.records.size());
}

constexpr std::string_view kOddId = "/../\"'\n?&=#%2e\xC3\xA9";

/// The target with another id wherever a segment or parameter of it is one.
std::string with_ids(std::string target, const std::map<std::string, std::string>& ids) {
  for (const auto& [id, odd] : ids) {
    for (const char before : {'/', '='}) {
      const std::size_t at = target.find(before + id);
      if (at == std::string::npos) continue;
      const std::size_t end = at + 1 + id.size();
      const bool whole =
          end == target.size() || target[end] == '/' || target[end] == '?' || target[end] == '&';
      if (whole) target.replace(at + 1, id.size(), escaped(odd));
    }
  }
  return target;
}

Verdict odd_ids(const Subject& subject) {
  EAR_TRY(const Trial whole, fetched(subject, subject.good("first_run")));
  EAR_KEPT(whole.complete);
  std::map<std::string, std::string> ids;
  for (const core::StoredRecord& one : whole.records)
    ids.emplace(one.record.source_id, one.record.source_id + std::string(kOddId));
  const std::set<std::string> places = places_of(subject.manifest(), "source_id");
  bool texts = false;
  static_cast<void>(
      edited(subject.good("first_run"), [&](const std::string& pointer, JsonValue value) {
        for (const std::string& place : places)
          texts = texts || (pointer.ends_with(place) && value.is_string() &&
                            ids.contains(std::string(value.text())));
        return std::optional<std::string>();
      }));
  if (!texts) return skipped("the product's ids are numbers");
  Recording recording = replaced(subject.good("first_run"), ids);
  for (core::CassetteEntry& entry : recording) entry.target = with_ids(entry.target, ids);
  EAR_TRY(const Trial trial, fetched(subject, recording));
  EAR_KEPT(trial.complete);
  std::size_t kept = 0;
  for (const core::StoredRecord& one : trial.records)
    kept += one.record.source_id.ends_with(kOddId) ? 1 : 0;
  if (kept == whole.records.size()) return passed();
  return failed("of {} ids with slashes, quotes and a line's end, {} are whole",
                whole.records.size(), kept);
}

/// Links that lead to where the product is not.
Verdict links_elsewhere(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  const std::string own = "https://" + whole.requests.front().origin.host + "/";
  if (subject.corpus().find(own) == std::string::npos)
    return skipped("the product's answers hold no links to itself");
  return survives(subject, [&own](const HttpResponse& recorded) -> std::optional<Answer> {
    std::string body = recorded.body;
    const std::string elsewhere = "https://elsewhere.example/";
    for (std::size_t at = body.find(own); at != std::string::npos; at = body.find(own, at))
      body.replace(at, own.size(), elsewhere);
    if (recorded.status / 100 != 2 || body == recorded.body) return std::nullopt;
    return answer_with(recorded.status, body);
  });
}

Verdict redirects_elsewhere(const Subject& subject) {
  return survives(subject, [](const HttpResponse&) {
    Answer answer = answer_with(302, "");
    answer.result.response->headers.add("Location", "https://elsewhere.example/v1/");
    return answer;
  });
}

constexpr Case kCases[] = {
    {.id = "hostile.html_page",
     .promise = "A page for people in the place of JSON is a failure, never an empty page.",
     .clause = "DATA-1",
     .needs = kFirstRun,
     .run = html_page},
    {.id = "hostile.broken_text",
     .promise = "JSON that is no UTF-8 is a failure, never an empty page.",
     .clause = "DATA-1",
     .needs = kFirstRun,
     .run = broken_text},
    {.id = "hostile.other_document",
     .promise = "null, a list, a text or a number in the place of an answer is a failure.",
     .clause = "DATA-2",
     .needs = kFirstRun,
     .run = other_document},
    {.id = "hostile.deep_nesting",
     .promise = "Values that are hundreds deep are survived.",
     .clause = "DATA-3",
     .needs = kFirstRun,
     .run = deep_nesting},
    {.id = "hostile.long_headers",
     .promise = "Headers of any number and length are survived.",
     .clause = "DATA-3",
     .needs = kFirstRun,
     .run = long_headers},
    {.id = "hostile.odd_characters",
     .promise = "U+0000 and half a surrogate pair cost neither an item nor the rest of its text.",
     .clause = "DATA-2",
     .needs = kFirstRun,
     .run = odd_characters},
    {.id = "hostile.odd_ids",
     .promise = "Ids with slashes, quotes and line ends stay what they are, also in paths.",
     .clause = "DATA-2",
     .needs = kFirstRun,
     .run = odd_ids},
    {.id = "hostile.links_elsewhere",
     .promise = "A link to a page on another host is a failure, never the last page.",
     .clause = "DATA-4",
     .needs = kFirstRun,
     .run = links_elsewhere},
    {.id = "hostile.redirects_elsewhere",
     .promise = "A redirect to another host is a failure, never an empty page.",
     .clause = "DATA-4",
     .needs = kFirstRun,
     .run = redirects_elsewhere},
};

}  // namespace

std::span<const Case> hostile_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance
