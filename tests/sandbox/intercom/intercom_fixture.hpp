#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/base/time.hpp>
#include <earshot/core/json/document.hpp>

#include "sandbox/intercom/intercom.hpp"
#include "sandbox/product.hpp"

namespace earshot::sandbox {

inline core::Time instant(std::string_view text) {
  return *core::parse_time(text);
}

inline std::unique_ptr<core::JsonDocument> document_of(std::string text) {
  auto document = core::JsonDocument::parse(std::move(text));
  EXPECT_TRUE(document) << document.error().message;
  return std::move(document).value();
}

inline std::vector<std::string> texts_in(core::JsonValue array) {
  std::vector<std::string> out;
  for (const core::JsonValue element : array) out.emplace_back(element.text());
  return out;
}

/// A search of everything updated from `since` on, in pages.
inline std::string search_since(std::int64_t since, std::uint64_t per_page = 150,
                                const std::string& after = "",
                                std::string_view order = "ascending") {
  return fmt::format(
      R"({{"query":{{"field":"updated_at","operator":">","value":{}}},"sort":{{"field":"updated_at","order":"{}"}},"pagination":{{"per_page":{}{}}}}})",
      since - 1, order, per_page,
      after.empty() ? "" : fmt::format(R"(,"starting_after":"{}")", after));
}

/// A simulated workspace at a quarter past ten and nineteen seconds, and a client of it.
class IntercomWorkspace {
 public:
  explicit IntercomWorkspace(ProductSetup setup = {})
      : intercom_(at_now(setup), clock_), keys_(setup.seed) {}

  core::HttpReply send(std::string method, std::string target, std::string body = "",
                       core::HttpHeaders more = {}) {
    core::HttpIncoming request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.headers = std::move(more);
    const auto add = [&](const char* name, const std::string& value) {
      if (!request.headers.has(name)) request.headers.add(name, value);
    };
    add("Authorization", "Bearer " + keys_.token());
    add("Accept", "application/json");
    add("Intercom-Version", "2.16");
    if (!body.empty()) add("Content-Type", "application/json");
    request.body = std::move(body);
    return intercom_.handle(request);
  }
  core::HttpReply get(std::string target) { return send("GET", std::move(target)); }
  core::HttpReply search(std::string body) {
    return send("POST", "/conversations/search", std::move(body));
  }

  /// The credentials that the workspace was made with.
  [[nodiscard]] const IntercomAccess& keys() const noexcept { return keys_; }
  [[nodiscard]] Intercom& product() noexcept { return intercom_; }
  core::VirtualClock& clock() noexcept { return clock_; }

  /// All ids of a search from `since` on, in order, page after page.
  std::vector<std::string> search_ids(std::int64_t since, std::uint64_t per_page = 150,
                                      std::string_view order = "ascending") {
    std::vector<std::string> ids;
    std::string after;
    do {
      const core::HttpReply reply = search(search_since(since, per_page, after, order));
      EXPECT_EQ(reply.status, 200) << reply.body;
      const auto page = document_of(reply.body);
      for (const core::JsonValue one : page->root().member("conversations")) {
        ids.emplace_back(one.member("id").text());
      }
      after = page->root().at("/pages/next/starting_after").text();
    } while (!after.empty());
    return ids;
  }

 private:
  static ProductSetup at_now(ProductSetup setup) {
    setup.now = instant("2026-03-02T10:15:19Z");
    return setup;
  }

  core::VirtualClock clock_{instant("2026-03-02T10:15:19Z")};
  Intercom intercom_;
  IntercomAccess keys_;
};

}  // namespace earshot::sandbox
