#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/period_limit.hpp"
#include "sandbox/product.hpp"
#include "sandbox/zendesk/access.hpp"
#include "sandbox/zendesk/ticket_book.hpp"
#include "sandbox/zendesk/users.hpp"
#include "sandbox/zendesk/webhooks.hpp"

namespace earshot::sandbox {

/// Zendesk Support for the subdomain "acme": incremental export, tickets, comments, users,
/// webhooks, OAuth tokens. docs/reference/sandbox.md says what it serves and how strictly.
/// [one thread at a time]
class Zendesk final : public SimulatedProduct {
 public:
  Zendesk(const ProductSetup& setup, const core::Clock& clock);

  [[nodiscard]] std::vector<AccessWay> access() const override;
  [[nodiscard]] core::HttpReply handle(const core::HttpIncoming& request) override;
  [[nodiscard]] core::HttpReply failure(int status, std::chrono::seconds retry_after) override;
  [[nodiscard]] std::string truth() const override { return tickets_.truth(); }
  Changed change(const Change& change) override { return tickets_.change(change); }
  void warm() override;

 private:
  /// A request that found its endpoint.
  struct Asked {
    const core::HttpIncoming& http;
    Parameters query;
    std::string_view id;                 ///< What stood for {id} in the path.
    const Identity* identity = nullptr;  ///< Null for a visitor.
  };
  using Handler = core::HttpReply (Zendesk::*)(const Asked& asked);
  struct Endpoint {
    std::string_view method;
    std::string_view path;      ///< Without ".json"; one segment may be {id}.
    std::string_view resource;  ///< As scopes name it.
    bool admin_only;
    Handler handler;
  };
  static const std::vector<Endpoint>& endpoints();
  static const Endpoint* route(std::string_view method, std::string_view path,
                               std::string_view& id);

  core::HttpReply answer(const Endpoint& endpoint, Asked asked);
  core::HttpReply authorized(const Endpoint& endpoint, const Asked& asked);
  core::HttpReply export_page(const Asked& asked);

  core::HttpReply get_export(const Asked& asked);
  core::HttpReply get_me(const Asked& asked);
  core::HttpReply get_count(const Asked& asked);
  core::HttpReply get_settings(const Asked& asked);
  core::HttpReply get_ticket(const Asked& asked);
  core::HttpReply get_comments(const Asked& asked);
  core::HttpReply get_user(const Asked& asked);
  core::HttpReply list_webhooks(const Asked& asked);
  core::HttpReply create_webhook(const Asked& asked);
  core::HttpReply get_webhook(const Asked& asked);
  core::HttpReply update_webhook(const Asked& asked);
  core::HttpReply delete_webhook(const Asked& asked);
  core::HttpReply get_secret(const Asked& asked);
  core::HttpReply reset_secret(const Asked& asked);

  ProductSetup setup_;
  const core::Clock& clock_;
  ZendeskUsers users_;
  TicketBook tickets_;
  ZendeskAccess access_;
  ZendeskWebhooks webhooks_;
  PeriodLimit account_limit_{400, std::chrono::minutes(1)};
  PeriodLimit export_limit_{10, std::chrono::minutes(1)};
};

}  // namespace earshot::sandbox
