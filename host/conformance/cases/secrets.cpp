/// Secrets: planted canaries are found nowhere.

#include <functional>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/text.hpp>

#include "conformance/case.hpp"
#include "conformance/rig.hpp"
#include "conformance/sample.hpp"

namespace earshot::conformance {

using core::HttpRequest;

namespace {

using Texts = std::vector<std::string>;

/// What the plugin did with good credentials and with refused ones.
core::Result<std::vector<Deeds>> tried(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  std::vector<Deeds> all;
  all.push_back(rig->authenticate());
  all.push_back(rig->fetch());
  for (const int status : {401, 404, 500}) {
    PlayedProduct product(Recording{}, subject.corpus(), [status](std::size_t, const HttpRequest&) {
      return answer_with(status, R"({"error": "refused"})");
    });
    all.push_back(rig->visit(product, {}, [](Visit& visit) {
      if (visit.open() != EAR_OK) return;
      static_cast<void>(visit.authenticate());
      static_cast<void>(visit.fetch());
      visit.close();
    }));
  }
  return all;
}

/// Kept if no canary is in there: as it is, in base64, hexadecimal, percent-encoded, escaped, or as
/// its digest.
Verdict holds_no_canary(const Subject& subject, const char* where,
                        const std::function<Texts(const Deeds&)>& texts) {
  EAR_TRY(const std::vector<Deeds> all, tried(subject));
  for (const auto& [name, value] : subject.members()) {
    if (!subject.manifest().is_secret(name)) continue;
    core::Redactor redactor;
    redactor.learn(core::Secret(value));
    redactor.learn(core::Secret(core::hex_encode(core::sha256(value))));
    for (const Deeds& deeds : all) {
      for (const std::string& text : texts(deeds)) {
        const std::string decoded = core::percent_decode(text);
        if (redactor.redact(text) != text || redactor.redact(decoded) != decoded)
          return failed("'{}' stands in {}: {}", name, where, redactor.redact(decoded));
      }
    }
  }
  return passed();
}

Verdict not_in_log(const Subject& subject) {
  return holds_no_canary(subject, "a log line", [](const Deeds& deeds) { return deeds.logged; });
}

Verdict not_in_messages(const Subject& subject) {
  return holds_no_canary(subject, "a message", [](const Deeds& deeds) { return deeds.messages; });
}

Verdict not_in_records(const Subject& subject) {
  return holds_no_canary(subject, "what is emitted or reported", [](const Deeds& deeds) {
    Texts texts = deeds.emitted;
    for (const auto& [key, value] : deeds.reports) texts.push_back(key + " " + value);
    return texts;
  });
}

Verdict not_in_cursors(const Subject& subject) {
  return holds_no_canary(subject, "a cursor", [](const Deeds& deeds) { return deeds.cursors; });
}

Verdict not_in_requests(const Subject& subject) {
  return holds_no_canary(subject, "a request, which the host would have authorized",
                         [](const Deeds& deeds) { return deeds.requests; });
}

bool is_declared(const Subject& subject, const std::string& host) {
  const auto settings = subject.settings();
  if (!settings) return false;
  core::ProductAccount account{.manifest = &subject.manifest()};
  for (const core::JsonValue member : settings->config->root())
    account.config.emplace(member.key(), member.text());
  account.credentials = settings->credentials;
  for (const auto& [name, endpoint] : subject.manifest().endpoints) {
    const auto url = core::endpoint_url(name, account);
    if (url && url->origin.host == host) return true;
    for (const std::string& alias : endpoint.aliases) {
      const auto expanded = core::expand_template(alias, account);
      if (expanded && expanded->reveal().find(host) != std::string::npos) return true;
    }
  }
  return false;
}

Verdict asks_declared_hosts(const Subject& subject) {
  EAR_TRY(const std::vector<Deeds> all, tried(subject));
  for (const Deeds& deeds : all) {
    for (const std::string& host : deeds.hosts) {
      if (!is_declared(subject, host))
        return failed("it asks {}, which is no host of its manifest", host);
    }
  }
  return passed();
}

constexpr Needs kBoth{.provides = "feedback", .cassettes = "authenticate first_run"};

constexpr Case kCases[] = {
    {.id = "secrets.not_in_log",
     .promise = "No secret stands in what a plugin logs, in whatever form.",
     .clause = "SECRET-1",
     .needs = kBoth,
     .run = not_in_log},
    {.id = "secrets.not_in_messages",
     .promise = "No secret stands in the words for a failure, in whatever form.",
     .clause = "SECRET-1",
     .needs = kBoth,
     .run = not_in_messages},
    {.id = "secrets.not_in_records",
     .promise = "No secret stands in what a plugin emits or reports, in whatever form.",
     .clause = "SECRET-1",
     .needs = kBoth,
     .run = not_in_records},
    {.id = "secrets.not_in_cursors",
     .promise = "No secret stands in a cursor, in whatever form.",
     .clause = "SECRET-1",
     .needs = kBoth,
     .run = not_in_cursors},
    {.id = "secrets.not_in_requests",
     .promise = "No secret stands in a request before the host authorized it.",
     .clause = "SECRET-1",
     .needs = kBoth,
     .run = not_in_requests},
    {.id = "secrets.asks_declared_hosts",
     .promise = "Only hosts of the manifest are asked.",
     .clause = "SECRET-2",
     .needs = kBoth,
     .run = asks_declared_hosts},
};

}  // namespace

std::span<const Case> secrets_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance
