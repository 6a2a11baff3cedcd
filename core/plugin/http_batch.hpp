#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <earshot/core/plugin/call.hpp>
#include <earshot/core/product/product_client.hpp>

namespace earshot::core {

/// Some requests of one suspension: sent a few at a time, each answer parsed, the call woken after
/// the last. Once the answers are more than the call may hold, the rest is neither kept nor asked
/// for: Code::limit. Lives on the plugin's stack for the length of the suspension; works on the
/// loop.
class HttpBatch {
 public:
  struct Answer {
    bool answered = false;  ///< There is a response, be it a failure.
    HttpResponse response;
    std::shared_ptr<const JsonDocument> json;
    Error error{.code = Code::ok, .message = {}};
    std::uint32_t attempts = 0;
    Micros waited{0};
  };

  HttpBatch(PluginCall& call, std::vector<ProductRequest> requests);

  void start();
  [[nodiscard]] std::size_t size() const noexcept { return answers_.size(); }
  [[nodiscard]] Answer take(std::size_t index) { return std::move(answers_[index]); }

 private:
  static constexpr std::size_t kAtOnce = 8;

  void send_next();
  void answered(std::size_t index, Result<ProductAnswer> result);
  [[nodiscard]] Result<ProductAnswer> within_budget(ProductAnswer answer);
  [[nodiscard]] static Error over_budget();
  void settle();

  PluginCall& call_;
  std::vector<ProductRequest> requests_;
  std::vector<Answer> answers_;
  std::size_t next_ = 0;
  std::size_t settled_ = 0;
  std::size_t held_ = 0;  ///< Footprint of the answers kept.
  bool full_ = false;
};

}  // namespace earshot::core
