#pragma once

/// /v3/webhooks: what is registered.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/json/document.hpp>

#include "sandbox/http_text.hpp"

namespace earshot::sandbox {

/// The account's webhooks: one kind of event each, and no URL twice. The product asks the URL with
/// HEAD when a webhook is made; here a host of the top-level domain "invalid" does not answer.
/// [one thread at a time]
class SurveyMonkeyWebhooks {
 public:
  [[nodiscard]] core::HttpReply create(const core::HttpIncoming& request);
  [[nodiscard]] core::HttpReply list(std::string_view path, const Parameters& query) const;
  [[nodiscard]] core::HttpReply show(std::string_view id) const;
  /// PATCH changes what is sent, PUT replaces all.
  [[nodiscard]] core::HttpReply update(std::string_view id, const core::HttpIncoming& request);
  [[nodiscard]] core::HttpReply remove(std::string_view id);

 private:
  struct Webhook {
    std::string id;
    std::string name;
    std::string event_type;
    std::string object_type;
    std::vector<std::string> object_ids;
    std::string subscription_url;
    std::string authorization;
  };
  static std::string json(const Webhook& webhook);
  static void apply(Webhook& webhook, core::JsonValue members);
  /// The answer to a webhook that may not be as it is; status 0 where it may.
  [[nodiscard]] core::HttpReply refusal_of(const Webhook& webhook) const;
  [[nodiscard]] const Webhook* find(std::string_view id) const noexcept;

  std::uint64_t next_id_ = 3'285'187;
  std::vector<Webhook> webhooks_;
};

}  // namespace earshot::sandbox
