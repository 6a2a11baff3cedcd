#include "sandbox/intercom/query.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>

namespace earshot::sandbox {
namespace {

using Field = ConversationQuery::Field;
using std::string_view_literals::operator""sv;

constexpr std::size_t kMostFilters = 15;
constexpr int kDeepest = 2;

struct FieldSpec {
  std::string_view name;
  Field field;
  bool date;
};
constexpr std::array kFields = {
    FieldSpec{"id", Field::id, false}, FieldSpec{"created_at", Field::created_at, true},
    FieldSpec{"updated_at", Field::updated_at, true}, FieldSpec{"state", Field::state, false},
    FieldSpec{"open", Field::open, false}};

core::Error mistake(std::string message) {
  return {.code = core::Code::bad_data, .message = std::move(message)};
}

core::Result<void> read_value(const FieldSpec& spec, core::JsonValue value,
                              ConversationQuery& out) {
  if (!spec.date) {
    out.texts.emplace_back(value.text());
    return {};
  }
  const auto seconds = core::parse_integer(value.text());
  if (!seconds) {
    return core::Error{.code = core::Code::config,
                       .message = fmt::format("{} must be a UNIX timestamp", spec.name)};
  }
  out.seconds.push_back(*seconds);
  return {};
}

core::Result<ConversationQuery> parse_filter(core::JsonValue filter) {
  const std::string_view name = filter.member("field").text();
  const auto* const spec = std::find_if(kFields.begin(), kFields.end(),
                                        [&](const FieldSpec& one) { return one.name == name; });
  if (spec == kFields.end()) return mistake(fmt::format("Invalid field {}", name));
  ConversationQuery out{.field = spec->field, .op = std::string(filter.member("operator").text())};
  constexpr std::array kForAll = {"="sv, "!="sv, "IN"sv, "NIN"sv};
  const bool for_all = std::find(kForAll.begin(), kForAll.end(), out.op) != kForAll.end();
  const bool ordered = (out.op == ">" || out.op == "<") && spec->date;
  if (!for_all && !ordered) return mistake(fmt::format("Invalid operator for field {}", name));
  const core::JsonValue value = filter.member("value");
  const bool list = out.op == "IN" || out.op == "NIN";
  if (!value.exists() || value.is_array() != list || value.is_object()) {
    return mistake(fmt::format("Invalid value for field {}", name));
  }
  if (!list) EAR_CHECK(read_value(*spec, value, out));
  for (const core::JsonValue each : value) EAR_CHECK(read_value(*spec, each, out));
  return out;
}

core::Result<ConversationQuery> parse_at(core::JsonValue query, int depth) {
  if (!query.is_object()) return mistake("query must be a filter or a group of them");
  const core::JsonValue value = query.member("value");
  if (query.member("field").exists()) return parse_filter(query);
  ConversationQuery out{.op = std::string(query.member("operator").text())};
  if (!out.is_group() || !value.is_array() || value.size() == 0) {
    return mistake("query must be a filter or a group of them");
  }
  if (depth > kDeepest) return mistake("queries may be nested twice");
  if (value.size() > kMostFilters) return mistake("a group may have 15 filters");
  for (const core::JsonValue each : value) {
    EAR_TRY(ConversationQuery part, parse_at(each, depth + 1));
    out.group.push_back(std::move(part));
  }
  return out;
}

template <typename List, typename Value>
bool compare(const std::string& op, const List& list, const Value& value) {
  const bool among = std::find(list.begin(), list.end(), value) != list.end();
  if (op == ">") return value > list.front();
  if (op == "<") return value < list.front();
  return among == (op == "=" || op == "IN");
}

}  // namespace

core::Result<ConversationQuery> parse_query(core::JsonValue query) {
  return parse_at(query, 1);
}

bool matches(const ConversationQuery& query, const Conversation& conversation) {
  const auto holds = [&](const ConversationQuery& part) { return matches(part, conversation); };
  if (query.op == "AND") return std::all_of(query.group.begin(), query.group.end(), holds);
  if (query.op == "OR") return std::any_of(query.group.begin(), query.group.end(), holds);
  switch (query.field) {
    case Field::id: return compare(query.op, query.texts, std::to_string(conversation.id));
    case Field::created_at: return compare(query.op, query.seconds, conversation.created);
    case Field::updated_at: return compare(query.op, query.seconds, conversation.updated);
    case Field::state: return compare(query.op, query.texts, std::string(conversation.state));
    case Field::open:
      return compare(query.op, query.texts,
                     std::string(conversation.state != "closed" ? "true" : "false"));
  }
  return false;
}

UpdatedRange range_of(const ConversationQuery& query) {
  UpdatedRange range;
  if (query.op == "AND") {
    for (const ConversationQuery& part : query.group) {
      const UpdatedRange inner = range_of(part);
      range.from = std::max(range.from, inner.from);
      range.to = std::min(range.to, inner.to);
    }
  } else if (query.field == Field::updated_at && query.op == ">") {
    range.from = query.seconds.front() + 1;
  } else if (query.field == Field::updated_at && query.op == "<") {
    range.to = query.seconds.front() - 1;
  }
  return range;
}

}  // namespace earshot::sandbox
