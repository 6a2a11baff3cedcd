#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/product/product_client.hpp>

namespace earshot::core {

/// One label of a host name: letters, digits and inner hyphens, at most 63.
[[nodiscard]] bool is_dns_label(std::string_view text) noexcept;
/// Labels joined by dots.
[[nodiscard]] bool is_host_name(std::string_view text) noexcept;
/// `pattern` is a host name, "*.suffix" for all below it, or "*".
[[nodiscard]] bool host_matches(std::string_view pattern, std::string_view host);
[[nodiscard]] bool host_matches_any(const std::vector<std::string>& patterns,
                                    std::string_view host);

/// True where the operator's base_url points to this machine, as to a sandbox.
[[nodiscard]] bool has_loopback_base(const ProductAccount& account);

/// False where there are spaces, control characters or a fragment.
[[nodiscard]] bool is_clean_target(std::string_view target) noexcept;
/// The part before the query.
[[nodiscard]] std::string_view without_query(std::string_view target) noexcept;

}  // namespace earshot::core
