#pragma once

#include <string>
#include <string_view>

#include <earshot/core/http/message.hpp>

namespace earshot::core {

/// Headers for a log, "Name: value; Name: value": what is secret by its name is masked, and so are
/// the values of such parameters in URLs. What is secret by its value is the redactor's to mask.
[[nodiscard]] std::string loggable_headers(const HttpHeaders& headers);
/// A URL, or text with URLs in it, likewise.
[[nodiscard]] std::string loggable_url(std::string_view url);

}  // namespace earshot::core
