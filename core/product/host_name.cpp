#include "host_name.hpp"

#include <algorithm>

#include <earshot/core/base/text.hpp>

namespace earshot::core {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

bool is_dns_label(std::string_view text) noexcept {
  if (text.empty() || text.size() > 63 || text.front() == '-' || text.back() == '-') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool is_host_name(std::string_view text) noexcept {
  if (text.empty() || text.size() > 253) return false;
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!is_dns_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool host_matches(std::string_view pattern, std::string_view host) {
  if (pattern == "*") return true;
  if (pattern.substr(0, 2) != "*.") return iequals(pattern, host);
  const std::string_view suffix = pattern.substr(1);
  return host.size() > suffix.size() && iequals(host.substr(host.size() - suffix.size()), suffix);
}

bool host_matches_any(const std::vector<std::string>& patterns, std::string_view host) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return host_matches(pattern, host); });
}

bool has_loopback_base(const ProductAccount& account) {
  const auto base = parse_url(account.base_url);
  return base && is_loopback(base->origin.host);
}

bool is_clean_target(std::string_view target) noexcept {
  return std::none_of(target.begin(), target.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7f || c == '#';
  });
}

std::string_view without_query(std::string_view target) noexcept {
  return target.substr(0, target.find('?'));
}

}  // namespace earshot::core
