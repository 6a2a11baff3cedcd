#include "sandbox/zendesk/users.hpp"

#include <fmt/format.h>

#include <earshot/core/base/random.hpp>
#include <earshot/core/json/writer.hpp>

#include "sandbox/content.hpp"
#include "sandbox/zendesk/access.hpp"

namespace earshot::sandbox {
namespace {

constexpr std::int64_t kFirstUser = 26363656426259;
constexpr std::int64_t kFirstOrganization = 26363643500001;
constexpr std::int64_t kIdStep = 16;

/// A user as far as it differs from others.
struct UserFacts {
  std::optional<std::int64_t> id;
  std::string name;
  std::optional<std::string> email;
  std::string role;
  std::optional<std::int64_t> organization;
  std::string plan;
  bool active = true;
};

void nullable(core::JsonWriter& out, std::string_view name, std::optional<std::int64_t> number) {
  out.key(name);
  number ? out.integer(*number) : out.null();
}

void nulls(core::JsonWriter& out, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    out.key(name);
    out.null();
  }
}

void write_identity(core::JsonWriter& out, const UserFacts& user) {
  nullable(out, "id", user.id);
  out.member("url", fmt::format("https://acme.zendesk.com/api/v2/users/{}.json",
                                user.id ? std::to_string(*user.id) : ""));
  out.member("name", user.name);
  out.member("email", user.email);
  out.member("created_at", "2024-02-15T16:23:07Z");
  out.member("updated_at", "2026-02-15T16:23:08Z");
  out.member("time_zone", "Pacific Time (US & Canada)");
  out.member("iana_time_zone", "America/Los_Angeles");
  nulls(out, {"phone", "shared_phone_number", "photo"});
  out.member("locale_id", std::int64_t{1});
  out.member("locale", "en-US");
  nullable(out, "organization_id", user.organization);
  out.member("role", user.role);
}

void write_state(core::JsonWriter& out, const UserFacts& user) {
  const bool staff = user.role != "end-user";
  out.member("verified", user.id.has_value());
  nulls(out, {"external_id"});
  out.key("tags");
  out.begin_array();
  out.end_array();
  nulls(out, {"alias"});
  out.member("active", user.active);
  out.member("shared", false);
  out.member("shared_agent", false);
  nulls(out, {"last_login_at", "two_factor_auth_enabled", "signature", "details", "notes"});
  nullable(out, "role_type", user.role == "admin" ? std::optional<std::int64_t>(4) : std::nullopt);
  nulls(out, {"custom_role_id"});
  out.member("moderator", user.role == "admin");
  out.member("ticket_restriction",
             staff ? std::optional<std::string>() : std::optional<std::string>("requested"));
  out.member("only_private_comments", false);
  out.member("restricted_agent", !staff);
  out.member("suspended", false);
  nulls(out, {"default_group_id"});
  out.member("report_csv", user.role == "admin");
  out.key("user_fields");
  out.begin_object();
  if (!user.plan.empty()) out.member("plan", user.plan);
  out.end_object();
}

std::string render(const UserFacts& user) {
  core::JsonWriter out;
  out.begin_object();
  write_identity(out, user);
  write_state(out, user);
  out.end_object();
  return out.take();
}

std::string role_of(std::uint64_t index) {
  if (index == 0) return "admin";
  return index < ZendeskUsers::kStaff ? "agent" : "end-user";
}

}  // namespace

ZendeskUsers::ZendeskUsers(std::uint64_t seed, std::uint64_t customers)
    : seed_(seed), rendered_(kStaff + customers + kDeletedUsers) {}

std::int64_t ZendeskUsers::id(std::uint64_t index) noexcept {
  return kFirstUser + static_cast<std::int64_t>(index) * kIdStep;
}

std::optional<std::uint64_t> ZendeskUsers::index(std::int64_t id) const noexcept {
  const std::int64_t offset = id - kFirstUser;
  if (id < kFirstUser || offset % kIdStep != 0) return {};
  const auto found = static_cast<std::uint64_t>(offset / kIdStep);
  return found < count() ? std::optional(found) : std::nullopt;
}

std::string ZendeskUsers::name(std::uint64_t index) const {
  core::Random random(seed_ + index * 7919);
  return person(random, index).name;
}

std::string ZendeskUsers::email(std::uint64_t index) const {
  if (index == 0) return std::string(ZendeskAccess::kAdminEmail);
  if (index == 1) return std::string(ZendeskAccess::kAgentEmail);
  if (index == kWithoutEmail) return "";
  core::Random random(seed_ + index * 7919);
  return person(random, index).email;
}

std::int64_t ZendeskUsers::organization(std::uint64_t index) noexcept {
  return kFirstOrganization + static_cast<std::int64_t>(index % 25) * kIdStep;
}

const std::string& ZendeskUsers::json(std::uint64_t index) {
  std::string& rendered = rendered_[index];
  if (!rendered.empty()) return rendered;
  const std::string address = email(index);
  constexpr std::string_view kPlans[] = {"enterprise", "business", "professional", "free"};
  rendered = render({.id = id(index),
                     .name = name(index),
                     .email = address.empty() ? std::nullopt : std::optional(address),
                     .role = role_of(index),
                     .organization = organization(index),
                     .plan = index < kStaff ? "" : std::string(kPlans[index % 4]),
                     .active = !deleted(index)});
  return rendered;
}

std::string anonymous_user_json() {
  return render({.id = {},
                 .name = "Anonymous user",
                 .email = "invalid@example.com",
                 .role = "end-user",
                 .organization = {},
                 .plan = "",
                 .active = true});
}

}  // namespace earshot::sandbox
