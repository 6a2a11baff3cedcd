#include "auth.hpp"

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/json/document.hpp>
#include <earshot/sdk/text.hpp>

#include "template.hpp"

namespace earshot::core {
namespace {

/// Members of a JSON secret shorter than this are names and types rather than secrets.
constexpr std::size_t kShortestInnerSecret = 16;

std::vector<std::string> lacking(const AuthAlternative& alternative,
                                 const ProductAccount& account) {
  std::vector<std::string> names;
  for (const std::string& member : alternative.required) {
    if (!account_member(member, account)) names.push_back(member);
  }
  return names;
}

Result<Authorization> basic(const AuthAlternative& alternative, const ProductAccount& account) {
  EAR_TRY(const std::string user, fill_required(alternative.username, account));
  EAR_TRY(const std::string password, fill_required(alternative.password, account));
  return Authorization{Authorization::Place::header, "Authorization",
                       Secret("Basic " + base64_encode(user + ":" + password))};
}

}  // namespace

Result<const AuthAlternative*> choose_auth(const ProductAccount& account) {
  const auto& alternatives = account.manifest->auth;
  if (alternatives.empty()) return nullptr;
  std::vector<std::string> told;
  for (const AuthAlternative& alternative : alternatives) {
    const auto names = lacking(alternative, account);
    if (names.empty()) return &alternative;
    told.push_back(fmt::format("{} (lacks {})", alternative.title, fmt::join(names, ", ")));
  }
  return Error{.code = Code::config,
               .message = fmt::format("no credentials are complete; configure one of: {}",
                                      fmt::join(told, "; "))};
}

Result<Authorization> make_authorization(const AuthAlternative& alternative,
                                         const ProductAccount& account, Redactor& redactor) {
  using Scheme = AuthAlternative::Scheme;
  Authorization made;
  switch (alternative.scheme) {
    case Scheme::basic: {
      EAR_TRY(made, basic(alternative, account));
      redactor.learn(Secret(made.value.reveal().substr(made.value.reveal().find(' ') + 1)));
      break;
    }
    case Scheme::bearer: {
      EAR_TRY(const std::string token, fill_required(alternative.token, account));
      made = bearer(Secret(token));
      break;
    }
    case Scheme::header:
    case Scheme::query: {
      EAR_TRY(std::string value, fill_required(alternative.value, account));
      const auto place = alternative.scheme == Scheme::header ? Authorization::Place::header
                                                              : Authorization::Place::query;
      made = {place, alternative.name, Secret(std::move(value))};
      redactor.learn(made.value);
      break;
    }
    case Scheme::oauth2_client_credentials:
    case Scheme::oauth2_refresh_token:
      return Error{.code = Code::internal, .message = "an OAuth token was expected"};
  }
  return made;
}

Authorization bearer(const Secret& token) {
  return {Authorization::Place::header, "Authorization", Secret("Bearer " + token.reveal())};
}

void authorize(HttpRequest& request, const Authorization& authorization) {
  if (authorization.place == Authorization::Place::header) {
    request.headers.set(authorization.name, authorization.value.reveal());
  } else if (authorization.place == Authorization::Place::query) {
    const char separator = request.target.find('?') == std::string::npos ? '?' : '&';
    request.target += separator + sdk::percent_encode(authorization.name) + '=' +
                      sdk::percent_encode(authorization.value.reveal());
  }
}

void learn_credentials(const ProductAccount& account, Redactor& redactor) {
  for (const auto& entry : account.credentials) {
    redactor.learn(entry.second);
    const auto document = JsonDocument::parse(entry.second.reveal());
    if (!document || !document.value()->root().is_object()) continue;
    for (const JsonValue member : document.value()->root()) {
      if (member.is_string() && member.text().size() >= kShortestInnerSecret) {
        redactor.learn(Secret(std::string(member.text())));
      }
    }
  }
}

}  // namespace earshot::core
