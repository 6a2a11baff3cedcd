#pragma once

#include <memory>

#include <earshot/core/manifest/manifest.hpp>

namespace earshot::core {

/// The content of a manifest that has no issues.
[[nodiscard]] Manifest manifest_content(std::shared_ptr<const JsonDocument> document);

}  // namespace earshot::core
