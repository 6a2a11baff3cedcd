#pragma once

#include <string>

#include <earshot/core/manifest/manifest.hpp>

namespace earshot::host {

/// What a manifest says, as a page of Markdown for operators.
[[nodiscard]] std::string manifest_page(const core::Manifest& manifest);

}  // namespace earshot::host
