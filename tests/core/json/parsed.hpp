#pragma once

#include <memory>
#include <string>

#include <gmock/gmock.h>

#include <earshot/core/json/document.hpp>

namespace earshot::core {

/// The document of a text that is JSON; a failed test and an empty document where it is none.
inline std::unique_ptr<JsonDocument> parsed(std::string text) {
  auto document = JsonDocument::parse(std::move(text));
  if (document) return std::move(document).value();
  ADD_FAILURE() << document.error().message;
  return std::move(JsonDocument::parse("null")).value();
}

/// Why a text is no JSON; a failed test where it is.
inline Error refused(std::string text, JsonLimits limits = {}) {
  auto document = JsonDocument::parse(text, limits);
  if (!document) return std::move(document).error();
  ADD_FAILURE() << "was accepted: " << text.substr(0, 100);
  return {};
}

}  // namespace earshot::core
