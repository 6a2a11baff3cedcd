#pragma once

/// The host's side of the ABI: one running operation of a plugin, and the table of services that it
/// reaches.

#include <atomic>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <earshot/abi.h>
#include <earshot/core/base/callback.hpp>
#include <earshot/core/base/result.hpp>
#include <earshot/core/json/document.hpp>
#include <earshot/core/observe/log.hpp>
#include <earshot/core/plugin/loader.hpp>
#include <earshot/core/plugin/sink.hpp>
#include <earshot/core/product/product_client.hpp>
#include <earshot/core/runtime/loop.hpp>
#include <earshot/core/runtime/suspension.hpp>
#include <earshot/core/runtime/thread_pool.hpp>

namespace earshot::core {

/// The table that every plugin is given. The same for all; what differs is in the call.
[[nodiscard]] const ear_host& host_table() noexcept;

/// What one call may hold: answers and memory together.
inline constexpr std::size_t kCallBudget = std::size_t{64} << 20;

/// Where `secret_put` puts a secret; calls back on the call's loop when it is durable.
class SecretSink {
 public:
  virtual ~SecretSink() = default;
  virtual void put(std::string name, Secret value, std::optional<Time> expires,
                   Callback<void(Result<void>)> done) = 0;
};

/// What one call works with. Everything pointed at outlives the call.
struct CallContext {
  const LoadedPlugin* plugin = nullptr;
  std::string integration;  ///< For logs.
  Loop* loop = nullptr;
  Log* log = nullptr;
  ProductClient* client = nullptr;
  Sink* sink = nullptr;           ///< Only while fetching; else emit and its like are unsupported.
  SecretSink* secrets = nullptr;  ///< Absent where there is nowhere to put one.
  std::shared_ptr<const JsonDocument> config;  ///< As the plugin may read it.
  Micros time_limit{0};                        ///< Then it ends with Code::deadline; 0: none.
};

/// What a call came to.
struct CallOutcome {
  Error error{.code = Code::ok, .message = {}};  ///< Code::ok where it succeeded.
  std::map<std::string, std::string> reports;
};

/// One operation on one freshly opened instance: open, the operation, close.
///
/// Made, stopped and finished on its loop; the plugin's code runs on a pool thread. Whatever waits
/// (HTTP, store, timers) and whatever parses runs on the loop or behind it, never on the plugin's
/// stack.
class PluginCall {
 public:
  using Operation = Callback<ear_rc(const ear_plugin&, ear_instance*, ear_call*)>;
  using Done = Callback<void(CallOutcome)>;

  /// Starts on `pool`. `done` runs on the loop; until then the call keeps itself alive.
  static std::shared_ptr<PluginCall> start(CallContext context, ThreadPool& pool,
                                           Operation operation, Done done);
  ~PluginCall();
  PluginCall(const PluginCall&) = delete;
  PluginCall& operator=(const PluginCall&) = delete;

  /// The call behind a handle that this host gave out.
  [[nodiscard]] static PluginCall& of(ear_call* handle) noexcept {
    return *reinterpret_cast<PluginCall*>(handle);
  }

  /// Makes this and every further suspension answer `code` at once. On the loop.
  void stop(Code code);

  /// A document as `register_webhook` is given one; lives as long as the call. On the plugin's
  /// thread, or before it starts.
  ear_resp hold(HttpResponse response, std::shared_ptr<const JsonDocument> json);

 private:
  friend struct HostFunctions;
  friend class HttpBatch;

  /// A response or document that the plugin may read.
  struct Held {
    HttpResponse response;
    std::shared_ptr<const JsonDocument> json;
    std::size_t footprint = 0;
  };

  PluginCall(CallContext context, Operation operation, Done done);
  void run();
  void finish(ear_rc rc);
  [[nodiscard]] Error reason(ear_rc rc);

  /// Runs `start` on the loop and sleeps until `wake`. Answers the sticky code if there is one.
  Code suspend(Callback<void()> start);
  void wake();
  /// `body` for this suspension only: an answer that comes after it ended is dropped.
  template <typename T, typename Body>
  [[nodiscard]] Callback<void(T)> awaited(Body body) {
    return [weak = std::weak_ptr(self_), number = suspension_number_,
            body = std::move(body)](T value) mutable {
      const std::shared_ptr<PluginCall> call = weak.lock();
      if (call && call->suspension_number_ == number) body(std::move(value));
    };
  }
  [[nodiscard]] Code sticky() const noexcept {
    return static_cast<Code>(sticky_.load(std::memory_order_acquire));
  }
  /// Notes what `why` shall tell, and the code itself where it is a sticky one.
  ear_rc answer(Error error);
  /// Answers the sticky code, with the words it first had.
  ear_rc answer_stopped();
  ear_rc misuse(std::string message) {
    return answer({.code = Code::misuse, .message = std::move(message)});
  }
  [[nodiscard]] const Held* held(ear_resp id) const;
  /// What keeping an answer costs of the call's budget.
  [[nodiscard]] static std::size_t footprint(const HttpResponse& response,
                                             const JsonDocument* json);

  CallContext context_;
  Operation operation_;
  Done done_;
  ThreadSuspension suspension_;
  std::shared_ptr<PluginCall> self_;  ///< Until it is done.
  std::atomic<std::int32_t> sticky_{EAR_OK};

  // The loop's.
  Callback<void()> resume_;
  std::vector<std::unique_ptr<ProductClient::Operation>> pending_;
  TimerId timer_ = 0;
  TimerId deadline_ = 0;
  std::uint64_t suspension_number_ = 0;  ///< Tells a late answer from one that is awaited.

  // The plugin's between suspensions, the loop's during one.
  std::map<ear_resp, std::shared_ptr<const Held>> held_;
  ear_resp next_id_ = 1;
  ear_resp config_id_ = 0;
  std::size_t budget_used_ = 0;
  std::vector<std::unique_ptr<std::byte[]>> arena_;
  std::map<std::string, std::string> cursors_read_;
  std::map<std::string, std::string> reports_;
  Error last_error_{.code = Code::ok, .message = {}};
  std::optional<Error> stopped_;  ///< The sticky code, once the plugin was told.
  std::deque<std::string> whys_;  ///< What `ear_response.why` borrows.
  std::string html_text_;         ///< What `ear_text.html` answered last.
  Error failure_{.code = Code::ok, .message = {}};
};

}  // namespace earshot::core
