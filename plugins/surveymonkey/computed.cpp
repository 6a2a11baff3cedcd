#include "computed.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <string_view>

namespace earshot::plugins {
namespace {

using sdk::Json, sdk::Value;

std::string number_text(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.10g", std::round(number * 100) / 100);
  return text;
}

/// A Net Promoter Score goes before other ratings, else the first that was given counts.
void add_ratings(Computed& computed, const std::vector<Rating>& ratings) {
  if (ratings.empty()) return;
  std::vector<Json> all;
  for (const Rating& rating : ratings) {
    all.push_back(sdk::json::object({{"question", rating.question},
                                     {"value", Json::raw(number_text(rating.value))},
                                     {"max", Json::raw(number_text(rating.max))}}));
  }
  computed.ratings = sdk::json::array(all).text();
  const auto nps =
      std::find_if(ratings.begin(), ratings.end(), [](const Rating& rating) { return rating.nps; });
  const Rating& main = nps != ratings.end() ? *nps : ratings.front();
  computed.rating = number_text(main.value);
  computed.rating_max = number_text(main.max);
}

/// Who was asked by e-mail has a recipient's id; who came by a web link has "" or "0".
std::string recipient_of(const Value& response) {
  const std::string_view recipient = response.at("/recipient_id").view();
  const bool anonymous = recipient.empty() || recipient == "0";
  return !anonymous && response.at("/email_address").view().empty() ? std::string(recipient) : "";
}

/// What a contact question was told counts only where the collector knows nobody.
void add_contact(Computed& computed, const Survey& survey, const Answers& answers,
                 const Value& response) {
  const auto missing = [&](std::initializer_list<std::string_view> members) {
    return std::all_of(members.begin(), members.end(),
                       [&](std::string_view member) { return response.at(member).view().empty(); });
  };
  if (missing({"/email_address", "/metadata/contact/email/value"})) {
    computed.customer_email = contact_of(survey, answers, "email");
  }
  if (missing({"/first_name", "/last_name", "/metadata/contact/first_name/value",
               "/metadata/contact/last_name/value"})) {
    computed.customer_name = contact_of(survey, answers, "name");
  }
}

}  // namespace

std::vector<ear_field> Computed::fields() const {
  std::vector<ear_field> fields{sdk::field("content", content)};
  const auto add = [&](std::string_view name, const std::string& value,
                       std::uint32_t format = EAR_TEXT_PLAIN) {
    if (!value.empty()) fields.push_back(sdk::field(name, value, format));
  };
  add("customer_id", customer_id);
  add("customer_email", customer_email);
  add("customer_name", customer_name);
  add("rating.value", rating);
  add("rating.max", rating_max);
  add("metadata.ratings", ratings, EAR_TEXT_JSON);
  return fields;
}

Computed compute(sdk::Call& call, const Survey& survey, const Value& response) {
  const Answers answers = read_answers(response);
  Computed computed;
  computed.content = content_of(call, survey, answers);
  computed.customer_id = recipient_of(response);
  add_contact(computed, survey, answers, response);
  add_ratings(computed, ratings_of(survey, answers));
  return computed;
}

}  // namespace earshot::plugins
