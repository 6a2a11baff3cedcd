#include "from_environment.hpp"

#include <algorithm>
#include <set>

namespace earshot::core {

namespace {

/// Members that some way to authorize needs and the schema does not.
std::set<std::string, std::less<>> authorizing(const Manifest& manifest) {
  std::set<std::string, std::less<>> out;
  for (const AuthAlternative& alternative : manifest.auth)
    out.insert(alternative.required.begin(), alternative.required.end());
  for (const JsonValue required : manifest.config_schema().member("required"))
    out.erase(std::string(required.text()));
  return out;
}

}  // namespace

std::string_view variable_of(const Manifest& manifest, std::string_view member) {
  return manifest.config_schema().member("properties").member(member).member("x-env").text();
}

std::map<std::string, std::string> members_from_environment(
    const Manifest& manifest, const std::function<bool(std::string_view member)>& present,
    const Environment& environment) {
  const bool authorized = std::any_of(
      manifest.auth.begin(), manifest.auth.end(), [&](const AuthAlternative& alternative) {
        return std::all_of(alternative.required.begin(), alternative.required.end(), present);
      });
  const auto only_authorizes = authorizing(manifest);
  std::map<std::string, std::string> out;
  for (const JsonValue property : manifest.config_schema().member("properties")) {
    const std::string_view variable = property.member("x-env").text();
    if (variable.empty() || present(property.key())) continue;
    if (authorized && only_authorizes.contains(property.key())) continue;
    const std::optional<std::string> value = environment(std::string(variable));
    if (value && !value->empty()) out.emplace(property.key(), *value);
  }
  return out;
}

}  // namespace earshot::core
