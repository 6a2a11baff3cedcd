#include "sandbox/surveymonkey/responses.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/base/time.hpp>

#include "sandbox/surveymonkey/paging.hpp"
#include "sandbox/surveymonkey/replies.hpp"

namespace earshot::sandbox {
namespace {

constexpr std::uint64_t kLargestBulk = 100;
constexpr std::uint64_t kLargestList = 1'000;
constexpr std::size_t kSecondsEnd = std::string_view("2026-03-02T10:15:29").size();

/// What is asked for. Borders are outside: "after" and "before" leave the instant itself out.
struct ResponseFilter {
  std::int64_t modified_after = std::numeric_limits<std::int64_t>::min();
  std::int64_t modified_before = std::numeric_limits<std::int64_t>::max();
  std::int64_t created_after = std::numeric_limits<std::int64_t>::min();
  std::int64_t created_before = std::numeric_limits<std::int64_t>::max();
  std::string status;
  std::string email;
  std::string custom;
  std::vector<std::string_view> collectors;
  bool descending = false;
  bool simple = false;
};

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> choices) {
  return std::find(choices.begin(), choices.end(), text) != choices.end();
}

bool read_dates(ResponseFilter& out, const Parameters& query) {
  const std::pair<std::string_view, std::int64_t*> members[] = {
      {"start_modified_at", &out.modified_after},
      {"end_modified_at", &out.modified_before},
      {"start_created_at", &out.created_after},
      {"end_created_at", &out.created_before}};
  for (const auto& [name, member] : members) {
    const auto text = query.find(name);
    if (!text) continue;
    const auto date = read_date_string(*text);
    if (!date) return false;
    *member = *date;
  }
  return true;
}

/// False where a value is none that the documents list.
bool read_words(ResponseFilter& out, const Parameters& query) {
  const auto word = [&](std::string_view name) { return query.find(name).value_or(""); };
  if (query.find("status") &&
      !is_one_of(word("status"), {"completed", "partial", "overquota", "disqualified"})) {
    return false;
  }
  if (query.find("sort_by") && word("sort_by") != "date_modified") return false;
  if (query.find("sort_order") && !is_one_of(word("sort_order"), {"ASC", "DESC"})) return false;
  if (query.find("simple") && !is_one_of(word("simple"), {"true", "false"})) return false;
  out.status = word("status");
  out.email = word("email");
  out.custom = word("custom");
  out.descending = word("sort_order") == "DESC";
  out.simple = word("simple") == "true";
  if (const auto ids = query.find("collector_ids")) out.collectors = core::split(*ids, ',');
  return true;
}

std::optional<ResponseFilter> read_filter(const Parameters& query, bool bulk) {
  std::vector<std::string_view> names = {"page",
                                         "per_page",
                                         "start_created_at",
                                         "end_created_at",
                                         "start_modified_at",
                                         "end_modified_at",
                                         "status",
                                         "email",
                                         "custom",
                                         "sort_by",
                                         "sort_order"};
  if (bulk) names.insert(names.end(), {"simple", "collector_ids"});
  ResponseFilter filter;
  if (!has_only(query, names) || !read_dates(filter, query) || !read_words(filter, query)) {
    return std::nullopt;
  }
  return filter;
}

bool matches(const ResponseFilter& filter, const SurveyResponse& response) {
  if (response.modified <= filter.modified_after || response.modified >= filter.modified_before) {
    return false;
  }
  if (response.created <= filter.created_after || response.created >= filter.created_before) {
    return false;
  }
  if (!filter.status.empty() && filter.status != response.status) return false;
  const bool about_people = !filter.email.empty() || !filter.custom.empty();
  const RespondentFacts who = about_people ? respondent_of(response) : RespondentFacts{};
  if (!filter.email.empty() && filter.email != who.email) return false;
  if (!filter.custom.empty() && filter.custom != who.custom_value) return false;
  const std::string collector = collector_id(response.survey);
  return filter.collectors.empty() || std::find(filter.collectors.begin(), filter.collectors.end(),
                                                collector) != filter.collectors.end();
}

std::vector<std::size_t> matching(const ResponseBook& book, std::size_t survey,
                                  const ResponseFilter& filter) {
  std::vector<std::size_t> found;
  const ItemOrder& order = book.of_survey(survey);
  for (auto at = order.lower_bound({filter.modified_after, 0}); at != order.end(); ++at) {
    if (matches(filter, book.at(at->second))) found.push_back(at->second);
  }
  if (filter.descending) std::reverse(found.begin(), found.end());
  return found;
}

std::string listed(const SurveyResponse& response) {
  return with_escaped_slashes(fmt::format(
      R"({{"href":"https://api.surveymonkey.com/v3/surveys/{}/responses/{}","id":"{}"}})",
      survey_id(response.survey), response.id, response.id));
}

}  // namespace

std::optional<std::int64_t> read_date_string(std::string_view text) {
  const bool shaped = text.size() == kSecondsEnd + std::string_view("+00:00").size() &&
                      (text[kSecondsEnd] == '+' || text[kSecondsEnd] == '-');
  if (!shaped) return std::nullopt;
  const std::optional<core::Time> time = core::parse_time(text);
  if (!time) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(time->time_since_epoch()).count();
}

core::HttpReply list_responses(ResponseBook& book, std::size_t survey, bool bulk,
                               std::string_view path, const Parameters& query,
                               std::uint64_t page_cap) {
  const auto filter = read_filter(query, bulk);
  const auto page = read_page(query, bulk ? kLargestBulk : kLargestList, page_cap);
  if (!filter || !page) return monkey_error(MonkeyError::bad_parameters);
  const std::vector<std::size_t> found = matching(book, survey, *filter);
  std::vector<std::string> items;
  for (std::size_t at = (page->number - 1) * page->size;
       at < found.size() && items.size() < page->size; ++at) {
    if (!bulk) {
      items.push_back(listed(book.at(found[at])));
    } else {
      items.push_back(filter->simple ? book.simple_json(found[at])
                                     : json_of(book.at(found[at]), false));
    }
  }
  return page_reply(path, query, *page, found.size(), items);
}

}  // namespace earshot::sandbox
