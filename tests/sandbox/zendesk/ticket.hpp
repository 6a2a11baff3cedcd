#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/content.hpp"
#include "sandbox/zendesk/users.hpp"

namespace earshot::sandbox {

/// What is out of the ordinary about a ticket; each has at most one.
enum class TicketTrait : std::uint8_t {
  none,
  html,
  emoji,
  right_to_left,
  east_asian,
  long_description,
  nested_quotes,
  long_thread,
  line_separators,
  combining_marks,
  long_word,
  escapes,
  formula,
  whitespace,
  null_subject,
  empty_subject,
  large_id,        ///< above 2^53
  deleted,         ///< status "deleted", a word the documents do not list
  unknown_status,  ///< a word nobody lists
  unknown_priority,
  offset_timestamps,  ///< "+02:00" instead of "Z"
  system_update,      ///< updated_at days before generated_timestamp
  deleted_requester,  ///< missing among the side-loaded users
  requester_without_email,
  merged,  ///< closed, tagged closed_by_merge
};

struct TraitSpec {
  TicketTrait trait;
  std::string_view name;
  Oddity oddity;
};
inline constexpr std::array kTraits = {
    TraitSpec{TicketTrait::html, "html", Oddity::html},
    TraitSpec{TicketTrait::emoji, "emoji", Oddity::emoji},
    TraitSpec{TicketTrait::right_to_left, "right_to_left", Oddity::right_to_left},
    TraitSpec{TicketTrait::null_subject, "null_subject", Oddity::none},
    TraitSpec{TicketTrait::long_description, "long_description", Oddity::long_text},
    TraitSpec{TicketTrait::nested_quotes, "nested_quotes", Oddity::nested_quotes},
    TraitSpec{TicketTrait::long_thread, "long_thread", Oddity::long_thread},
    TraitSpec{TicketTrait::large_id, "large_id", Oddity::none},
    TraitSpec{TicketTrait::deleted, "deleted", Oddity::none},
    TraitSpec{TicketTrait::unknown_status, "unknown_status", Oddity::none},
    TraitSpec{TicketTrait::unknown_priority, "unknown_priority", Oddity::none},
    TraitSpec{TicketTrait::offset_timestamps, "offset_timestamps", Oddity::none},
    TraitSpec{TicketTrait::line_separators, "line_separators", Oddity::line_separators},
    TraitSpec{TicketTrait::combining_marks, "combining_marks", Oddity::combining_marks},
    TraitSpec{TicketTrait::long_word, "long_word", Oddity::long_word},
    TraitSpec{TicketTrait::escapes, "escapes", Oddity::escapes},
    TraitSpec{TicketTrait::formula, "formula", Oddity::formula},
    TraitSpec{TicketTrait::whitespace, "whitespace", Oddity::whitespace},
    TraitSpec{TicketTrait::east_asian, "east_asian", Oddity::east_asian},
    TraitSpec{TicketTrait::empty_subject, "empty_subject", Oddity::none},
    TraitSpec{TicketTrait::system_update, "system_update", Oddity::none},
    TraitSpec{TicketTrait::deleted_requester, "deleted_requester", Oddity::none},
    TraitSpec{TicketTrait::requester_without_email, "requester_without_email", Oddity::none},
    TraitSpec{TicketTrait::merged, "merged", Oddity::none}};

/// A ticket as it is remembered; all else follows from its seed.
struct Ticket {
  std::int64_t id = 0;
  std::uint64_t seed = 0;
  std::int64_t created = 0;  ///< Unix seconds, as the two below
  std::int64_t updated = 0;
  std::int64_t generated = 0;
  std::uint32_t changes = 0;  ///< How often it was updated since the account was made.
  TicketTrait trait = TicketTrait::none;
  std::string_view status;  ///< The product's word, a literal.
  std::string rendered;     ///< Its JSON, empty until asked for.

  [[nodiscard]] bool deleted() const noexcept { return status == "deleted"; }
};

struct TicketText {
  std::optional<std::string> subject;
  std::string description;
};
[[nodiscard]] TicketText text_of(const Ticket& ticket);

/// The members of a ticket beside its text and times.
struct TicketFacts {
  std::uint64_t requester = 0;  ///< Index of a user, as the next.
  std::optional<std::uint64_t> assignee;
  std::string_view channel;
  std::optional<std::string_view> type;
  std::optional<std::string_view> priority;
  std::vector<std::string_view> tags;
  std::optional<std::string_view> tier;  ///< The operator's custom field.
  bool categorized = false;              ///< A tag says what the ticket is about.
};
[[nodiscard]] TicketFacts facts_of(const Ticket& ticket, const ZendeskUsers& users);

/// The ticket's JSON, rendered once.
const std::string& json_of(Ticket& ticket, const ZendeskUsers& users);

/// The id of the custom field that holds the customer's tier.
inline constexpr std::int64_t kTierField = 360000100003;

/// Unix seconds as "2026-03-02T10:15:29Z".
[[nodiscard]] std::string utc(std::int64_t seconds);

}  // namespace earshot::sandbox
