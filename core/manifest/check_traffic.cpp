#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/base/time.hpp>

#include "manifest_check.hpp"

namespace earshot::core {
namespace {

/// The host of a URL template, without a port.
std::string_view host_of(std::string_view url) {
  constexpr std::string_view kScheme = "https://";
  if (url.starts_with(kScheme)) url.remove_prefix(kScheme.size());
  return url.substr(0, url.find_first_of("/:"));
}

bool is_one_placeholder(std::string_view host) {
  return host.starts_with('{') && host.find('}') == host.size() - 1;
}

/// Headers that say where a request goes and who sends it.
bool is_hosts_own(std::string_view header) {
  constexpr std::string_view kOwn[] = {"authorization", "connection", "content-length",   "cookie",
                                       "host",          "upgrade",    "transfer-encoding"};
  return std::any_of(std::begin(kOwn), std::end(kOwn),
                     [&](std::string_view own) { return iequals(own, header); });
}

void check_endpoint(ManifestCheck& check, JsonValue endpoint) {
  const std::string path = join_path("/endpoints", endpoint.key());
  const bool plain = endpoint.is_string();
  const JsonValue url = plain ? endpoint : endpoint.member("url");
  const std::string url_path = plain ? path : path + "/url";
  check.check_public_template(url, url_path);
  if (is_one_placeholder(host_of(url.text())) && endpoint.member("suffixes").size() == 0) {
    check.report(url_path,
                 "takes the whole host from the config: say which hosts it may be, as "
                 "{\"url\": ..., \"suffixes\": [\"*.example.com\"]}");
  }
  std::size_t index = 0;
  for (const JsonValue alias : endpoint.member("aliases")) {
    check.check_public_template(alias, join_path(path + "/aliases", index++));
  }
  for (const JsonValue header : endpoint.member("headers")) {
    if (!is_hosts_own(header.key())) continue;
    check.report(join_path(path + "/headers", header.key()), "is the host's to set");
  }
}

void check_duration(ManifestCheck& check, JsonValue value, const std::string& path) {
  const std::optional<Micros> duration = parse_duration(value.text());
  if (value.is_string() && (!duration || *duration <= Micros{})) {
    check.report(path, "must be more than 0 and at most 3650d");
  }
}

void check_limit(ManifestCheck& check, JsonValue limit, const std::string& path,
                 std::set<std::string_view>& buckets) {
  const std::string_view bucket = limit.member("bucket").text();
  if (!bucket.empty() && !buckets.insert(bucket).second) {
    check.report(path + "/bucket", fmt::format("\"{}\" stands there twice", bucket));
  }
  check_duration(check, limit.member("per"), path + "/per");
  if (limit.member("window").text() == "fixed" && limit.member("burst").exists()) {
    check.report(path + "/burst", "cannot stand beside a fixed window: it is used up as one likes");
  }
  const JsonValue headers = limit.member("headers");
  check_duration(check, headers.member("per"), path + "/headers/per");
  if (headers.member("remaining").exists() && headers.member("used").exists()) {
    check.report(path + "/headers/used", "cannot stand beside \"remaining\": use one of them");
  }
}

void check_cache(ManifestCheck& check, JsonValue rule, const std::string& path,
                 std::set<std::string_view>& matches) {
  const std::string_view match = rule.member("match").text();
  if (!match.empty() && !matches.insert(match).second) {
    check.report(path + "/match", fmt::format("\"{}\" stands there twice", match));
  }
  check_duration(check, rule.member("ttl"), path + "/ttl");
}

void check_error(ManifestCheck& check, JsonValue rule, const std::string& path) {
  for (const char* effect : {"class", "map", "code_at", "message_at"}) {
    if (rule.member(effect).exists()) return;
  }
  check.report(path, "says nothing: needs \"class\", \"code_at\" with \"map\", or \"message_at\"");
}

void check_signature(ManifestCheck& check, JsonValue signature) {
  const std::string path = "/webhooks/signature";
  const auto check_secret = [&](std::string_view name) {
    if (!check.config_member(name).exists()) check.report_undeclared(path + "/secret", name);
  };
  const JsonValue secret = signature.member("secret");
  if (secret.is_string() && secret.text().find('{') == std::string_view::npos) {
    check_secret(secret.text());
    if (check.config_member(secret.text()).exists() && !check.is_secret(secret.text())) {
      check.report(path + "/secret",
                   fmt::format("names \"{}\", which is not marked x-secret", secret.text()));
    }
  } else {
    check.placeholders(secret, path + "/secret", check_secret);
  }
  for (const char* member : {"signed", "timestamp"}) {
    const std::string here = join_path(path, member);
    check.placeholders(signature.member(member), here, [&](std::string_view name) {
      if (name == "body" || name == "callback_url" || name.starts_with("header:")) return;
      check.report(here, fmt::format("has {{{}}}; expected {{body}}, {{header:NAME}} or "
                                     "{{callback_url}}",
                                     name));
    });
  }
}

}  // namespace

void check_traffic(ManifestCheck& check) {
  const JsonValue root = check.root();
  for (const JsonValue endpoint : root.member("endpoints")) check_endpoint(check, endpoint);
  std::set<std::string_view> buckets;
  std::size_t index = 0;
  for (const JsonValue limit : root.member("limits")) {
    check_limit(check, limit, join_path("/limits", index++), buckets);
  }
  index = 0;
  for (const JsonValue rule : root.member("errors")) {
    check_error(check, rule, join_path("/errors", index++));
  }
  index = 0;
  std::set<std::string_view> matches;
  for (const JsonValue rule : root.member("cache")) {
    check_cache(check, rule, join_path("/cache", index++), matches);
  }
  const JsonValue signature = root.member("webhooks").member("signature");
  if (signature.is_object()) check_signature(check, signature);
}

}  // namespace earshot::core
