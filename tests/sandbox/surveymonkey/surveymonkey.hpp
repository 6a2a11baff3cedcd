#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sandbox/period_limit.hpp"
#include "sandbox/product.hpp"
#include "sandbox/surveymonkey/access.hpp"
#include "sandbox/surveymonkey/response_book.hpp"
#include "sandbox/surveymonkey/webhooks.hpp"

namespace earshot::sandbox {

/// SurveyMonkey's API v3 of one account: surveys, their responses, webhooks, both quotas.
/// docs/reference/sandbox.md says what it serves and how strictly. [one thread at a time]
class SurveyMonkey final : public SimulatedProduct {
 public:
  SurveyMonkey(const ProductSetup& setup, const core::Clock& clock);

  [[nodiscard]] std::vector<AccessWay> access() const override;
  [[nodiscard]] core::HttpReply handle(const core::HttpIncoming& request) override;
  [[nodiscard]] core::HttpReply failure(int status, std::chrono::seconds retry_after) override;
  [[nodiscard]] std::string truth() const override { return responses_.truth(); }
  Changed change(const Change& change) override { return responses_.change(change); }
  void warm() override { responses_.render_all(); }

 private:
  /// A request that found its endpoint.
  struct Asked {
    const core::HttpIncoming& http;
    std::string_view path;
    Parameters query;
    std::vector<std::string_view> ids;  ///< What stood for {id} in the path, in order.
    const MonkeyGrant* grant = nullptr;
  };
  using Handler = core::HttpReply (SurveyMonkey::*)(const Asked& asked);
  struct Endpoint {
    std::string_view method;
    std::string_view path;   ///< Segments may be {id}.
    std::string_view scope;  ///< What the token must have been granted.
    Handler handler;
  };
  static const std::vector<Endpoint>& endpoints();

  core::HttpReply answer(const Endpoint& endpoint, Asked asked);
  core::HttpReply authorized(const Endpoint& endpoint, const Asked& asked);
  /// Finds the survey of the path, or says why it may not be seen.
  core::HttpReply with_survey(const Asked& asked,
                              core::HttpReply (SurveyMonkey::*then)(const Asked&, std::size_t));

  core::HttpReply get_me(const Asked& asked);
  core::HttpReply list_surveys(const Asked& asked);
  core::HttpReply get_survey(const Asked& asked);
  core::HttpReply get_details(const Asked& asked);
  core::HttpReply get_collectors(const Asked& asked);
  core::HttpReply get_responses(const Asked& asked);
  core::HttpReply get_bulk(const Asked& asked);
  core::HttpReply get_response(const Asked& asked);
  core::HttpReply list_webhooks(const Asked& asked);
  core::HttpReply create_webhook(const Asked& asked);
  core::HttpReply get_webhook(const Asked& asked);
  core::HttpReply update_webhook(const Asked& asked);
  core::HttpReply delete_webhook(const Asked& asked);

  core::HttpReply survey_of(const Asked& asked, std::size_t survey);
  core::HttpReply details_of(const Asked& asked, std::size_t survey);
  core::HttpReply collectors_of(const Asked& asked, std::size_t survey);
  core::HttpReply responses_of(const Asked& asked, std::size_t survey);
  core::HttpReply bulk_of(const Asked& asked, std::size_t survey);
  core::HttpReply response_of(const Asked& asked, std::size_t survey);

  ProductSetup setup_;
  const core::Clock& clock_;
  ResponseBook responses_;
  SurveyMonkeyAccess access_;
  SurveyMonkeyWebhooks webhooks_;
  PeriodLimit minute_limit_{120, std::chrono::minutes(1)};
  PeriodLimit day_limit_{500, std::chrono::hours(24)};
};

}  // namespace earshot::sandbox
