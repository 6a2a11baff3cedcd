#pragma once

/// Testing a plugin's own code on cassettes, with any test framework: a host that sends nothing.
///
///     #include <earshot/sdk/testing.hpp>
///
///     earshot::sdk::testing::FakeHost host;
///     host.config(R"({"team": "acme"})");
///     const auto first = host.play("cassettes/first_run.har").fetch();
///     // first.code, first.items, first.checkpoints, first.requests ...
///
/// Link the test with the plugin's objects: add_executable(t t.cpp $<TARGET_OBJECTS:name>).
///
/// What it is good for: which requests the code makes, in which order; what it emits, checkpoints,
/// reports and calls a failure; what a second run asks. What is the host's work and not done here:
/// mapping and the checks of records (`earshot map` shows them), the manifest's error rules,
/// limits, caches, authorization, the window and the limit (`earshot sync --replay` does all of
/// that on the same cassettes).

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <earshot/abi.h>
#include <earshot/sdk/integration.hpp>
#include <earshot/sdk/testing/cassette.hpp>
#include <earshot/sdk/testing/host_table.hpp>
#include <earshot/sdk/testing/outcome.hpp>
#include <earshot/sdk/testing/stage.hpp>

namespace earshot::sdk::testing {

/// A host with one integration opened. Cursors stay from one operation to the next, as they do in
/// the real one. Answers with 429 or 5xx are asked for again at once where the cassette has
/// another, three times; other failures become the code of their status. Time stands still; a wait
/// is over at once. Every `known` item is new. There are no host extensions. [one thread at a time]
class FakeHost {
 public:
  /// The plugin linked with the test, or that of another entry.
  explicit FakeHost(ear_entry_fn* entry = &ear_entry_v1) {
    ear_str why{};
    plugin_ = entry(&host_, &why);
    if (plugin_ == nullptr) refused_ = "the plugin refuses this host: " + std::string(view(why));
  }
  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;

  /// The configuration as the plugin sees it: a JSON object, defaults filled in, without secrets.
  FakeHost& config(std::string_view json) {
    stage_.setting.config = json;
    return *this;
  }
  /// The answers from now on. A file that cannot be read fails the next operation, by name.
  FakeHost& play(const std::filesystem::path& cassette) {
    Result<Cassette> read = Cassette::read(cassette);
    unreadable_ = read ? std::string() : read.error().message;
    stage_.setting.cassette = read ? *std::move(read) : Cassette();
    return *this;
  }
  /// Where the last fetch of a stream ended.
  FakeHost& cursor(std::string_view stream, std::string_view cursor) {
    stage_.setting.cursors[std::string(stream)] = cursor;
    return *this;
  }
  [[nodiscard]] const std::map<std::string, std::string>& cursors() const noexcept {
    return stage_.setting.cursors;
  }
  /// The n-th call that may wait, counted from 1 in each operation, and all after it answer `code`:
  /// Code::cancelled, deadline, yielded or sink_closed. 0: none.
  FakeHost& stop_at(std::size_t suspension, Code code = Code::cancelled) {
    stage_.setting.stop_at = suspension;
    stage_.setting.stop_code = static_cast<ear_rc>(code);
    return *this;
  }
  FakeHost& now(Time now) {
    stage_.setting.now = now.time_since_epoch().count();
    return *this;
  }

  [[nodiscard]] Outcome authenticate() {
    return operate(
        [this](ear_instance* self) { return plugin_->authenticate(self, stage_.handle()); });
  }
  [[nodiscard]] Outcome fetch(const FetchRequest& request = {}) {
    const auto time = [](const std::optional<Time>& at) {
      return at ? at->time_since_epoch().count() : EAR_TIME_NONE;
    };
    const ear_fetch fetch{.size = sizeof fetch,
                          .flags = 0,
                          .from = time(request.from),
                          .to = time(request.to),
                          .limit = request.limit};
    return operate(
        [&](ear_instance* self) { return plugin_->fetch_feedback(self, stage_.handle(), &fetch); });
  }
  /// `state` is what was last reported, as JSON: {"hook_id": "7"}.
  [[nodiscard]] Outcome register_webhook(std::string_view url, std::string_view state = "{}") {
    return operate([&](ear_instance* self) {
      const ear_webhook webhook{.size = sizeof webhook,
                                .reserved = 0,
                                .url = borrow(url),
                                .state = stage_.shelf().hold({200, {}, std::string(state)})};
      return plugin_->register_webhook(self, stage_.handle(), &webhook);
    });
  }

 private:
  template <typename Operation>
  Outcome operate(Operation&& operation) {
    const std::string& broken = refused_.empty() ? unreadable_ : refused_;
    if (!broken.empty()) return {.code = Code::misuse, .message = broken};
    stage_.begin();
    ear_instance* self = nullptr;
    ear_rc rc = plugin_->open(&host_, stage_.handle(), &self);
    if (rc == EAR_OK) rc = operation(self);
    if (self != nullptr) plugin_->close(self);
    return stage_.end(rc);
  }

  ear_json json_ = json_table();
  ear_host host_ = host_table(json_);
  const ear_plugin* plugin_ = nullptr;
  std::string refused_;
  std::string unreadable_;
  Stage stage_;
};

}  // namespace earshot::sdk::testing
