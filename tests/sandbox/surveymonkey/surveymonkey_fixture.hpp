#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/json/document.hpp>
#include <earshot/sdk/text.hpp>

#include "sandbox/product.hpp"
#include "sandbox/surveymonkey/surveymonkey.hpp"

namespace earshot::sandbox {

/// A simulated account at a quarter past ten and nineteen seconds, and a client of it.
class SurveyMonkeyAccount {
 public:
  explicit SurveyMonkeyAccount(ProductSetup setup = {})
      : product_(at_now(setup), clock_), keys_(setup.seed) {}

  core::HttpReply send(std::string method, std::string target, std::string_view role,
                       std::string body = "", std::string type = "application/json") {
    core::HttpIncoming request;
    request.method = std::move(method);
    request.target = std::move(target);
    if (!role.empty()) request.headers.add("Authorization", "bearer " + keys_.token(role));
    if (!body.empty()) request.headers.add("Content-Type", std::move(type));
    request.body = std::move(body);
    return product_.handle(request);
  }
  core::HttpReply send_as(std::string target, std::string authorization) {
    core::HttpIncoming request;
    request.method = "GET";
    request.target = std::move(target);
    request.headers.add("Authorization", std::move(authorization));
    return product_.handle(request);
  }
  core::HttpReply get(std::string target) { return send("GET", std::move(target), "full"); }
  /// The JSON of an answer of 200.
  std::unique_ptr<core::JsonDocument> json(std::string target) {
    const core::HttpReply reply = get(target);
    EXPECT_EQ(reply.status, 200) << target << "\n" << reply.body;
    return parse(reply.body);
  }
  static std::unique_ptr<core::JsonDocument> parse(std::string text) {
    auto document = core::JsonDocument::parse(std::move(text));
    EXPECT_TRUE(document) << document.error().message;
    return std::move(document).value();
  }

  [[nodiscard]] SurveyMonkey& product() noexcept { return product_; }
  core::VirtualClock& clock() noexcept { return clock_; }
  std::unique_ptr<core::JsonDocument> truth() { return parse(product_.truth()); }

  static std::string bulk(std::size_t survey, std::string_view query = "") {
    return fmt::format("/v3/surveys/{}/responses/bulk{}{}", survey_id(survey),
                       query.empty() ? "" : "?", query);
  }
  /// Every response of the account as bulk pages show it, in order, page after page.
  std::vector<std::unique_ptr<core::JsonDocument>> pages(std::size_t survey,
                                                         std::string_view query) {
    std::vector<std::unique_ptr<core::JsonDocument>> out;
    for (int number = 1;; ++number) {
      out.push_back(json(bulk(survey, fmt::format("page={}&{}", number, query))));
      if (!out.back()->root().at("/links/next").exists()) return out;
    }
  }

 private:
  static core::Time now() { return *core::parse_time("2026-03-02T10:15:19Z"); }
  static ProductSetup at_now(ProductSetup setup) {
    setup.now = now();
    return setup;
  }

  core::VirtualClock clock_{now()};
  SurveyMonkey product_;
  SurveyMonkeyAccess keys_;
};

}  // namespace earshot::sandbox
