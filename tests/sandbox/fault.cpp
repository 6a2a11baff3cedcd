#include "sandbox/fault.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>

namespace earshot::sandbox {
namespace {

using Names = std::array<std::pair<FaultKind, std::string_view>, 9>;
constexpr Names kNames = {{{FaultKind::rate_limit, "rate_limit"},
                           {FaultKind::error500, "error500"},
                           {FaultKind::error503, "error503"},
                           {FaultKind::reset, "reset"},
                           {FaultKind::slow, "slow"},
                           {FaultKind::truncate, "truncate"},
                           {FaultKind::invalid_json, "invalid_json"},
                           {FaultKind::duplicate_page, "duplicate_page"},
                           {FaultKind::mutate_while_paging, "mutate_while_paging"}}};

core::Error wrong(std::string message) {
  return {.code = core::Code::config, .message = std::move(message)};
}

core::Result<FaultKind> kind_named(std::string_view name) {
  std::string known;
  for (const auto& entry : kNames) {
    if (entry.second == name) return entry.first;
    if (!known.empty()) known += ", ";
    known += entry.second;
  }
  return wrong(fmt::format("unknown fault '{}': there are {}", core::shorten(name, 60), known));
}

core::Result<std::uint64_t> number(std::string_view name, std::string_view value) {
  const std::optional<std::int64_t> parsed = core::parse_integer(value);
  if (parsed && *parsed >= 0 && *parsed <= 1'000'000'000)
    return static_cast<std::uint64_t>(*parsed);
  return wrong(fmt::format("'{}' takes a whole number from 0 to 1000000000", name));
}

core::Result<void> set_number(Fault& fault, std::string_view name, std::string_view value) {
  constexpr std::array kNumbers = {"times", "after", "retry_after", "delay_ms"};
  if (std::find(kNumbers.begin(), kNumbers.end(), name) == kNumbers.end()) {
    return wrong(fmt::format("a fault has no member '{}': there are fault, on, executed, {}",
                             core::shorten(name, 60), fmt::join(kNumbers, ", ")));
  }
  EAR_TRY(const std::uint64_t count, number(name, value));
  if (name == "times") fault.times = count;
  if (name == "after") fault.after = count;
  if (name == "retry_after") fault.retry_after = std::chrono::seconds(count);
  if (name == "delay_ms") fault.delay = std::chrono::milliseconds(count);
  return {};
}

core::Result<void> set_member(Fault& fault, std::string_view name, std::string_view value) {
  if (name == "fault") {
    EAR_TRY(fault.kind, kind_named(value));
  } else if (name == "on") {
    fault.on = value;
  } else if (name == "executed") {
    fault.executed = value == "true";
  } else {
    return set_number(fault, name, value);
  }
  return {};
}

}  // namespace

std::string_view to_string(FaultKind kind) noexcept {
  for (const auto& entry : kNames) {
    if (entry.first == kind) return entry.second;
  }
  return "";
}

core::Result<Fault> parse_fault(core::JsonValue object) {
  if (!object.member("fault").is_string()) {
    return wrong("a fault is an object with the member 'fault'");
  }
  Fault fault;
  for (const core::JsonValue member : object) {
    EAR_CHECK(set_member(fault, member.key(), member.text()));
  }
  return fault;
}

core::Result<Fault> parse_fault(std::string_view spec) {
  Fault fault;
  bool first = true;
  for (const std::string_view part : core::split(spec, ',')) {
    const std::size_t equals = part.find('=');
    if (std::exchange(first, false)) {
      EAR_CHECK(set_member(fault, "fault", part));
    } else if (equals == std::string_view::npos) {
      return wrong(fmt::format("'{}' is no name=value", core::shorten(part, 60)));
    } else {
      EAR_CHECK(set_member(fault, part.substr(0, equals), part.substr(equals + 1)));
    }
  }
  return fault;
}

const Fault* FaultPlan::next(std::string_view path, bool repeatable) {
  for (Fault& fault : faults_) {
    if (fault.struck >= fault.times || !core::glob_match(fault.on, path)) continue;
    if (fault.kind == FaultKind::duplicate_page && !repeatable) continue;
    if (fault.passed < fault.after) {
      ++fault.passed;
      continue;
    }
    ++fault.struck;
    return &fault;
  }
  return nullptr;
}

}  // namespace earshot::sandbox
