#include "sandbox/intercom/replies.hpp"

#include <fmt/format.h>

#include <earshot/core/json/writer.hpp>

#include "sandbox/http_text.hpp"

namespace earshot::sandbox {

core::HttpReply IntercomRefusals::list(int status, std::string_view code,
                                       std::string_view message) {
  core::JsonWriter out;
  out.begin_object();
  out.member("type", "error.list");
  out.member("request_id", fmt::format("50f1e8d1-cf1a-450c-a7b5-{:012x}", ++count_));
  out.key("errors");
  out.begin_array();
  out.begin_object();
  out.member("code", code);
  out.member("message", message);
  out.end_object();
  out.end_array();
  out.end_object();
  return json_reply(status, out.take());
}

core::HttpReply IntercomRefusals::missing_scope(std::string_view scope) {
  return list(
      403, "forbidden",
      fmt::format("You do not have the required scope ({}) to access this resource", scope));
}

core::HttpReply IntercomRefusals::not_acceptable() {
  return json_reply(
      406,
      R"({"errors":[{"code":"media_type_not_acceptable","message":"The Accept header should send a media type of application/json"}],"type":"error.list"})");
}

core::HttpReply IntercomRefusals::broken_json() {
  return json_reply(
      400,
      R"({"status":400,"error":"There was a problem in the JSON you submitted [ddf8bfe97056e23f5d2b1ed92627ad07]: logged with error code"})");
}

core::HttpReply IntercomRefusals::merged_into(std::string_view contact) {
  core::HttpReply reply = list(410, "contact_merged", "The contact was merged into another one");
  reply.headers.add("link", fmt::format("<https://api.intercom.io/contacts/{}>", contact));
  return reply;
}

core::HttpReply IntercomRefusals::version_invalid() {
  return list(400, "intercom_version_invalid",
              "Requested resource is not available in current API version.");
}

core::HttpReply IntercomRefusals::invalid_cursor() {
  return list(400, "client_error",
              "Invalid starting_after param. Please try again using a starting_after value from a "
              "paginated response");
}

core::HttpReply IntercomRefusals::rate_limited(std::uint64_t limit) {
  return list(429, "rate_limit_exceeded",
              fmt::format("Exceeded rate limit of {} in 10_seconds", limit));
}

}  // namespace earshot::sandbox
