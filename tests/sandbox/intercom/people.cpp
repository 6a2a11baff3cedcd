#include "sandbox/intercom/people.hpp"

#include <array>

#include <fmt/format.h>

#include <earshot/core/base/random.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/json/writer.hpp>

#include "sandbox/content.hpp"

namespace earshot::sandbox {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::string_view kContactPrefix = "66eaf772c864ff5d";
constexpr std::string_view kCompanyPrefix = "531ee472cce572a6";
constexpr std::int64_t kFirstAdmin = 7387622;
constexpr std::uint64_t kAdminNames = 1'000'000;  // apart from the contacts' numbers

/// What contacts and companies call their plans, and what Earshot does.
struct Plan {
  std::string_view word;
  std::string_view tier;
};
constexpr std::array kContactPlans = {Plan{"enterprise", "enterprise"}, Plan{"Pro", "professional"},
                                      Plan{"", ""}, Plan{"free", "free"}, Plan{"", ""}};
constexpr std::array kCompanyPlans = {Plan{"Enterprise", "enterprise"},
                                      Plan{"Business", "business"}, Plan{"", ""}};

Plan contact_plan(std::uint64_t contact) {
  return kContactPlans[contact % kContactPlans.size()];
}
Plan company_plan(std::uint64_t company) {
  return kCompanyPlans[company % kCompanyPlans.size()];
}
std::uint64_t company_of(std::uint64_t contact) {
  return contact % IntercomPeople::kCompanies;
}

std::string hex_id(std::string_view prefix, std::uint64_t index) {
  return fmt::format("{}{:08x}", prefix, index);
}

std::optional<std::uint64_t> index_of(std::string_view prefix, std::string_view id) {
  if (!id.starts_with(prefix) || id.size() != prefix.size() + 8) return {};
  std::uint64_t index = 0;
  for (const char c : id.substr(prefix.size())) {
    const std::size_t digit = "0123456789abcdef"sv.find(c);
    if (digit == std::string_view::npos) return {};
    index = index * 16 + digit;
  }
  return index;
}

std::optional<std::string> if_any(std::string text) {
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

void nulls(core::JsonWriter& out, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    out.key(name);
    out.null();
  }
}

/// The first elements of a list that stands in an object.
void embedded(core::JsonWriter& out, std::string_view name, const std::string& url,
              std::string_view element) {
  out.key(name);
  out.begin_object();
  out.member("type", "list");
  out.key("data");
  out.begin_array();
  if (!element.empty()) out.raw(element);
  out.end_array();
  out.member("url", url);
  out.member("total_count", element.empty() ? 0 : 1);
  out.member("has_more", false);
  out.end_object();
}

void write_attributes(core::JsonWriter& out, std::string_view plan) {
  out.key("custom_attributes");
  out.begin_object();
  if (!plan.empty()) out.member("plan", plan);
  out.member("paid_subscriber", !plan.empty());
  out.end_object();
}

}  // namespace

IntercomPeople::IntercomPeople(std::uint64_t seed, std::uint64_t living)
    : seed_(seed), rendered_(living + kMerged + kGone) {}

IntercomPeople::Standing IntercomPeople::standing(std::uint64_t contact) const noexcept {
  if (contact + kGone >= count()) return Standing::gone;
  return contact >= living() ? Standing::merged : Standing::living;
}

std::string IntercomPeople::id(std::uint64_t contact) {
  return hex_id(kContactPrefix, contact);
}

std::optional<std::uint64_t> IntercomPeople::index(std::string_view id) const noexcept {
  const auto found = index_of(kContactPrefix, id);
  return found && *found < count() ? found : std::nullopt;
}

std::string IntercomPeople::name(std::uint64_t contact) const {
  if (contact == kWithoutEmail) return "";
  core::Random random(seed_ + contact * 6113);
  return person(random, contact).name;
}

std::string IntercomPeople::email(std::uint64_t contact) const {
  if (contact == kWithoutEmail) return "";
  core::Random random(seed_ + contact * 6113);
  return person(random, contact).email;
}

bool IntercomPeople::is_lead(std::uint64_t contact) noexcept {
  return contact % 7 == kWithoutEmail;
}

