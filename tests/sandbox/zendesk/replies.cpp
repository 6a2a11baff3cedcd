#include "sandbox/zendesk/replies.hpp"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "sandbox/http_text.hpp"

namespace earshot::sandbox {
namespace {

core::HttpReply with_retry_after(core::HttpReply reply, std::chrono::seconds wait) {
  reply.headers.add("retry-after", std::to_string(wait.count()));
  return reply;
}

}  // namespace

core::HttpReply not_authenticated() {
  core::HttpReply reply = json_reply(401, R"({"error":"Couldn't authenticate you"})");
  reply.headers.add("www-authenticate", "Basic realm=\"Web Password\"");
  return reply;
}

core::HttpReply bad_access_token() {
  core::HttpReply reply = json_reply(
      401,
      R"({"error":"invalid_token","error_description":"The access token provided is expired, revoked, malformed or invalid for other reasons."})");
  reply.headers.add("www-authenticate", "Bearer realm=\"Zendesk\", error=\"invalid_token\"");
  return reply;
}

core::HttpReply forbidden_role() {
  return json_reply(
      403,
      R"({"error":{"title":"Forbidden","message":"You do not have access to this page. Please contact the account owner of this help desk for further help."}})");
}

core::HttpReply missing_scope(std::string_view scope) {
  return error_reply(403, "Forbidden",
                     fmt::format("You are missing the following required scopes: {}", scope));
}

core::HttpReply no_such_endpoint() {
  return error_reply(404, "InvalidEndpoint", "Not found");
}

core::HttpReply no_such_record() {
  return error_reply(404, "RecordNotFound", "Not found");
}

core::HttpReply missing_parameter(std::string_view name) {
  return error_reply(400, "ParameterMissing", fmt::format("Parameter {} is required", name));
}

core::HttpReply invalid_value(std::string_view description) {
  return error_reply(400, "InvalidValue", description);
}

core::HttpReply invalid_cursor() {
  return json_reply(
      400,
      R"({"errors":[{"code":"InvalidCursor","status":"400","title":"cursor is invalid or expired"}]})");
}

core::HttpReply too_recent() {
  return error_reply(422, "InvalidValue",
                     "Too recent start_time. Use a start_time older than 5 minutes");
}

core::HttpReply export_limit_exceeded(std::chrono::seconds retry_after) {
  return with_retry_after(
      json_reply(
          429,
          R"({"errors":[{"code":"RateLimitExceeded","status":"429","title":"Rate limit exceeded. Maximum 10 requests per minute."}]})"),
      retry_after);
}

core::HttpReply account_limit_exceeded(std::chrono::seconds retry_after) {
  core::HttpReply reply;
  reply.status = 429;
  reply.headers.add("content-type", "text/plain; charset=utf-8");
  reply.body = "Number of allowed API requests per minute exceeded";
  return with_retry_after(std::move(reply), retry_after);
}

core::HttpReply server_error() {
  return json_reply(500, R"({"status":500,"error":"Internal Server Error"})");
}

core::HttpReply unavailable(std::chrono::seconds retry_after) {
  core::HttpReply reply;
  reply.status = 503;
  reply.headers.add("content-type", "text/html; charset=utf-8");
  reply.body = "<html><head><title>503</title></head><body>Service Unavailable</body></html>";
  return with_retry_after(std::move(reply), retry_after);
}

}  // namespace earshot::sandbox
