#include "sandbox/intercom/conversation.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace earshot::sandbox {
namespace {

using core::Random;
using std::string_view_literals::operator""sv;
using Trait = ConversationTrait;

constexpr std::array kChannels = {"conversation"sv, "conversation"sv, "conversation"sv, "email"sv,
                                  "email"sv,        "whatsapp"sv,     "phone_call"sv};
constexpr std::array kPriorities = {"none"sv,   "none"sv, "none"sv,  "low"sv,
                                    "medium"sv, "high"sv, "urgent"sv};
constexpr std::array kPlainTags = {"export"sv, "billing"sv, "mobile"sv, "sso"sv, "vip"sv};
constexpr std::array kCategoryTags = {"Bug"sv,       "Feature request"sv, "question"sv,
                                      "complaint"sv, "praise"sv,          "bug_report"sv};
constexpr std::array kIssueTypes = {"Bug"sv, "Question"sv, "Something else"sv};

/// Text and facts are drawn apart, so that each can be had without the other.
constexpr std::uint64_t kFactsStream = 0x1ce0f1ce;
constexpr std::uint64_t kPartStream = 0x9a27e55e;
constexpr std::uint64_t kManyParts = 620;
constexpr std::uint64_t kPartsGiven = 500;
constexpr std::int64_t kBetweenParts = 30;

template <typename List>
std::string_view pick(const List& list, Random& random) {
  return list[random.below(list.size())];
}

Oddity oddity_of(Trait trait) {
  for (const ConversationTraitSpec& spec : kConversationTraits) {
    if (spec.trait == trait) return spec.oddity;
  }
  return Oddity::none;
}

std::vector<std::uint64_t> contacts_of(Trait trait, const IntercomPeople& people, Random& random) {
  const std::uint64_t drawn = random.next();
  const std::uint64_t living = people.living();
  switch (trait) {
    case Trait::no_contact: return {};
    case Trait::deleted_contact: return {people.count() - 1 - drawn % IntercomPeople::kGone};
    case Trait::merged_contact: return {living + drawn % IntercomPeople::kMerged};
    case Trait::nameless_contact: return {IntercomPeople::kWithoutEmail};
    case Trait::group: return {drawn % living, (drawn + 1) % living, (drawn + 2) % living};
    default: return {drawn % living};
  }
}

Author author_of(Trait trait, const std::vector<std::uint64_t>& contacts, Random& random) {
  const std::uint64_t admin = random.below(IntercomPeople::kAdmins);
  if (trait == Trait::outbound || contacts.empty()) return {Author::Kind::admin, admin};
  return {Author::Kind::contact, contacts.front()};
}

std::vector<std::string_view> tags_of(bool categorized, Random& random) {
  std::vector<std::string_view> tags;
  for (std::uint64_t more = random.below(3); more > 0; --more) {
    tags.push_back(pick(kPlainTags, random));
  }
  if (categorized) tags.push_back(pick(kCategoryTags, random));
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  return tags;
}

void draw_texts(const Conversation& conversation, ConversationFacts& facts) {
  Random random(conversation.seed);
  const Trait trait = conversation.trait;
  const Oddity oddity = oddity_of(trait);
  const std::string title = subject(random);
  if (trait != Trait::no_title && random.below(4) != 0) facts.title = title;
  if (trait == Trait::email_subject) {
    facts.subject = "<p>Re: " + title + " &amp; more</p>";
    facts.subject_shown = "Re: " + title + " & more";
  }
  facts.source = oddity == Oddity::none ? typed_message(message(random, 60 + random.below(700)))
                                        : odd_html_message(oddity, random);
}

/// What kind of part the drawn number stands for, and whether it says something.
struct PartKind {
  std::string_view type;
  bool spoken;
};
constexpr std::array kPartKinds = {PartKind{"note", true},
                                   PartKind{"assignment", false},
                                   PartKind{"conversation_attribute_updated_by_admin", false},
                                   PartKind{"close", true},
                                   PartKind{"close", false},
                                   PartKind{"open", true},
                                   PartKind{"quick_reply", true},
                                   PartKind{"assignment", true},
                                   PartKind{"comment", true},
                                   PartKind{"comment", true},
                                   PartKind{"comment", true},
                                   PartKind{"comment", true},
                                   PartKind{"comment", true},
                                   PartKind{"comment", true},
                                   PartKind{"comment", true},
                                   PartKind{"comment", true}};
constexpr std::uint64_t kRedactedOneIn = 12;
constexpr std::uint64_t kByBotOneIn = 6;

ConversationPart part_at(const Conversation& conversation, const ConversationFacts& facts,
                         std::uint64_t number) {
  Random random(conversation.seed ^ (kPartStream + number));
  // What an update adds is always a message.
  const bool added = number + conversation.changes >= part_count(conversation);
  const PartKind kind = added ? PartKind{"comment", true} : kPartKinds[random.below(16)];
  ConversationPart part;
  part.id = conversation.id % 1'000'000'000 * 1'000 + static_cast<std::int64_t>(number);
  part.type = kind.type;
  part.created = conversation.created + kBetweenParts * static_cast<std::int64_t>(number + 1);
  const bool internal = kind.type != "comment";
  const bool by_contact = !internal && number % 2 == 0 && !facts.contacts.empty();
  const bool by_bot = !internal && random.below(kByBotOneIn) == 0;
  part.author = by_contact
                    ? Author{Author::Kind::contact, facts.contacts[number % facts.contacts.size()]}
                : by_bot ? Author{Author::Kind::bot, 0}
                         : Author{Author::Kind::admin, facts.assignee.value_or(0)};
  part.redacted = kind.spoken && !added && random.below(kRedactedOneIn) == 0;
  if (part.redacted) {
    part.body = typed_message("This message was deleted");
  } else if (kind.spoken) {
    part.body = random.below(20) == 0 ? rich_message(random)
                                      : typed_message(message(random, random.below(300)));
  }
  return part;
}

}  // namespace

