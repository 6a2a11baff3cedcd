#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <earshot/core/base/result.hpp>
#include <earshot/core/product/product_client.hpp>

namespace earshot::core {

/// What stands for "{name}"; `before` is the text written so far.
using TemplateLookup =
    std::function<Result<std::string>(std::string_view name, std::string_view before)>;

/// Replaces every "{name}" in `text`; config where a brace is not closed or the result has control
/// characters.
[[nodiscard]] Result<std::string> fill_template(std::string_view text,
                                                const TemplateLookup& lookup);

/// The text of a config member, a credential or a member of a JSON credential; not_found where
/// nothing is configured under that name.
[[nodiscard]] Result<std::string> account_member(std::string_view name,
                                                 const ProductAccount& account);

/// As expand_template, for what the manifest says must be configured: config where it is not.
[[nodiscard]] Result<std::string> fill_required(std::string_view text,
                                                const ProductAccount& account);

}  // namespace earshot::core
