#pragma once

/// The refusals of Zendesk, word for word where its documents or captured answers have the words.

#include <chrono>
#include <string_view>

#include <earshot/core/http/server.hpp>

namespace earshot::sandbox {

[[nodiscard]] core::HttpReply not_authenticated();  ///< 401, no or wrong credentials
[[nodiscard]] core::HttpReply bad_access_token();   ///< 401, a bearer token that is none
[[nodiscard]] core::HttpReply forbidden_role();     ///< 403, the role does not allow it
[[nodiscard]] core::HttpReply missing_scope(std::string_view scope);        ///< 403
[[nodiscard]] core::HttpReply no_such_endpoint();                           ///< 404, bad path
[[nodiscard]] core::HttpReply no_such_record();                             ///< 404, bad id
[[nodiscard]] core::HttpReply missing_parameter(std::string_view name);     ///< 400
[[nodiscard]] core::HttpReply invalid_value(std::string_view description);  ///< 400
[[nodiscard]] core::HttpReply invalid_cursor();                             ///< 400
[[nodiscard]] core::HttpReply too_recent();                                 ///< 422
[[nodiscard]] core::HttpReply export_limit_exceeded(std::chrono::seconds retry_after);   ///< 429
[[nodiscard]] core::HttpReply account_limit_exceeded(std::chrono::seconds retry_after);  ///< 429
[[nodiscard]] core::HttpReply server_error();                                            ///< 500
[[nodiscard]] core::HttpReply unavailable(std::chrono::seconds retry_after);  ///< 503, as HTML

}  // namespace earshot::sandbox
