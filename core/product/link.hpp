#pragma once

#include <string_view>

#include <earshot/core/product/product_client.hpp>

#include "endpoint.hpp"

namespace earshot::core {

/// The rule of that name, if it allows the method; else misuse.
[[nodiscard]] Result<const LinkRule*> link_rule(const Manifest& manifest, std::string_view name,
                                                std::string_view method);

/// Where a URL that the product handed out leads, if the rule lets it: https, a declared or any
/// public host. bad_data where not. Where base_url points to this machine, links may too.
[[nodiscard]] Result<Target> link_target(const LinkRule& rule, const ProductAccount& account,
                                         std::string_view text);

}  // namespace earshot::core
