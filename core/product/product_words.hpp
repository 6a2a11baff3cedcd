#pragma once

#include <string>
#include <string_view>

#include <earshot/core/http/message.hpp>
#include <earshot/core/json/document.hpp>
#include <earshot/core/observe/log.hpp>

namespace earshot::core {

/// What the product itself says about a failure: at `message_at` where that is given, else in one
/// of the shapes that products document, else the text of a plain-text answer. One line of at most
/// 300 bytes without secrets; empty where it says nothing.
[[nodiscard]] std::string product_words(const HttpResponse& response, JsonValue body,
                                        std::string_view message_at, const Redactor& redactor);

}  // namespace earshot::core
