#include "sandbox/zendesk/ticket.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <earshot/core/base/time.hpp>

namespace earshot::sandbox {
namespace {

using core::Random;
using std::string_view_literals::operator""sv;

constexpr std::array kChannels = {
    "email"sv, "email"sv, "web"sv, "api"sv, "chat"sv, "native_messaging"sv, "voice"sv};
constexpr std::array kTypes = {"question"sv, "incident"sv, "problem"sv, "task"sv};
constexpr std::array kPriorities = {"low"sv, "normal"sv, "high"sv, "urgent"sv};
constexpr std::array kPlainTags = {"export"sv, "billing"sv, "mobile"sv, "sso"sv, "vip"sv, "q3"sv};
constexpr std::array kCategoryTags = {"bug"sv,       "feature_request"sv, "question"sv,
                                      "complaint"sv, "praise"sv,          "bug_report"sv};
constexpr std::array kTiers = {"enterprise"sv, "business"sv, "professional"sv, "free"sv};

/// Text and facts are drawn apart, so that each can be had without the other.
constexpr std::uint64_t kFactsStream = 0x51de5ca1e;

Oddity oddity_of(TicketTrait trait) {
  for (const TraitSpec& spec : kTraits) {
    if (spec.trait == trait) return spec.oddity;
  }
  return Oddity::none;
}

template <typename List>
std::string_view pick(const List& list, Random& random) {
  return list[random.below(list.size())];
}

template <typename List>
std::optional<std::string_view> perhaps(const List& list, Random& random) {
  const std::uint64_t drawn = random.below(list.size() + 2);
  return drawn < list.size() ? std::optional(list[drawn]) : std::nullopt;
}

std::uint64_t requester_of(const Ticket& ticket, const ZendeskUsers& users, Random& random) {
  const std::uint64_t drawn = random.next();
  if (ticket.trait == TicketTrait::deleted_requester) {
    return users.count() - 1 - drawn % ZendeskUsers::kDeletedUsers;
  }
  if (ticket.trait == TicketTrait::requester_without_email) return ZendeskUsers::kWithoutEmail;
  return ZendeskUsers::kStaff + drawn % users.customers();
}

}  // namespace

TicketText text_of(const Ticket& ticket) {
  const Oddity oddity = oddity_of(ticket.trait);
  Random random(ticket.seed);
  TicketText text;
  if (oddity == Oddity::none) {
    text.subject = subject(random);
    text.description = message(random, 100 + random.below(1930));
  } else {
    text.subject = odd_subject(oddity, random);
    text.description = odd_message(oddity, random);
  }
  if (ticket.changes > 0) *text.subject += fmt::format(" (update {})", ticket.changes);
  if (ticket.trait == TicketTrait::empty_subject) text.subject = "";
  if (ticket.trait == TicketTrait::null_subject) text.subject.reset();
  return text;
}

TicketFacts facts_of(const Ticket& ticket, const ZendeskUsers& users) {
  Random random(ticket.seed ^ kFactsStream);
  TicketFacts facts;
  facts.requester = requester_of(ticket, users, random);
  if (random.below(5) != 0) facts.assignee = random.below(ZendeskUsers::kStaff);
  facts.channel = pick(kChannels, random);
  facts.type = perhaps(kTypes, random);
  facts.priority = perhaps(kPriorities, random);
  if (ticket.trait == TicketTrait::unknown_priority) facts.priority = "critical";
  facts.tier = perhaps(kTiers, random);
  facts.categorized = random.below(3) == 0;
  if (facts.categorized) facts.tags.push_back(pick(kCategoryTags, random));
  for (std::uint64_t more = random.below(3); more > 0; --more) {
    facts.tags.push_back(pick(kPlainTags, random));
  }
  if (ticket.trait == TicketTrait::merged) facts.tags.push_back("closed_by_merge");
  std::sort(facts.tags.begin(), facts.tags.end());
  facts.tags.erase(std::unique(facts.tags.begin(), facts.tags.end()), facts.tags.end());
  return facts;
}

std::string utc(std::int64_t seconds) {
  return core::rfc3339(core::Time(std::chrono::seconds(seconds)));
}

}  // namespace earshot::sandbox
