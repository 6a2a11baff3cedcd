#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/intercom/message.hpp"
#include "sandbox/intercom/people.hpp"

namespace earshot::sandbox {

/// What is out of the ordinary about a conversation; each has at most one.
enum class ConversationTrait : std::uint8_t {
  none,
  html,
  emoji,
  right_to_left,
  east_asian,
  long_message,
  nested_quotes,
  long_mail,
  line_separators,
  combining_marks,
  long_word,
  escapes,
  formula,
  whitespace,
  email_subject,  ///< a subject, which is HTML
  no_title,       ///< neither subject nor title
  large_id,       ///< above 2^53
  deleted,
  unknown_state,     ///< a word nobody lists
  unknown_priority,  ///< a word nobody lists
  many_parts,        ///< more than the 500 that Intercom gives
  parts_backwards,   ///< the newest part first
  redacted_source,
  outbound,  ///< an admin wrote first
  group,     ///< several contacts
  no_contact,
  deleted_contact,
  merged_contact,
  nameless_contact,  ///< a lead without name and address
  rated,
};

struct ConversationTraitSpec {
  ConversationTrait trait;
  std::string_view name;
  Oddity oddity = Oddity::none;
};
inline constexpr std::array kConversationTraits = {
    ConversationTraitSpec{ConversationTrait::html, "html", Oddity::html},
    ConversationTraitSpec{ConversationTrait::emoji, "emoji", Oddity::emoji},
    ConversationTraitSpec{ConversationTrait::right_to_left, "right_to_left", Oddity::right_to_left},
    ConversationTraitSpec{ConversationTrait::many_parts, "many_parts"},
    ConversationTraitSpec{ConversationTrait::deleted, "deleted"},
    ConversationTraitSpec{ConversationTrait::long_message, "long_message", Oddity::long_text},
    ConversationTraitSpec{ConversationTrait::nested_quotes, "nested_quotes", Oddity::nested_quotes},
    ConversationTraitSpec{ConversationTrait::long_mail, "long_mail", Oddity::long_thread},
    ConversationTraitSpec{ConversationTrait::large_id, "large_id"},
    ConversationTraitSpec{ConversationTrait::unknown_state, "unknown_state"},
    ConversationTraitSpec{ConversationTrait::unknown_priority, "unknown_priority"},
    ConversationTraitSpec{ConversationTrait::parts_backwards, "parts_backwards"},
    ConversationTraitSpec{ConversationTrait::redacted_source, "redacted_source"},
    ConversationTraitSpec{ConversationTrait::email_subject, "email_subject"},
    ConversationTraitSpec{ConversationTrait::no_title, "no_title"},
    ConversationTraitSpec{ConversationTrait::line_separators, "line_separators",
                          Oddity::line_separators},
    ConversationTraitSpec{ConversationTrait::combining_marks, "combining_marks",
                          Oddity::combining_marks},
    ConversationTraitSpec{ConversationTrait::long_word, "long_word", Oddity::long_word},
    ConversationTraitSpec{ConversationTrait::escapes, "escapes", Oddity::escapes},
    ConversationTraitSpec{ConversationTrait::formula, "formula", Oddity::formula},
    ConversationTraitSpec{ConversationTrait::whitespace, "whitespace", Oddity::whitespace},
    ConversationTraitSpec{ConversationTrait::east_asian, "east_asian", Oddity::east_asian},
    ConversationTraitSpec{ConversationTrait::outbound, "outbound"},
    ConversationTraitSpec{ConversationTrait::group, "group"},
    ConversationTraitSpec{ConversationTrait::no_contact, "no_contact"},
    ConversationTraitSpec{ConversationTrait::deleted_contact, "deleted_contact"},
    ConversationTraitSpec{ConversationTrait::merged_contact, "merged_contact"},
    ConversationTraitSpec{ConversationTrait::nameless_contact, "nameless_contact"},
    ConversationTraitSpec{ConversationTrait::rated, "rated"}};

/// A conversation as it is remembered; all else follows from its seed.
struct Conversation {
  std::int64_t id = 0;
  std::uint64_t seed = 0;
  std::int64_t created = 0;   ///< Unix seconds, as the next ones.
  std::int64_t updated = 0;   ///< Deleted ones: when that happened.
  std::uint32_t changes = 0;  ///< How often it was updated since the account was made.
  ConversationTrait trait = ConversationTrait::none;
  std::string_view state;  ///< The product's word, a literal.
  bool deleted = false;
  std::string rendered;        ///< Its JSON in lists, empty until asked for.
  std::string rendered_whole;  ///< The same with its parts.
};

/// Who wrote something.
struct Author {
  enum class Kind { contact, admin, bot } kind = Kind::contact;
  std::uint64_t index = 0;
};

/// The members of a conversation beside its parts and times.
struct ConversationFacts {
  std::vector<std::uint64_t> contacts;  ///< Indexes; the first is whom it is about.
  Author author;                        ///< Of the first message.
  HtmlMessage source;
  std::string subject;  ///< HTML.
  std::string subject_shown;
  std::optional<std::string> title;
  std::optional<std::uint64_t> assignee;  ///< Index of an admin.
  std::string_view channel;
  std::string_view priority;  ///< In the words of version 2.16.
  std::vector<std::string_view> tags;
  std::string_view issue_type;  ///< A conversation attribute, or empty.
  bool categorized = false;     ///< A tag says what it is about.
  std::optional<int> rating;
};
[[nodiscard]] ConversationFacts facts_of(const Conversation& conversation,
                                         const IntercomPeople& people);

/// What happened in a conversation after its first message.
struct ConversationPart {
  std::int64_t id = 0;
  std::string_view type;
  Author author;
  std::optional<HtmlMessage> body{};
  bool redacted = false;
  std::int64_t created = 0;

  /// A message that customers see.
  [[nodiscard]] bool visible() const;
};
/// How many there are, those included that Intercom keeps to itself.
[[nodiscard]] std::uint64_t part_count(const Conversation& conversation);
/// The 500 most recent ones, oldest first.
[[nodiscard]] std::vector<ConversationPart> parts_of(const Conversation& conversation,
                                                     const ConversationFacts& facts);

/// The name that a reader is shown.
[[nodiscard]] std::string name_of(const Author& author, const IntercomPeople& people);

struct ShownConversation {
  std::string title;
  std::string content;
};
/// What a complete and correct fetch makes of it.
[[nodiscard]] ShownConversation shown(const Conversation& conversation,
                                      const IntercomPeople& people);

/// Its JSON as version 2.16 has it, rendered once; with its parts as GET of it gives.
const std::string& list_json(Conversation& conversation, const IntercomPeople& people);
const std::string& whole_json(Conversation& conversation, const IntercomPeople& people);

/// How a conversation is to be shown.
struct ConversationShape {
  bool modern = true;  ///< Words of version 2.16, not those before.
  bool parts = false;
  bool plain = false;  ///< Texts instead of HTML.
};
[[nodiscard]] std::string conversation_json(const Conversation& conversation,
                                            const IntercomPeople& people,
                                            const ConversationShape& shape);

}  // namespace earshot::sandbox
