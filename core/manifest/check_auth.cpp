#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "manifest_check.hpp"

namespace earshot::core {
namespace {

/// A member of an alternative: which scheme has it, whether it must be there.
struct SchemeMember {
  std::string_view scheme;
  std::string_view name;
  bool required;
};
constexpr std::array kSchemeMembers{
    SchemeMember{"basic", "username", true},
    SchemeMember{"basic", "password", false},
    SchemeMember{"bearer", "token", true},
    SchemeMember{"header", "name", true},
    SchemeMember{"header", "value", true},
    SchemeMember{"query", "name", true},
    SchemeMember{"query", "value", true},
    SchemeMember{"oauth2_client_credentials", "token_url", true},
    SchemeMember{"oauth2_client_credentials", "client_id", false},
    SchemeMember{"oauth2_client_credentials", "client_secret", false},
    SchemeMember{"oauth2_client_credentials", "scope", false},
    SchemeMember{"oauth2_client_credentials", "token_request", false},
    SchemeMember{"oauth2_refresh_token", "token_url", true},
    SchemeMember{"oauth2_refresh_token", "client_id", false},
    SchemeMember{"oauth2_refresh_token", "client_secret", false},
    SchemeMember{"oauth2_refresh_token", "refresh_token", false},
    SchemeMember{"oauth2_refresh_token", "scope", false},
    SchemeMember{"oauth2_refresh_token", "token_request", false},
};
constexpr std::array<std::string_view, 8> kTemplates{"username",      "password",     "token",
                                                     "value",         "token_url",    "client_id",
                                                     "client_secret", "refresh_token"};
/// Of these, all that is named must be secret.
constexpr std::array<std::string_view, 4> kSecretTemplates{"password", "token", "client_secret",
                                                           "refresh_token"};
/// Of these, templates of their own may be left out: they are the config members so named.
constexpr std::array<std::string_view, 3> kDefaultTemplates{"client_id", "client_secret",
                                                            "refresh_token"};

template <typename Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool lists(JsonValue list, std::string_view name) {
  for (const JsonValue element : list) {
    if (element.text() == name) return true;
  }
  return false;
}

class AuthCheck {
 public:
  AuthCheck(ManifestCheck& check, JsonValue alternative, std::string path)
      : check_(check), alternative_(alternative), path_(std::move(path)) {}

  void run() {
    check_members();
    check_requires();
    for (const std::string_view name : kTemplates) check_template(name);
    check_oauth_defaults();
    if (!names_secret_) check_.report(path_, "names no secret: mark one with x-secret");
  }

 private:
  void check_members();
  void check_requires();
  void check_template(std::string_view member);
  void check_oauth_defaults();
  void check_use(std::string_view name, const std::string& path, bool must_be_secret);

  ManifestCheck& check_;
  JsonValue alternative_;
  std::string path_;
  bool names_secret_ = false;
};

void AuthCheck::check_members() {
  const std::string_view scheme = alternative_.member("scheme").text();
  const bool known_scheme =
      std::any_of(kSchemeMembers.begin(), kSchemeMembers.end(),
                  [&](const SchemeMember& known) { return known.scheme == scheme; });
  if (!known_scheme) return;
  for (const SchemeMember& known : kSchemeMembers) {
    if (known.scheme == scheme && known.required && !alternative_.member(known.name).exists()) {
      check_.report(join_path(path_, known.name), fmt::format("is required for {}", scheme));
    }
  }
  for (const JsonValue member : alternative_) {
    const auto of_name = [&](const SchemeMember& known) { return known.name == member.key(); };
    const auto of_scheme = [&](const SchemeMember& known) {
      return of_name(known) && known.scheme == scheme;
    };
    if (std::any_of(kSchemeMembers.begin(), kSchemeMembers.end(), of_name) &&
        std::none_of(kSchemeMembers.begin(), kSchemeMembers.end(), of_scheme)) {
      check_.report(join_path(path_, member.key()), fmt::format("has no meaning for {}", scheme));
    }
  }
}

void AuthCheck::check_requires() {
  std::size_t index = 0;
  for (const JsonValue name : alternative_.member("requires")) {
    const std::string path = join_path(path_ + "/requires", index++);
    if (!check_.config_member(name.text()).exists()) check_.report_undeclared(path, name.text());
  }
}

void AuthCheck::check_template(std::string_view member) {
  const std::string path = join_path(path_, member);
  const bool secret = is_one_of(kSecretTemplates, member);
  check_.placeholders(alternative_.member(member), path, [&](std::string_view placeholder) {
    check_use(placeholder.substr(0, placeholder.find('/')), path, secret);
  });
}

void AuthCheck::check_oauth_defaults() {
  for (const SchemeMember& member : kSchemeMembers) {
    if (member.scheme != alternative_.member("scheme").text()) continue;
    if (!is_one_of(kDefaultTemplates, member.name) || alternative_.member(member.name).exists()) {
      continue;
    }
    check_use(member.name, join_path(path_, member.name), is_one_of(kSecretTemplates, member.name));
  }
}

void AuthCheck::check_use(std::string_view name, const std::string& path, bool must_be_secret) {
  if (check_.is_endpoint(name)) return;
  const JsonValue member = check_.config_member(name);
  if (!member.exists()) return check_.report_undeclared(path, name);
  names_secret_ = names_secret_ || check_.is_secret(name);
  if (must_be_secret && !check_.is_secret(name)) {
    check_.report(path, fmt::format("names \"{}\", which is not marked x-secret", name));
  }
  const bool always = lists(check_.root().member("config").member("required"), name) ||
                      member.member("default").exists();
  if (!always && !lists(alternative_.member("requires"), name)) {
    check_.report(
        path, fmt::format("names \"{}\", which may be absent: list it under \"requires\"", name));
  }
}

}  // namespace

void check_auth(ManifestCheck& check) {
  std::size_t index = 0;
  for (const JsonValue alternative : check.root().member("auth")) {
    AuthCheck(check, alternative, join_path("/auth", index++)).run();
  }
}

}  // namespace earshot::core
