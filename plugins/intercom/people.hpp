#pragma once

/// Contacts and companies of conversations.

#include <map>
#include <string>
#include <vector>

#include <earshot/sdk/integration.hpp>

namespace earshot::plugins {

/// Those of some conversations, by id; without any where `contacts` is off. Who is gone, or became
/// part of another contact, is missing.
class People {
 public:
  /// [suspend]
  [[nodiscard]] static sdk::Result<People> of(sdk::Call& call,
                                              const std::vector<const sdk::Page*>& conversations);

  /// Whom the conversation is about, or null.
  [[nodiscard]] const sdk::Page* contact_of(const sdk::Page& conversation) const;
  /// The company whose plan is the contact's, where the contact names no plan itself; or null.
  [[nodiscard]] const sdk::Page* company_of(const sdk::Page& contact) const;

 private:
  std::map<std::string, sdk::Page> contacts_;
  std::map<std::string, sdk::Page> companies_;
};

}  // namespace earshot::plugins
