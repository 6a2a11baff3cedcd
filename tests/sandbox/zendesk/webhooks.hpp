#pragma once

/// /api/v2/webhooks: what is registered, and with which secret it signs.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/base/random.hpp>
#include <earshot/core/base/time.hpp>
#include <earshot/core/json/document.hpp>

#include "sandbox/http_text.hpp"

namespace earshot::sandbox {

/// The account's webhooks. As at the product, nothing keeps one endpoint from being registered
/// twice. [one thread at a time]
class ZendeskWebhooks {
 public:
  explicit ZendeskWebhooks(std::uint64_t seed) : random_(seed ^ 0x3eb400c5) {}

  [[nodiscard]] core::HttpReply create(const core::HttpIncoming& request, core::Time now);
  [[nodiscard]] core::HttpReply list(const Parameters& query) const;
  [[nodiscard]] core::HttpReply show(std::string_view id) const;
  /// PATCH and PUT.
  [[nodiscard]] core::HttpReply update(std::string_view id, const core::HttpIncoming& request,
                                       core::Time now);
  [[nodiscard]] core::HttpReply remove(std::string_view id);
  [[nodiscard]] core::HttpReply signing_secret(std::string_view id) const;
  [[nodiscard]] core::HttpReply reset_signing_secret(std::string_view id);

 private:
  struct Webhook {
    std::string id;
    std::string name;
    std::string endpoint;
    std::string http_method;
    std::string request_format;
    std::string status;
    std::vector<std::string> subscriptions;
    std::string secret;
    core::Time created{};
    core::Time updated{};
  };
  static std::string json(const Webhook& webhook);
  /// Takes the members that the request sends; empty, or what is wrong with the outcome.
  static std::string apply(Webhook& webhook, core::JsonValue members);
  [[nodiscard]] const Webhook* find(std::string_view id) const noexcept;
  [[nodiscard]] Webhook* find(std::string_view id) noexcept;
  std::string new_ulid(core::Time now);
  std::string new_secret();

  core::Random random_;
  std::vector<Webhook> webhooks_;
};

/// True for "zen:event-type:ticket.created" and the other types that Zendesk lists.
[[nodiscard]] bool is_event_type(std::string_view type) noexcept;

}  // namespace earshot::sandbox
