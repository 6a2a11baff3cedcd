/// The event types that a webhook of Zendesk can subscribe to.

#include <algorithm>
#include <array>
#include <string_view>

#include "sandbox/zendesk/webhooks.hpp"

namespace earshot::sandbox {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::array kTicketEvents = {"created"sv,
                                      "agent_assignment_changed"sv,
                                      "attachment_linked_to_comment"sv,
                                      "attachment_redacted_from_comment"sv,
                                      "brand_changed"sv,
                                      "comment_added"sv,
                                      "comment_made_private"sv,
                                      "comment_redacted"sv,
                                      "custom_field_changed"sv,
                                      "custom_status_changed"sv,
                                      "description_changed"sv,
                                      "email_ccs_changed"sv,
                                      "external_id_changed"sv,
                                      "followers_changed"sv,
                                      "form_changed"sv,
                                      "group_assignment_changed"sv,
                                      "marked_as_spam"sv,
                                      "merged"sv,
                                      "organization_changed"sv,
                                      "permanently_deleted"sv,
                                      "priority_changed"sv,
                                      "problem_link_changed"sv,
                                      "requester_changed"sv,
                                      "schedule_changed"sv,
                                      "sla_policy_changed"sv,
                                      "ola_policy_changed"sv,
                                      "next_sla_breach_changed"sv,
                                      "soft_deleted"sv,
                                      "status_changed"sv,
                                      "subject_changed"sv,
                                      "submitter_changed"sv,
                                      "tags_changed"sv,
                                      "task_due_at_changed"sv,
                                      "type_changed"sv,
                                      "undeleted"sv};
constexpr std::array kUserEvents = {"active_changed"sv,
                                    "alias_changed"sv,
                                    "created"sv,
                                    "custom_field_changed"sv,
                                    "custom_role_changed"sv,
                                    "default_group_changed"sv,
                                    "deleted"sv,
                                    "details_changed"sv,
                                    "external_id_changed"sv,
                                    "group_membership_created"sv,
                                    "group_membership_deleted"sv,
                                    "identity_changed"sv,
                                    "identity_created"sv,
                                    "identity_deleted"sv,
                                    "last_login_changed"sv,
                                    "merged"sv,
                                    "name_changed"sv,
                                    "notes_changed"sv,
                                    "only_private_comments_changed"sv,
                                    "organization_membership_created"sv,
                                    "organization_membership_deleted"sv,
                                    "password_changed"sv,
                                    "photo_changed"sv,
                                    "role_changed"sv,
                                    "suspended_changed"sv,
                                    "tags_changed"sv,
                                    "time_zone_changed"sv};
constexpr std::array kOrganizationEvents = {"created"sv,      "custom_field_changed"sv,
                                            "deleted"sv,      "external_id_changed"sv,
                                            "name_changed"sv, "tags_changed"sv};

template <typename List>
bool below(std::string_view type, std::string_view prefix, const List& names) {
  return type.starts_with(prefix) &&
         std::find(names.begin(), names.end(), type.substr(prefix.size())) != names.end();
}

}  // namespace

bool is_event_type(std::string_view type) noexcept {
  return below(type, "zen:event-type:ticket.", kTicketEvents) ||
         below(type, "zen:event-type:user.", kUserEvents) ||
         below(type, "zen:event-type:organization.", kOrganizationEvents);
}

}  // namespace earshot::sandbox
