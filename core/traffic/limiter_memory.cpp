#include <algorithm>

#include <earshot/core/json/document.hpp>
#include <earshot/core/json/writer.hpp>
#include <earshot/core/traffic/hold.hpp>
#include <earshot/core/traffic/limiter.hpp>

#include "budget.hpp"

namespace earshot::core {
namespace {

/// A hold of a former process, but none that a wrong clock has made endless.
Tick restored_hold(JsonValue saved, Tick now, Time calendar) {
  const auto until = saved.member("hold").integer();
  if (!until) return {};
  return std::min<Tick>(from_calendar(*until, now, calendar), now + kLongestHold);
}

void write_name(JsonWriter& out, std::string_view bucket, std::string_view key) {
  out.member("bucket", bucket);
  if (!key.empty()) out.member("key", key);
}

}  // namespace

std::string RateLimiter::save(Tick now, Time calendar, std::string_view integration) const {
  JsonWriter out;
  out.begin_object();
  if (integration.empty() && hold_ > now) out.member("hold", to_calendar(hold_, now, calendar));
  out.key("budgets");
  out.begin_array();
  for (const auto& [key, budget] : budgets_) {
    const Declared& declared = rules_[key.first];
    if (declared.integration != integration) continue;
    const bool adopted = adopted_.contains(key);
    const bool learnt = adopted || budget->limit() != make_budget(declared.rule)->limit();
    if (budget->idle(now) && !learnt) continue;
    out.begin_object();
    write_name(out, declared.rule.bucket, key.second);
    if (learnt) out.member("limit", budget->limit());
    if (adopted) out.member("windows", true);
    if (budget->hold() > now) out.member("hold", to_calendar(budget->hold(), now, calendar));
    budget->save(out, now, calendar);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return out.take();
}

void RateLimiter::restore(std::string_view saved, Tick now, Time calendar,
                          std::string_view integration) {
  const auto document = JsonDocument::parse(std::string(saved));
  if (!document) return;
  const JsonValue root = document.value()->root();
  if (integration.empty()) hold_ = std::max(hold_, restored_hold(root, now, calendar));
  for (const JsonValue entry : root.member("budgets")) {
    const std::string_view bucket = entry.member("bucket").text();
    const auto rule = std::find_if(rules_.begin(), rules_.end(), [&](const Declared& candidate) {
      return candidate.rule.bucket == bucket && candidate.integration == integration;
    });
    if (rule == rules_.end()) continue;
    const auto index = static_cast<std::size_t>(rule - rules_.begin());
    const std::string_view key = entry.member("key").text();
    const auto limit = entry.member("limit").integer();
    const bool learnt = limit && *limit > 0 && !rule->rule.by_operator;
    if (learnt && entry.member("windows").truthy() && rule->rule.headers.per > Micros(0)) {
      adopt_windows(key_of(index, key), static_cast<std::uint64_t>(*limit));
    }
    Budget& restored = budget(index, key);
    if (learnt) restored.resize(static_cast<std::uint64_t>(*limit));
    restored.restore(entry, now, calendar);
    restored.hold_until(restored_hold(entry, now, calendar));
  }
}

}  // namespace earshot::core