const std::string& IntercomPeople::json(std::uint64_t contact) {
  std::string& rendered = rendered_[contact];
  if (!rendered.empty()) return rendered;
  const std::string url = "/contacts/" + id(contact);
  core::JsonWriter out;
  out.begin_object();
  out.member("type", "contact");
  out.member("id", id(contact));
  out.member("workspace_id", kWorkspace);
  out.member("external_id", std::to_string(900'000 + contact));
  out.member("role", is_lead(contact) ? "lead" : "user");
  out.member("email", if_any(email(contact)));
  nulls(out, {"phone"});
  out.member("name", if_any(name(contact)));
  nulls(out, {"owner_id"});
  for (const char* flag :
       {"has_hard_bounced", "marked_email_as_spam", "unsubscribed_from_emails"}) {
    out.member(flag, false);
  }
  out.member("created_at", 1'734'537'437);
  out.member("updated_at", 1'772'437'437);
  nulls(out, {"signed_up_at", "last_seen_at", "last_replied_at", "language_override"});
  out.member("browser_language", contact % 3 == 0 ? "de" : "en");
  write_attributes(out, contact_plan(contact).word);
  embedded(out, "tags", url + "/tags", "");
  embedded(out, "companies", url + "/companies",
           fmt::format(R"({{"id":"{0}","type":"company","url":"/companies/{0}"}})",
                       company_id(company_of(contact))));
  embedded(out, "notes", url + "/notes", "");
  nulls(out, {"avatar"});
  out.end_object();
  rendered = out.take();
  return rendered;
}

std::string IntercomPeople::company_id(std::uint64_t company) {
  return hex_id(kCompanyPrefix, company);
}

std::optional<std::uint64_t> IntercomPeople::company_index(std::string_view id) noexcept {
  const auto found = index_of(kCompanyPrefix, id);
  return found && *found < kCompanies ? found : std::nullopt;
}

std::string IntercomPeople::company_json(std::uint64_t company) {
  const std::string_view plan = company_plan(company).word;
  core::JsonWriter out;
  out.begin_object();
  out.member("type", "company");
  out.member("id", company_id(company));
  out.member("company_id", std::to_string(company));
  out.member("app_id", kWorkspace);
  out.member("name", fmt::format("Example Company {}", company));
  out.key("plan");
  out.begin_object();
  if (!plan.empty()) {
    out.member("type", "plan");
    out.member("id", "269315");
    out.member("name", plan);
  }
  out.end_object();
  out.member("monthly_spend", 100);
  out.member("size", 40);
  out.member("industry", "Software");
  out.key("custom_attributes");
  out.begin_object();
  out.end_object();
  out.end_object();
  return out.take();
}

std::string_view IntercomPeople::tier(std::uint64_t contact) const noexcept {
  if (standing(contact) != Standing::living) return "";
  const Plan own = contact_plan(contact);
  return own.word.empty() ? company_plan(company_of(contact)).tier : own.tier;
}

std::int64_t IntercomPeople::admin_id(std::uint64_t admin) noexcept {
  return kFirstAdmin + static_cast<std::int64_t>(admin);
}

std::string IntercomPeople::admin_name(std::uint64_t admin) const {
  core::Random random(seed_ + kAdminNames + admin);
  return person(random, admin).name;
}

std::string IntercomPeople::me_json() const {
  core::JsonWriter out;
  out.begin_object();
  out.member("type", "admin");
  out.member("id", std::to_string(admin_id(0)));
  out.member("email", "ops@acme.example");
  out.member("name", admin_name(0));
  out.member("email_verified", true);
  out.member("has_inbox_seat", true);
  out.key("app");
  out.raw(fmt::format(
      R"({{"type":"app","id_code":"{}","name":"Acme","created_at":1734537243,"secure":false,"identity_verification":false,"timezone":"America/Los_Angeles","region":"US"}})",
      kWorkspace));
  out.key("avatar");
  out.raw(R"({"type":"avatar","image_url":"https://static.example.com/avatars/128.png"})");
  out.end_object();
  return out.take();
}

}  // namespace earshot::sandbox
