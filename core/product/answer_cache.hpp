#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <earshot/core/product/answer_shelf.hpp>
#include <earshot/core/product/product_client.hpp>

#include "exchange.hpp"

namespace earshot::core {

/// Answers GET requests that the manifest's cache rules match from a shelf: a fresh answer without
/// a request, a stale one by asking the product whether it still holds. One request is on its way
/// for all who ask the same at once.
/// [one thread at a time] of its loop.
class AnswerCache {
 public:
  explicit AnswerCache(ExchangeContext& context) : context_(context) {}

  void use(std::shared_ptr<AnswerShelf> shelf) { shelf_ = std::move(shelf); }
  /// The rule under which answers to such requests are kept; null where they are not.
  [[nodiscard]] const CacheRule* rule_for(const ProductRequest& request) const;
  [[nodiscard]] std::unique_ptr<ProductClient::Operation> send(ProductRequest request,
                                                               const CacheRule& rule,
                                                               ProductClient::Done done);

 private:
  struct Question;
  class Waiter;

  void found(const std::shared_ptr<Question>& question, std::optional<KeptAnswer> kept);
  void ask(const std::shared_ptr<Question>& question);
  void answered(const std::shared_ptr<Question>& question, Result<ProductAnswer> answer);
  void keep(const Question& question, const ProductAnswer& answer);
  void settle(const std::shared_ptr<Question>& question, Result<ProductAnswer> answer);
  void leave(const std::shared_ptr<Question>& question, std::uint64_t waiter);
  [[nodiscard]] std::string key_of(const ProductRequest& request) const;
  [[nodiscard]] Time calendar() const { return context_.loop.clock().now(); }

  ExchangeContext& context_;
  std::shared_ptr<AnswerShelf> shelf_;
  std::uint64_t last_waiter_ = 0;
  std::map<std::string, std::shared_ptr<Question>> open_;
};

}  // namespace earshot::core
