#include "people.hpp"

#include <set>
#include <string_view>
#include <utility>

namespace earshot::plugins {
namespace {

using sdk::Call, sdk::Code, sdk::Error, sdk::Page, sdk::Request, sdk::Result;

using Pages = std::map<std::string, Page>;

Error with_remedy(Error error) {
  if (error.code == Code::forbidden) {
    error.message +=
        "; allow the app to `Read and list users and companies`, or set `contacts: false`";
  }
  return error;
}

/// What is at PREFIX/ID, by id; without what is gone.
Result<Pages> look_up(Call& call, std::string_view prefix, const std::set<std::string>& ids) {
  std::vector<std::string> paths;
  for (const std::string& id : ids) paths.push_back(std::string(prefix) + sdk::percent_encode(id));
  std::vector<Request> requests;
  for (const std::string& path : paths) requests.push_back({.path = path});
  EAR_TRY(std::vector<Result<Page>> answers, call.send_all(requests));
  Pages found;
  auto id = ids.begin();
  for (Result<Page>& answer : answers) {
    const std::string& of = *id++;
    if (answer) {
      found.emplace(of, std::move(answer).value());
    } else if (answer.error().code != Code::not_found) {
      return with_remedy(answer.error());
    }
  }
  return found;
}

std::string contact_id(const Page& conversation) {
  return conversation.text_or("/contacts/contacts/0/id", "");
}

std::string company_id(const Page& contact) {
  if (!contact.text_or("/custom_attributes/plan", "").empty()) return {};
  return contact.text_or("/companies/data/0/id", "");
}

const Page* find(const Pages& pages, const std::string& id) {
  const auto found = pages.find(id);
  return found == pages.end() ? nullptr : &found->second;
}

}  // namespace

Result<People> People::of(Call& call, const std::vector<const Page*>& conversations) {
  EAR_TRY(const bool wanted, call.config().flag("/contacts"));
  People people;
  if (!wanted) return people;
  std::set<std::string> ids;
  for (const Page* conversation : conversations) ids.insert(contact_id(*conversation));
  ids.erase("");
  EAR_TRY(people.contacts_, look_up(call, "/contacts/", ids));
  ids.clear();
  for (const auto& entry : people.contacts_) ids.insert(company_id(entry.second));
  ids.erase("");
  EAR_TRY(people.companies_, look_up(call, "/companies/", ids));
  return people;
}

const Page* People::contact_of(const Page& conversation) const {
  return find(contacts_, contact_id(conversation));
}

const Page* People::company_of(const Page& contact) const {
  return find(companies_, company_id(contact));
}

}  // namespace earshot::plugins
