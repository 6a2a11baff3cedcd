#pragma once

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include <earshot/core/http/transport.hpp>
#include <earshot/core/plugin/call.hpp>
#include <earshot/sdk/call.hpp>
#include <earshot/sdk/text.hpp>
#include <earshot/sdk/thread.hpp>

namespace earshot::core {

inline constexpr const char* kBridgeManifest = R"({
  "manifest_version": 1, "name": "acme", "title": "Acme", "version": "0.1.0", "abi": "1.0",
  "vendor_docs": "https://docs.acme.example/", "vendor_docs_read": "2026-05-01",
  "provides": ["feedback"], "setup": "Make a token.",
  "config": {"type": "object", "required": ["token"], "properties": {
    "region": {"type": "string", "title": "Region"},
    "token": {"type": "string", "title": "Token", "x-secret": true}}},
  "endpoints": {"api": "https://api.acme.example"},
  "auth": [{"title": "Token", "scheme": "bearer", "token": "{token}", "requires": ["token"]}],
  "errors": [{"when": {"status": 404}, "class": "not_found", "message_at": "/error"}],
  "records": {"item": {"kind": "ticket", "source_id": "/id", "content": "/body",
                       "created_at": "/created_at"}}
})";

/// Answers every request at once, on the loop, and remembers it.
class EchoTransport final : public Transport {
 public:
  using Handler = std::function<HttpResponse(const HttpRequest&)>;
  EchoTransport(Loop& loop, Handler& handler) : loop_(loop), handler_(handler) {}

  std::unique_ptr<Exchange> send(HttpRequest request, Done done) override {
    sent.push_back(request);
    auto pending = std::make_unique<Pending>(loop_);
    pending->timer =
        loop_.after(Micros(0), [response = handler_(request), done = std::move(done)]() mutable {
          auto finished = std::move(done);
          finished({.response = std::move(response), .error = {}});
        });
    return pending;
  }

  std::vector<HttpRequest> sent;

 private:
  struct Pending final : Exchange {
    explicit Pending(Loop& on) : loop(on) {}
    ~Pending() override { loop.cancel(timer); }
    Loop& loop;
    TimerId timer = 0;
  };
  Loop& loop_;
  Handler& handler_;
};

/// Takes everything and remembers cursors and computed fields.
class MemorySink final : public Sink {
 public:
  void emit(const Emission& emission, Done<EmissionCounts> done) override {
    computed = emission.computed;
    done(EmissionCounts{.taken = emission.items.size()});
  }
  void known(std::string_view /*mapping*/, std::vector<std::string> ids,
             const std::vector<std::string>& /*versions*/, Done<std::vector<Known>> done) override {
    done(std::vector<Known>(ids.size(), Known::same));
  }
  void checkpoint(std::string stream, std::string cursor, Done<void> done) override {
    cursors[stream] = std::move(cursor);
    done({});
  }
  std::string cursor(const std::string& stream) override { return cursors[stream]; }
  void problem(std::string stream, const Error& error) override {
    problems.push_back(stream + ": " + error.message);
  }
  void total(std::uint64_t items) override { totals.push_back(items); }
  [[nodiscard]] bool closed() const override { return false; }

  std::vector<ComputedField> computed;  ///< Of the last emission.
  std::map<std::string, std::string> cursors;
  std::vector<std::string> problems;
  std::vector<std::uint64_t> totals;
};

/// One call whose plugin is the test's own function.
class BridgeTest : public testing::Test {
 protected:
  using Body = std::function<ear_rc(const ear_host& host, ear_call* call)>;

  BridgeTest() {
    table_.size = sizeof table_;
    table_.open = [](const ear_host*, ear_call*, ear_instance** out) {
      *out = nullptr;
      return ear_rc{EAR_OK};
    };
    table_.close = [](ear_instance*) {};
    ManifestReading reading = read_manifest(kBridgeManifest);
    EXPECT_TRUE(reading.manifest.has_value());
    plugin_.file.manifest = *std::move(reading.manifest);
    plugin_.table = &table_;
    account_.integration = "acme";
    account_.manifest = &plugin_.file.manifest;
    account_.credentials.emplace("token", Secret(kToken));
    account_.retry.base = std::chrono::milliseconds(1);
    client_ = std::make_unique<ProductClient>(loop_, transport_, limiter_, log_, account_, 1);
  }
  ~BridgeTest() override {
    std::promise<void> gone;
    loop_.post([&] {
      client_.reset();
      gone.set_value();
    });
    gone.get_future().wait();
  }

  CallOutcome run(Body body) {
    std::promise<CallOutcome> promise;
    auto future = promise.get_future();
    CallContext context{.plugin = &plugin_,
                        .integration = "acme",
                        .loop = &loop_,
                        .log = &log_,
                        .client = client_.get(),
                        .sink = sink_,
                        .secrets = nullptr,
                        .config = config_,
                        .time_limit = time_limit_};
    loop_.post([&] {
      PluginCall::start(
          std::move(context), pool_,
          [&body](const ear_plugin&, ear_instance*, ear_call* call) {
            return body(host_table(), call);
          },
          [&promise](CallOutcome outcome) { promise.set_value(std::move(outcome)); });
    });
    return future.get();
  }
  /// The failure of a plugin that passes on what this answered.
  Error failure(Body body) { return run(std::move(body)).error; }

  static ear_request get(std::string_view path) {
    ear_request request{};
    request.size = sizeof request;
    request.method = sdk::borrow("GET");
    request.path = sdk::borrow(path);
    return request;
  }
  static ear_response answer() {
    ear_response response{};
    response.size = sizeof response;
    return response;
  }
  /// Sends and passes on the code.
  Error refusal(const ear_request& request) {
    return failure([&](const ear_host& host, ear_call* call) {
      ear_response response = answer();
      return host.http(call, &request, &response);
    });
  }

  /// Emits nothing but that field and passes on the code.
  Error emitting(const ear_field& field) {
    return failure([&](const ear_host& host, ear_call* call) {
      ear_emit emit{};
      emit.size = sizeof emit;
      emit.fields = &field;
      emit.field_count = 1;
      ear_emitted out{};
      out.size = sizeof out;
      return host.emit(call, &emit, &out);
    });
  }

  static constexpr const char* kToken = "canary-token-27182818";
  EchoTransport::Handler handler_ = [](const HttpRequest&) {
    return HttpResponse{200, {{"Content-Type", "application/json"}}, "{}"};
  };
  SystemClock clock_;
  Log log_{LogOptions{.level = LogLevel::off}};
  Loop loop_{clock_, "bridge-test"};
  EchoTransport transport_{loop_, handler_};
  MemorySink memory_;
  Sink* sink_ = &memory_;
  std::shared_ptr<const JsonDocument> config_;
  Micros time_limit_{0};

 private:
  ear_plugin table_{};
  LoadedPlugin plugin_;
  RateLimiter limiter_{{}};
  ProductAccount account_;
  std::unique_ptr<ProductClient> client_;
  ThreadPool pool_{"plugin", 2, 256U << 10};
};

}  // namespace earshot::core
