#include "details.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "conversation.hpp"
#include "people.hpp"

namespace earshot::plugins {
namespace {

using sdk::Call, sdk::Code, sdk::Error, sdk::Page, sdk::Request, sdk::Result;

constexpr std::size_t kDetailsAtOnce = 30;

/// "api.eu.intercom.io" has its inboxes at "app.eu.intercom.com".
std::string inbox_url(const Call& call, const Page& contact, const std::string& id) {
  const std::string workspace = contact.text_or("/workspace_id", "");
  const std::string host = call.config().text_or("/api_host", "");
  if (workspace.empty() || host.size() < 7) return {};
  const std::string region = host.substr(3, host.size() - 6);
  return "https://app" + region + ".com/a/inbox/" + workspace + "/inbox/conversation/" + id;
}

/// What the plugin worked out about a conversation; the views of `options` point into it.
struct Emission {
  std::string content;
  std::string tags;
  std::string title;
  std::string missing;
  std::string version;
  std::string url;
  sdk::EmitOptions options{};
};

void add_people(const Call& call, const Page& conversation, const Listed& listed,
                const People& people, Emission& out) {
  if (is_customer(conversation.at("/source/author"))) {
    out.options.refs.push_back({"customer", &conversation, "/source/author"});
  }
  const Page* contact = people.contact_of(conversation);
  if (contact == nullptr) return;
  out.options.refs.push_back({"contact", contact});
  const Page* company = people.company_of(*contact);
  if (company != nullptr) out.options.refs.push_back({"company", company});
  out.url = inbox_url(call, *contact, listed.id);
  if (!out.url.empty()) out.options.fields.push_back(sdk::field("url", out.url));
}

Result<void> emit_conversation(Call& call, const Page& conversation, const Listed& listed,
                               const People& people) {
  Emission out{.content = dialogue(conversation),
               .tags = tag_names(conversation),
               .title = opening(conversation),
               .missing = std::to_string(missing_parts(conversation)),
               .version = sdk::parse_integer(listed.version) ? listed.version : "0",
               .url = {}};
  out.options.fields = {sdk::field("content", out.content, EAR_TEXT_THREAD),
                        sdk::field("metadata.tags", out.tags, EAR_TEXT_JSON),
                        sdk::field("version", out.version)};
  if (!out.title.empty()) {
    out.options.fields.push_back(sdk::field("title", out.title, EAR_TEXT_HTML));
  }
  if (out.missing != "0") {
    out.options.fields.push_back(sdk::field("metadata.parts_missing", out.missing, EAR_TEXT_JSON));
    call.log(EAR_LOG_WARN, "conversation " + listed.id + " has " + out.missing +
                               " older parts that Intercom does not give");
  }
  add_people(call, conversation, listed, people, out);
  EAR_CHECK(call.emit(conversation, "", "conversation", std::move(out.options)));
  return {};
}

/// One that was deleted since it was listed is in the list of deletions.
bool is_gone(const Result<Page>& answer) {
  return !answer && answer.error().code == Code::not_found;
}

Result<void> emit_some(Call& call, const std::vector<Listed>& some) {
  std::vector<std::string> paths;
  for (const Listed& one : some) {
    paths.push_back("/conversations/" + sdk::percent_encode(one.id));
  }
  std::vector<Request> requests;
  for (const std::string& path : paths) requests.push_back({.path = path});
  EAR_TRY(const std::vector<Result<Page>> answers, call.send_all(requests));
  std::vector<const Page*> conversations;
  for (std::size_t i = 0; i < some.size(); ++i) {
    if (is_gone(answers[i])) continue;
    if (!answers[i]) return answers[i].error();
    if (answers[i]->text_or("/id", "") != some[i].id) {
      return Error{
          .code = Code::bad_data,
          .message = "the answer for conversation " + some[i].id + " is about no such one"};
    }
    conversations.push_back(&answers[i].value());
  }
  EAR_TRY(const People people, People::of(call, conversations));
  for (std::size_t i = 0; i < some.size(); ++i) {
    if (answers[i]) EAR_CHECK(emit_conversation(call, *answers[i], some[i], people));
  }
  return {};
}

}  // namespace

Result<void> emit_details(Call& call, const std::vector<Listed>& conversations) {
  std::size_t at_once = kDetailsAtOnce;  // fewer where they do not fit into a call's memory
  for (auto next = conversations.begin(); next != conversations.end();) {
    const auto left = static_cast<std::size_t>(conversations.end() - next);
    const auto end = next + static_cast<std::ptrdiff_t>(std::min(at_once, left));
    const Result<void> emitted = emit_some(call, {next, end});
    if (!emitted && emitted.error().code == Code::limit && at_once > 1) {
      at_once /= 2;
      continue;
    }
    EAR_CHECK(emitted);
    next = end;
  }
  return {};
}

}  // namespace earshot::plugins
