#pragma once

/// The refusals of SurveyMonkey, word for word where its documents or captured answers have them.

#include <string>

#include <earshot/core/http/server.hpp>

namespace earshot::sandbox {

/// Refusals by the product's own numbers.
enum class MonkeyError : int {
  bad_input = 1000,
  not_json = 1001,
  bad_schema = 1002,
  bad_parameters = 1003,
  bad_headers = 1004,
  no_token = 1010,
  wrong_token = 1011,
  expired_token = 1012,
  revoked_token = 1013,
  scope_not_granted = 1014,
  plan_required = 1015,
  no_access = 1016,
  wrong_region = 1018,
  not_found = 1020,
  exists = 1026,
  rate_limit = 1040,
  server_error = 1050,
  unavailable = 1051,
  wrong_method = 1061,
};

/// {"error":{"docs","message","id","name","http_status_code"}} with the status that goes with it.
[[nodiscard]] core::HttpReply monkey_error(MonkeyError error);
/// What a revoked grant is answered with, beside 1013.
[[nodiscard]] core::HttpReply revoked_grant();
/// Paths that are none get a page for people.
[[nodiscard]] core::HttpReply no_such_page();

/// A 2xx, slashes escaped as the product escapes them.
[[nodiscard]] core::HttpReply monkey_reply(int status, std::string body);

}  // namespace earshot::sandbox
