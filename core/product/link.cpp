#include "link.hpp"

#include <algorithm>

#include <fmt/core.h>

#include <earshot/core/base/text.hpp>

#include "host_name.hpp"

namespace earshot::core {
namespace {

Error refused(std::string_view why) {
  return {.code = Code::bad_data, .message = fmt::format("a link of the product {}", why)};
}

}  // namespace

Result<const LinkRule*> link_rule(const Manifest& manifest, std::string_view name,
                                  std::string_view method) {
  const auto found = manifest.links.find(std::string(name));
  if (found == manifest.links.end()) {
    return Error{.code = Code::misuse,
                 .message = fmt::format("the manifest declares no link '{}'", name)};
  }
  const auto& methods = found->second.methods;
  if (std::find(methods.begin(), methods.end(), method) == methods.end()) {
    return Error{
        .code = Code::misuse,
        .message = fmt::format("the link '{}' does not declare the method {}", name, method)};
  }
  return &found->second;
}

Result<Target> link_target(const LinkRule& rule, const ProductAccount& account,
                           std::string_view text) {
  const auto url = parse_url(text);
  if (!url || !is_clean_target(text)) return refused("is no URL");
  const std::string host = shorten(url->origin.host, 253);
  const bool sandbox = is_loopback(host) && has_loopback_base(account);
  if (!sandbox && url->origin.scheme != "https") {
    return refused(fmt::format("to {} is not https", host));
  }
  if (!sandbox && !rule.anywhere && !host_matches_any(rule.hosts, host)) {
    return refused(fmt::format("leads to {}, which the manifest does not declare", host));
  }
  Target target;
  target.origin = url->origin;
  target.path = url->target;
  target.link = &rule;
  target.public_only = !sandbox;
  target.max_body = rule.max_bytes;
  return target;
}

}  // namespace earshot::core
