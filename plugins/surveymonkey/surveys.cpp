#include "surveys.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace earshot::plugins {
namespace {

using sdk::Call, sdk::Code, sdk::Error, sdk::Page, sdk::Result, sdk::Value;

constexpr int kMostPages = 100;  ///< Of a thousand surveys each.

struct Listed {
  std::string id;
  std::string title;
  std::string nickname;
  std::int64_t responses;
};

bool is_id(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

Result<std::vector<Listed>> list_surveys(Call& call) {
  std::vector<Listed> listed;
  for (int number = 1; number <= kMostPages; ++number) {
    EAR_TRY(const Page page, call.get(sdk::path("/v3/surveys", {{"page", std::to_string(number)},
                                                                {"per_page", "1000"},
                                                                {"include", "response_count"}})));
    EAR_TRY(const bool more, has_next(page));
    for (const Value survey : page.at("/data")) {
      EAR_TRY(std::string id, survey.text("/id"));
      listed.push_back({std::move(id), survey.text_or("/title", ""),
                        survey.text_or("/nickname", ""),
                        survey.integer("/response_count").value_or(-1)});
    }
    if (!more) return listed;
  }
  return Error{.code = Code::limit,
               .message =
                   "the account has more than 100,000 surveys: name those to read, as "
                   "`surveys` in the config"};
}

/// Takes every survey of that title or nickname; false if there is none.
bool take_named(const std::vector<Listed>& listed, std::string_view name, Chosen& chosen) {
  const std::size_t before = chosen.ids.size();
  for (const Listed& survey : listed) {
    if (survey.title == name || survey.nickname == name) chosen.ids.push_back(survey.id);
  }
  return chosen.ids.size() > before;
}

void sort_by_age(std::vector<std::string>& ids) {
  std::sort(ids.begin(), ids.end(), is_older);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

/// Those with the titles wanted; all, where neither ids nor titles are.
void take_listed(const std::vector<Listed>& listed, std::vector<std::string> titles,
                 Chosen& chosen) {
  const bool all = chosen.ids.empty() && titles.empty();
  for (const Listed& survey : listed) {
    if (all) chosen.ids.push_back(survey.id);
    if (survey.responses < 0 || survey.responses > kMostCounted) continue;
    chosen.responses[survey.id] = static_cast<std::uint64_t>(survey.responses);
  }
  for (std::string& title : titles) {
    if (!take_named(listed, title, chosen)) chosen.not_found.push_back(std::move(title));
  }
}

}  // namespace

Result<bool> has_next(const Page& page) {
  const Value next = page.at("/links/next");
  const bool documented = page.at("/data").is_array() && page.at("/links").is_object() &&
                          (!next.exists() || next.is_null() || next.is_string());
  if (documented) return next.is_string() && page.at("/data").size() > 0;
  return Error{.code = Code::bad_data,
               .message = "a page of a list without its \"data\" or \"links\""};
}

bool is_older(const std::string& id, const std::string& other) {
  return id.size() != other.size() ? id.size() < other.size() : id < other;
}

Result<Chosen> choose_surveys(Call& call) {
  Chosen chosen;
  std::vector<std::string> titles;
  for (const Value wanted : call.config().at("/surveys")) {
    (is_id(wanted.view()) ? chosen.ids : titles).emplace_back(wanted.view());
  }
  if (chosen.ids.empty() || !titles.empty()) {
    EAR_TRY(const std::vector<Listed> listed, list_surveys(call));
    take_listed(listed, std::move(titles), chosen);
  }
  sort_by_age(chosen.ids);
  return chosen;
}

}  // namespace earshot::plugins
