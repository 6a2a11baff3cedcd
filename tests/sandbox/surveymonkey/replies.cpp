#include "sandbox/surveymonkey/replies.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "sandbox/http_text.hpp"

namespace earshot::sandbox {
namespace {

struct Wording {
  MonkeyError error;
  int status;
  std::string_view name;
  std::string_view message;
};

constexpr std::array kWordings = {
    Wording{MonkeyError::bad_input, 400, "Bad Request",
            "Unable to process the request with the provided input."},
    Wording{MonkeyError::not_json, 400, "Bad Request",
            "The body provided was not a proper JSON string."},
    Wording{MonkeyError::bad_schema, 400, "Bad Request", "Invalid schema in the body provided."},
    Wording{MonkeyError::bad_parameters, 400, "Bad Request", "Invalid URL parameters."},
    Wording{MonkeyError::bad_headers, 400, "Bad Request", "Invalid request headers."},
    Wording{MonkeyError::no_token, 401, "Authorization Error",
            "The authorization token was not provided."},
    Wording{MonkeyError::wrong_token, 401, "Authorization Error",
            "The authorization token provided was invalid."},
    Wording{MonkeyError::expired_token, 401, "Authorization Error",
            "The authorization token provided has expired."},
    Wording{MonkeyError::revoked_token, 401, "Authorization Error",
            "Client revoked access to the authorization token provided."},
    Wording{MonkeyError::scope_not_granted, 403, "Permission Error",
            "Permission has not been granted by the user to make this request."},
    Wording{MonkeyError::plan_required, 403, "Permission Error",
            "The user does not have the required plan to make this request."},
    Wording{MonkeyError::no_access, 403, "Permission Error",
            "The user does not have permission to access the resource."},
    Wording{MonkeyError::wrong_region, 403, "Permission Error",
            "The user does not have permission to access the host in this region. See Access URL"},
    Wording{MonkeyError::not_found, 404, "Resource Not Found",
            "There was an error retrieving the requested resource."},
    Wording{MonkeyError::exists, 409, "Resource Conflict",
            "The requested resource already exists."},
    Wording{MonkeyError::rate_limit, 429, "Rate Limit Reached",
            "Too many requests were made, try again later."},
    Wording{MonkeyError::server_error, 500, "Internal Server Error",
            "Oh bananas! We couldn't process your request."},
    Wording{MonkeyError::unavailable, 503, "Internal Server Error",
            "Service unreachable. Please try again later."},
    Wording{MonkeyError::wrong_method, 405, "Method Not Allowed",
            "The method is not allowed for this resource."}};

}  // namespace

core::HttpReply monkey_error(MonkeyError error) {
  const auto* const found =
      std::find_if(kWordings.begin(), kWordings.end(),
                   [&](const Wording& wording) { return wording.error == error; });
  core::HttpReply reply;
  reply.status = found->status;
  reply.headers.add("content-type", "application/json");
  reply.body = fmt::format(
      R"({{"error": {{"docs": "https://developer.surveymonkey.com/api/v3/#error-codes", "message": "{}", "id": "{}", "name": "{}", "http_status_code": {}}}}})",
      found->message, static_cast<int>(error), found->name, found->status);
  return reply;
}

core::HttpReply revoked_grant() {
  core::HttpReply reply;
  reply.status = 401;
  reply.headers.add("content-type", "application/json");
  reply.body = R"({"status":1,"errmsg":"Client revoked access grant"})";
  return reply;
}

core::HttpReply no_such_page() {
  core::HttpReply reply;
  reply.status = 404;
  reply.headers.add("content-type", "text/html; charset=UTF-8");
  reply.body =
      "<!DOCTYPE html>\n<html>\n    <head>\n        <title>SurveyMonkey 404</title>\n    </head>\n"
      "    <body>We can't find the page you're looking for.</body>\n</html>\n";
  return reply;
}

core::HttpReply monkey_reply(int status, std::string body) {
  core::HttpReply reply;
  reply.status = status;
  reply.headers.add("content-type", "application/json");
  reply.body = std::move(body);
  return reply;
}

}  // namespace earshot::sandbox
