#pragma once

/// The refusals of Intercom, word for word where its documents or captured answers have the words.

#include <cstdint>
#include <string_view>

#include <earshot/core/base/time.hpp>
#include <earshot/core/http/server.hpp>

namespace earshot::sandbox {

/// {"type":"error.list","request_id":...,"errors":[{"code","message"}]}. Every answer of the kind
/// has an id of its own, counted from 1.
class IntercomRefusals {
 public:
  core::HttpReply unauthorized() { return list(401, "unauthorized", "Access Token Invalid"); }
  core::HttpReply revoked() { return list(401, "token_revoked", "Access Token Revoked"); }
  core::HttpReply missing_scope(std::string_view scope);
  core::HttpReply not_acceptable();  ///< 406, without an id
  core::HttpReply broken_json();     ///< 400, of another form
  core::HttpReply not_found() { return list(404, "not_found", "Resource Not Found"); }
  core::HttpReply contact_not_found() { return list(404, "not_found", "User Not Found"); }
  core::HttpReply company_not_found() {
    return list(404, "company_not_found", "Company Not Found");
  }
  core::HttpReply merged_into(std::string_view contact);  ///< 410, with a link
  core::HttpReply version_invalid();
  core::HttpReply page_too_big() { return parameter_invalid("Per Page is too big"); }
  core::HttpReply parameter_invalid(std::string_view message) {
    return list(400, "parameter_invalid", message);
  }
  core::HttpReply type_mismatch(std::string_view message) {
    return list(400, "type_mismatch", message);
  }
  core::HttpReply bad_request(std::string_view message) {
    return list(400, "bad_request", message);
  }
  core::HttpReply invalid_cursor();
  core::HttpReply rate_limited(std::uint64_t limit);
  core::HttpReply server_error() { return list(500, "server_error", "Internal Server Error"); }
  core::HttpReply unavailable() {
    return list(503, "service_unavailable", "Sorry, the API service is temporarily unavailable");
  }

 private:
  core::HttpReply list(int status, std::string_view code, std::string_view message);

  std::uint64_t count_ = 0;
};

}  // namespace earshot::sandbox
