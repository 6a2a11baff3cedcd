#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/json/document.hpp>

#include "sandbox/product.hpp"
#include "sandbox/zendesk/access.hpp"
#include "sandbox/zendesk/zendesk.hpp"

namespace earshot::sandbox {

inline constexpr std::string_view kExportPath = "/api/v2/incremental/tickets/cursor.json";

inline core::Time time_of(std::string_view text) {
  return *core::parse_time(text);
}

inline std::unique_ptr<core::JsonDocument> parsed(std::string text) {
  auto document = core::JsonDocument::parse(std::move(text));
  EXPECT_TRUE(document) << document.error().message;
  return std::move(document).value();
}

inline std::string basic(std::string_view user, std::string_view password) {
  return "Basic " + core::base64_encode(fmt::format("{}:{}", user, password));
}

/// A simulated account at a quarter past ten and nineteen seconds, and a client of it.
class ZendeskAccount {
 public:
  explicit ZendeskAccount(ProductSetup setup = {})
      : zendesk_(at_now(setup), clock_), keys_(setup.seed, {}) {}

  core::HttpReply send(std::string method, std::string target, std::string authorization,
                       std::string body = "", std::string type = "application/json") {
    core::HttpIncoming request;
    request.method = std::move(method);
    request.target = std::move(target);
    if (!authorization.empty()) request.headers.add("Authorization", std::move(authorization));
    if (!body.empty()) request.headers.add("Content-Type", std::move(type));
    request.body = std::move(body);
    return zendesk_.handle(request);
  }
  core::HttpReply get(std::string target) { return send("GET", std::move(target), admin()); }

  [[nodiscard]] std::string admin() const {
    return basic(std::string(ZendeskAccess::kAdminEmail) + "/token", keys_.api_token());
  }
  [[nodiscard]] std::string agent() const {
    return basic(std::string(ZendeskAccess::kAgentEmail) + "/token", keys_.api_token());
  }
  /// The credentials that the account was made with.
  [[nodiscard]] const ZendeskAccess& keys() const noexcept { return keys_; }
  [[nodiscard]] Zendesk& product() noexcept { return zendesk_; }
  core::VirtualClock& clock() noexcept { return clock_; }

  /// All ids of an export from `target` on, in order, page after page.
  std::vector<std::string> export_ids(std::string target, std::vector<std::size_t>* sizes = nullptr,
                                      std::string* cursor = nullptr) {
    std::vector<std::string> ids;
    for (;;) {
      const core::HttpReply reply = get(target);
      EXPECT_EQ(reply.status, 200) << target << "\n" << reply.body;
      if (reply.status != 200) return ids;
      const auto page = parsed(reply.body);
      for (const core::JsonValue ticket : page->root().member("tickets")) {
        ids.emplace_back(ticket.member("id").text());
      }
      if (sizes) sizes->push_back(page->root().member("tickets").size());
      const std::string after(page->root().member("after_cursor").text());
      if (cursor) *cursor = after;
      if (page->root().member("end_of_stream").truthy()) return ids;
      target = fmt::format("{}?cursor={}", kExportPath, sdk::percent_encode(after));
    }
  }

 private:
  static ProductSetup at_now(ProductSetup setup) {
    setup.now = time_of("2026-03-02T10:15:19Z");
    return setup;
  }

  core::VirtualClock clock_{time_of("2026-03-02T10:15:19Z")};
  Zendesk zendesk_;
  ZendeskAccess keys_;
};

}  // namespace earshot::sandbox
