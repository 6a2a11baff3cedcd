#include "record_filter.hpp"

#include <fmt/format.h>

#include <earshot/core/normalize/record.hpp>

#include "whole_number.hpp"

namespace earshot::host {

using core::Error;
using core::Result;

namespace {

template <typename Enum>
Result<void> read_enum(const char* option, const std::string& text, std::optional<Enum>& out) {
  if (text.empty()) return {};
  out = core::from_string<Enum>(text);
  if (out) return {};
  return Error{.code = core::Code::config,
               .message = fmt::format("{} takes one of {}, not '{}'", option,
                                      core::all_names<Enum>(), text)};
}

Result<void> read_time(const char* option, const std::string& text, core::Time now,
                       std::optional<core::Time>& out) {
  if (text.empty()) return {};
  Result<core::Time> time = core::parse_time_option(text, now);
  if (!time)
    return Error{.code = core::Code::config,
                 .message = fmt::format("{}: {}", option, time.error().message)};
  out = *time;
  return {};
}

Result<void> check_order(const char* from_option, const std::optional<core::Time>& from,
                         const char* to_option, const std::optional<core::Time>& to) {
  if (!from || !to || *from < *to) return {};
  return Error{.code = core::Code::config,
               .message = fmt::format("{} must be before {}", from_option, to_option)};
}

}  // namespace

void add_record_filter(CLI::App& verb, RecordFilter& filter) {
  verb.add_option("--integration", filter.integration, "Only this integration's");
  verb.add_option("--kind", filter.kind, "ticket, conversation, survey_response, ...");
  verb.add_option("--status", filter.status, "open, pending, solved, closed or deleted");
  verb.add_option("--category", filter.category, "bug_report, feature_request, support, ...");
  verb.add_option("--severity", filter.severity, "low, normal, high or urgent");
  verb.add_option("--tier", filter.tier, "enterprise, business, professional or free");
  verb.add_option("--customer", filter.customer, "Id, e-mail or name, exactly");
  verb.add_option("--from", filter.from,
                  "Updated at or after: a date, an RFC 3339 time or an age such as 7d");
  verb.add_option("--to", filter.to, "Updated before");
  verb.add_option("--created-from", filter.created_from, "Created at or after");
  verb.add_option("--created-to", filter.created_to, "Created before");
  verb.add_option("--search", filter.search, "Words in title and content; \"a phrase\", prefix*");
  verb.add_flag("--deleted", filter.deleted, "Tombstones too");
  verb.add_option("--limit", filter.limit, "At most so many")
      ->option_text("N")
      ->check(whole_number());
}

Result<core::RecordQuery> to_query(const RecordFilter& filter, core::Time now) {
  core::RecordQuery query;
  query.integration = filter.integration;
  query.customer = filter.customer;
  query.search = filter.search;
  query.deleted = filter.deleted || filter.status == "deleted";
  query.limit = filter.limit;
  EAR_CHECK(read_enum("--kind", filter.kind, query.kind));
  EAR_CHECK(read_enum("--status", filter.status, query.status));
  EAR_CHECK(read_enum("--category", filter.category, query.category));
  EAR_CHECK(read_enum("--severity", filter.severity, query.severity));
  EAR_CHECK(read_enum("--tier", filter.tier, query.tier));
  EAR_CHECK(read_time("--from", filter.from, now, query.updated_from));
  EAR_CHECK(read_time("--to", filter.to, now, query.updated_to));
  EAR_CHECK(read_time("--created-from", filter.created_from, now, query.created_from));
  EAR_CHECK(read_time("--created-to", filter.created_to, now, query.created_to));
  EAR_CHECK(check_order("--from", query.updated_from, "--to", query.updated_to));
  EAR_CHECK(check_order("--created-from", query.created_from, "--created-to", query.created_to));
  return query;
}

}  // namespace earshot::host