ConversationFacts facts_of(const Conversation& conversation, const IntercomPeople& people) {
  Random random(conversation.seed ^ kFactsStream);
  const Trait trait = conversation.trait;
  ConversationFacts facts;
  draw_texts(conversation, facts);
  facts.contacts = contacts_of(trait, people, random);
  facts.author = author_of(trait, facts.contacts, random);
  if (random.below(4) != 0) facts.assignee = random.below(IntercomPeople::kAdmins);
  facts.channel = trait == Trait::email_subject ? "email"sv : pick(kChannels, random);
  facts.priority = trait == Trait::unknown_priority ? "critical"sv : pick(kPriorities, random);
  facts.categorized = random.below(3) == 0;
  facts.tags = tags_of(facts.categorized, random);
  if (random.below(5) == 0) facts.issue_type = pick(kIssueTypes, random);
  const int stars = static_cast<int>(1 + random.below(5));
  if (trait == Trait::rated) facts.rating = stars;
  return facts;
}

bool ConversationPart::visible() const {
  constexpr std::array kSpoken = {"comment"sv, "quick_reply"sv, "open"sv, "close"sv};
  return body && !redacted && std::find(kSpoken.begin(), kSpoken.end(), type) != kSpoken.end();
}

std::uint64_t part_count(const Conversation& conversation) {
  const std::uint64_t first =
      conversation.trait == Trait::many_parts ? kManyParts : conversation.seed % 8;
  return first + conversation.changes;
}

std::vector<ConversationPart> parts_of(const Conversation& conversation,
                                       const ConversationFacts& facts) {
  const std::uint64_t count = part_count(conversation);
  std::vector<ConversationPart> parts;
  for (std::uint64_t number = count - std::min(count, kPartsGiven); number < count; ++number) {
    parts.push_back(part_at(conversation, facts, number));
  }
  return parts;
}

std::string name_of(const Author& author, const IntercomPeople& people) {
  if (author.kind == Author::Kind::bot) return "Fin";
  if (author.kind == Author::Kind::admin) return people.admin_name(author.index);
  return people.name(author.index);
}

ShownConversation shown(const Conversation& conversation, const IntercomPeople& people) {
  const ConversationFacts facts = facts_of(conversation, people);
  ShownConversation out;
  const bool redacted = conversation.trait == Trait::redacted_source;
  const auto say = [&](const Author& author, const std::string& text) {
    if (text.empty()) return;
    if (!out.content.empty()) out.content += "\n\n";
    const std::string name = name_of(author, people);
    out.content += fmt::format("{}:\n{}", name.empty() ? "Customer" : name, text);
  };
  if (!redacted) say(facts.author, facts.source.shown);
  for (const ConversationPart& part : parts_of(conversation, facts)) {
    if (part.visible()) say(part.author, part.body->shown);
  }
  out.title = !facts.subject_shown.empty() ? facts.subject_shown
              : facts.title                ? *facts.title
              : redacted                   ? ""
                                           : facts.source.opening;
  return out;
}

}  // namespace earshot::sandbox
