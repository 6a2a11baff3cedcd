/// Configuration: what a plugin reads of it, and what it does where that is not as it should be.

#include <algorithm>
#include <array>

#include <earshot/core/json/writer.hpp>

#include "conformance/case.hpp"
#include "conformance/rig.hpp"

namespace earshot::conformance {

using core::JsonValue;

namespace {

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};
constexpr std::size_t kLongText = std::size_t{1} << 20;

/// The configuration with JSON in the place of a member; empty: without it.
std::string changed(const Rig& rig, std::string_view name, const std::string& json) {
  core::JsonWriter out;
  out.begin_object();
  for (const JsonValue member : rig.config().root()) {
    if (member.key() == name) continue;
    out.key(member.key());
    out.value(member);
  }
  if (!json.empty()) {
    out.key(name);
    out.raw(json);
  }
  out.end_object();
  return out.take();
}

std::string quoted(const std::string& text) {
  core::JsonWriter out;
  out.string(text);
  return out.take();
}

Deeds fetched(const Rig& rig, std::string config) {
  Manner manner;
  manner.config = std::move(config);
  return rig.fetch(std::move(manner));
}

bool is_required(const Subject& subject, std::string_view name) {
  for (const JsonValue one : subject.manifest().config_schema().member("required")) {
    if (one.text() == name) return true;
  }
  return false;
}

bool is_no_answer_to_a_member(ear_rc rc) {
  return rc == EAR_BAD_DATA || rc == EAR_BAD_CURSOR || rc == EAR_INTERNAL || is_sticky(rc);
}

/// Kept if the plugin needs no such member, or says that this one is wrong, or takes it for another
/// wish than the usual one.
Verdict judged(const Deeds& deeds, std::string_view name) {
  if (is_no_answer_to_a_member(deeds.rc))
    return failed("it returns {}: {}", code_name(deeds.rc), deeds.message());
  if (deeds.rc == EAR_CONFIG && deeds.message().find(name) == std::string::npos)
    return failed("it returns EAR_CONFIG without naming '{}': {}", name, deeds.message());
  return passed();
}

/// The same where the member is missing: what is required is no wish.
Verdict judged_without(const Subject& subject, const Deeds& usual, const Deeds& deeds,
                       std::string_view name) {
  const std::string other = deeds.rc == EAR_OK ? otherwise(usual, deeds) : std::string();
  if (is_required(subject, name) && !other.empty())
    return failed("it fetches as if all were well, but {}", other);
  return judged(deeds, name);
}

Verdict prefixed(std::string_view name, std::string_view what, Verdict verdict) {
  if (verdict.outcome != Outcome::pass)
    verdict.seen = fmt::format("with '{}' {}, {}", name, what, verdict.seen);
  return verdict;
}

Verdict names_what_is_missing(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const Deeds usual = rig->fetch();
  for (const JsonValue member : rig->config().root()) {
    const Deeds deeds = fetched(*rig, changed(*rig, member.key(), ""));
    EAR_KEPT(
        prefixed(member.key(), "missing", judged_without(subject, usual, deeds, member.key())));
  }
  return passed();
}

Verdict names_another_type(const Subject& subject) {
  constexpr std::array<const char*, 5> kOthers{"null", "true", "[[]]", R"({"a":{}})", "-1.5e300"};
  EAR_TRY(const auto rig, Rig::open(subject));
  for (const JsonValue member : rig->config().root()) {
    for (const char* other : kOthers) {
      const Deeds deeds = fetched(*rig, changed(*rig, member.key(), other));
      EAR_KEPT(prefixed(member.key(), fmt::format("being {}", other), judged(deeds, member.key())));
    }
  }
  return passed();
}

Verdict survives_odd_text(const Subject& subject) {
  const std::array<std::pair<const char*, std::string>, 6> odd{
      {{"empty", "\"\""},
       {"1 MiB long", quoted(std::string(kLongText, 'x'))},
       {"with U+0000 in it", R"("a\u0000b")"},
       {"an emoji", R"("\ud83e\udd80")"},
       {"with line ends", R"("a\r\nHost: b")"},
       {"with marks of a format", R"("%s%n{}{0}%00")"}}};
  EAR_TRY(const auto rig, Rig::open(subject));
  for (const JsonValue member : rig->config().root()) {
    for (const auto& [what, json] : odd) {
      const Deeds deeds = fetched(*rig, changed(*rig, member.key(), json));
      if (deeds.rc == EAR_INTERNAL || is_sticky(deeds.rc))
        return failed("with '{}' {}, it returns {}: {}", member.key(), what, code_name(deeds.rc),
                      deeds.message());
    }
  }
  return passed();
}

Verdict ignores_unknown_members(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const Deeds usual = rig->fetch();
  const Deeds deeds =
      fetched(*rig, changed(*rig, "of_a_later_version", R"({"list": [1, "two"], "none": null})"));
  if (deeds.rc != usual.rc)
    return failed("with one more member, it returns {}: {}", code_name(deeds.rc), deeds.message());
  const std::string other = otherwise(usual, deeds);
  return other.empty() ? passed() : failed("with one more member, {}", other);
}

constexpr Case kCases[] = {
    {.id = "config.names_what_is_missing",
     .promise = "A member that is missing comes to EAR_CONFIG with its name, or is not needed.",
     .clause = "CONFIG-1",
     .needs = kFirstRun,
     .run = names_what_is_missing},
    {.id = "config.names_another_type",
     .promise =
         "A member of another type is read as something or comes to EAR_CONFIG with its name.",
     .clause = "CONFIG-1",
     .needs = kFirstRun,
     .run = names_another_type},
    {.id = "config.survives_odd_text",
     .promise = "Text of any length and content in a member leads to a code at most.",
     .clause = "CONFIG-1",
     .needs = kFirstRun,
     .run = survives_odd_text},
    {.id = "config.ignores_unknown_members",
     .promise = "Members that the plugin does not know are ignored.",
     .clause = "CONFIG-3",
     .needs = kFirstRun,
     .run = ignores_unknown_members},
};

}  // namespace

std::span<const Case> config_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance
