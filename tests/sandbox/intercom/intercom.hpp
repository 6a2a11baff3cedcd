#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/intercom/access.hpp"
#include "sandbox/intercom/conversation_book.hpp"
#include "sandbox/intercom/limits.hpp"
#include "sandbox/intercom/people.hpp"
#include "sandbox/intercom/replies.hpp"
#include "sandbox/intercom/search.hpp"
#include "sandbox/product.hpp"

namespace earshot::sandbox {

/// Intercom's API for a workspace in the US: conversations with their parts, search, deletions,
/// contacts, companies. docs/reference/sandbox.md says what it serves and how strictly.
/// [one thread at a time]
class Intercom final : public SimulatedProduct {
 public:
  Intercom(const ProductSetup& setup, const core::Clock& clock);

  [[nodiscard]] std::vector<AccessWay> access() const override;
  [[nodiscard]] core::HttpReply handle(const core::HttpIncoming& request) override;
  [[nodiscard]] bool reads(const core::HttpIncoming& request) const override;
  [[nodiscard]] core::HttpReply failure(int status, std::chrono::seconds retry_after) override;
  [[nodiscard]] std::string truth() const override { return book_.truth(); }
  Changed change(const Change& change) override { return book_.change(change); }
  void warm() override;

  /// Requests a minute that an app may send.
  static constexpr std::uint64_t kPerMinute = 10'000;

 private:
  /// A request that found its endpoint.
  struct Asked {
    const core::HttpIncoming& http;
    Parameters query;
    std::string_view id;  ///< What stood for {id} in the path.
    int version = 0;      ///< 2016 for "2.16".
  };
  using Handler = core::HttpReply (Intercom::*)(const Asked& asked);
  enum class Needs { nothing, conversations, people };
  struct Endpoint {
    std::string_view method;
    std::string_view path;  ///< One segment may be {id}.
    Needs needs;
    Handler handler;
  };
  static const std::vector<Endpoint>& endpoints();
  static const Endpoint* route(std::string_view method, std::string_view path,
                               std::string_view& id);

  core::HttpReply identified(const core::HttpIncoming& request, const IntercomGrant& grant);
  core::HttpReply answer(const core::HttpIncoming& request, const IntercomGrant& grant);
  core::HttpReply granted(const Endpoint& endpoint, const Asked& asked, const IntercomGrant& grant);
  void add_limit_headers(core::HttpHeaders& headers, const TenSecondLimit::Standing& standing);

  core::HttpReply get_me(const Asked& asked);
  core::HttpReply search(const Asked& asked);
  core::HttpReply list(const Asked& asked);
  core::HttpReply list_deleted(const Asked& asked);
  core::HttpReply get_conversation(const Asked& asked);
  core::HttpReply get_contact(const Asked& asked);
  core::HttpReply get_company(const Asked& asked);

  ProductSetup setup_;
  const core::Clock& clock_;
  IntercomRefusals refusals_;
  IntercomPeople people_;
  ConversationBook book_;
  ConversationLists lists_;
  IntercomAccess access_;
  TenSecondLimit limit_{kPerMinute};
};

}  // namespace earshot::sandbox
