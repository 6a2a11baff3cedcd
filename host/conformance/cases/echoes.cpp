/// Secrets: a product that names in its answers what it was sent.

#include <string>
#include <utility>
#include <vector>

#include <fmt/ranges.h>

#include <earshot/core/base/text.hpp>

#include "conformance/case.hpp"
#include "conformance/derived.hpp"
#include "conformance/positions.hpp"
#include "conformance/rig.hpp"

namespace earshot::conformance {

using core::HttpRequest;

namespace {

using Texts = std::vector<std::string>;

constexpr Needs kBoth{.provides = "feedback", .cassettes = "authenticate first_run"};
constexpr std::size_t kShown = 80;
constexpr std::size_t kLongEcho = 6000;
constexpr std::size_t kShortestPiece = 12;  ///< Of a secret, that tells something of it.

/// Of the configuration.
Texts secrets_of(const Subject& subject) {
  Texts secrets;
  for (const auto& [name, value] : subject.members()) {
    if (subject.manifest().is_secret(name)) secrets.push_back(value);
  }
  return secrets;
}

/// Nothing but secrets behind so many other bytes: wherever it is cut, a secret is.
std::string echo_of(const Texts& secrets, std::size_t before) {
  std::string echo(before, '-');
  while (echo.size() < kLongEcho) echo += fmt::format(" {}", fmt::join(secrets, " "));
  return echo;
}

/// A failure that quotes what it was asked with, in a header and wherever products put their words.
Answer quoting(int status, const Texts& secrets) {
  const std::string words = json_text(echo_of(secrets, static_cast<std::size_t>(status) % 17));
  Answer answer = answer_with(
      status, fmt::format(R"({{"error":{0},"message":{0},"errors":[{{"message":{0}}}]}})", words));
  answer.result.response->headers.add("X-Request-Token", secrets.front());
  return answer;
}

/// Every answer names the credentials beside what was asked for, every link on a page carries them.
Recording echoing(Recording recording, const Texts& secrets) {
  const std::string link = "&access_token=" + escaped(secrets.front());
  recording = edited(std::move(recording), [&](const std::string& pointer, core::JsonValue value) {
    const std::string text(value.text());
    const bool on_a_page = place_of(pointer).find('*') == std::string::npos;
    if (!value.is_string() || !on_a_page || !text.starts_with("https://"))
      return std::optional<std::string>();
    return std::optional(json_text(text + (text.find('?') == std::string::npos ? "?" : "") + link));
  });
  return edited(std::move(recording), [&](const std::string& pointer, core::JsonValue root) {
    if (!pointer.empty() || !root.is_object() || root.size() == 0)
      return std::optional<std::string>();
    return std::optional(fmt::format(R"({{"authorization":{},{})", json_text(echo_of(secrets, 0)),
                                     root.dump().substr(1)));
  });
}

Deeds visited(const Rig& rig, PlayedProduct& product) {
  return rig.visit(product, {}, [](Visit& visit) {
    if (visit.open() != EAR_OK) return;
    static_cast<void>(visit.authenticate());
    static_cast<void>(visit.fetch());
    visit.close();
  });
}

std::vector<Deeds> tried_on_an_echo(const Subject& subject, const Rig& rig, const Texts& secrets) {
  std::vector<Deeds> all;
  for (const char* name : {"authenticate", "first_run"}) {
    PlayedProduct product(echoing(subject.good(name), secrets), subject.corpus());
    all.push_back(visited(rig, product));
  }
  for (const int status : {200, 400, 401, 403, 404, 409, 422, 500}) {
    const Answer answer = quoting(status, secrets);
    PlayedProduct product({}, subject.corpus(), [&answer](std::size_t, const HttpRequest&) {
      return std::optional(answer);
    });
    all.push_back(visited(rig, product));
  }
  return all;
}

/// True if a piece of a secret stands there.
bool tells_of(const std::string& text, const Texts& secrets) {
  for (const std::string& secret : secrets) {
    for (std::size_t at = 0; at + kShortestPiece <= secret.size(); ++at) {
      if (text.find(secret.substr(at, kShortestPiece)) != std::string::npos) return true;
    }
  }
  return false;
}

/// What the plugin keeps is not looked through by the host; in what it says, the host blots out
/// whole secrets, but not pieces.
Verdict passes_on_no_echo(const Deeds& deeds, const Texts& secrets) {
  core::Redactor redactor;
  for (const std::string& secret : secrets) redactor.learn(core::Secret(secret));
  Texts kept = deeds.cursors;
  for (const auto& report : deeds.reports) kept.push_back(report.second);
  for (const HandedOver& one : deeds.items) {
    for (const core::ComputedField& field : one.fields) kept.push_back(field.value);
  }
  for (const std::string& text : kept) {
    if (tells_of(core::percent_decode(text), secrets))
      return failed("a cursor, a field or a report holds it: {}",
                    core::shorten(redactor.redact(core::percent_decode(text)), kShown));
  }
  Texts said = deeds.messages;
  said.insert(said.end(), deeds.logged.begin(), deeds.logged.end());
  for (const std::string& text : said) {
    if (tells_of(redactor.redact(text), secrets))
      return failed(
          "a message or a log line holds a piece of it, which the host does not know for "
          "a secret");
  }
  return passed();
}

Verdict not_from_echoes(const Subject& subject) {
  const Texts secrets = secrets_of(subject);
  if (secrets.empty()) return skipped("the configuration has no secrets");
  EAR_TRY(const auto rig, Rig::open(subject));
  for (const Deeds& deeds : tried_on_an_echo(subject, *rig, secrets)) {
    const Verdict verdict = passes_on_no_echo(deeds, secrets);
    if (verdict.outcome != Outcome::pass)
      return failed("the product names a secret in its answer, and {}", verdict.seen);
  }
  return passed();
}

constexpr Case kCases[] = {
    {.id = "secrets.not_from_echoes",
     .promise =
         "A secret that the product names in its answers is passed on nowhere, nor is a piece "
         "of it.",
     .clause = "SECRET-1",
     .needs = kBoth,
     .run = not_from_echoes},
};

}  // namespace

std::span<const Case> echo_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance
