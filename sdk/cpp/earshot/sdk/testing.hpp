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

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/abi.h>
#include <earshot/sdk/integration.hpp>
#include <earshot/sdk/testing/cassette.hpp>
#include <earshot/sdk/testing/json_tree.hpp>
#include <earshot/sdk/testing/outcome.hpp>
#include <earshot/sdk/testing/shelf.hpp>

namespace earshot::sdk::testing {

/// A host with one integration opened. Cursors stay from one operation to the next, as they do in
/// the real one. Answers with 429 or 5xx are asked for again at once where the cassette has
/// another, three times; other failures become the code of their status. Time stands still; a wait
/// is over at once. Every `known` item is new. There are no host extensions. [one thread at a time]
class FakeHost {
 public:
  /// The plugin linked with the test, or that of another entry.
  explicit FakeHost(ear_entry_fn* entry = &ear_entry_v1) {
    fill_tables();
    ear_str why{};
    plugin_ = entry(&host_, &why);
    if (plugin_ == nullptr) refused_ = "the plugin refuses this host: " + std::string(view(why));
  }
  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;

  /// The configuration as the plugin sees it: a JSON object, defaults filled in, without secrets.
  FakeHost& config(std::string_view json) {
    config_ = json;
    return *this;
  }
  /// The answers from now on. A file that cannot be read fails the next operation, by name.
  FakeHost& play(const std::filesystem::path& cassette) {
    Result<Cassette> read = Cassette::read(cassette);
    unreadable_ = read ? std::string() : read.error().message;
    cassette_ = read ? *std::move(read) : Cassette();
    return *this;
  }
  /// Where the last fetch of a stream ended.
  FakeHost& cursor(std::string_view stream, std::string_view cursor) {
    cursors_[std::string(stream)] = cursor;
    return *this;
  }
  [[nodiscard]] const std::map<std::string, std::string>& cursors() const noexcept {
    return cursors_;
  }
  /// The n-th call that may wait, counted from 1 in each operation, and all after it answer `code`:
  /// Code::cancelled, deadline, yielded or sink_closed. 0: none.
  FakeHost& stop_at(std::size_t suspension, Code code = Code::cancelled) {
    stop_at_ = suspension;
    stop_code_ = static_cast<ear_rc>(code);
    return *this;
  }
  FakeHost& now(Time now) {
    now_ = now;
    return *this;
  }

  [[nodiscard]] Outcome authenticate() {
    return operate([this](ear_instance* self) { return plugin_->authenticate(self, handle()); });
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
        [&](ear_instance* self) { return plugin_->fetch_feedback(self, handle(), &fetch); });
  }
  /// `state` is what was last reported, as JSON: {"hook_id": "7"}.
  [[nodiscard]] Outcome register_webhook(std::string_view url, std::string_view state = "{}") {
    return operate([&](ear_instance* self) {
      const ear_webhook webhook{.size = sizeof webhook,
                                .reserved = 0,
                                .url = borrow(url),
                                .state = shelf_.hold({200, {}, std::string(state)})};
      return plugin_->register_webhook(self, handle(), &webhook);
    });
  }

 private:
  static constexpr int kRetries = 3;

  static FakeHost& of(const ear_call* call) noexcept {
    return *reinterpret_cast<FakeHost*>(const_cast<ear_call*>(call));
  }
  ear_call* handle() noexcept { return reinterpret_cast<ear_call*>(this); }

  template <typename Operation>
  Outcome operate(Operation&& operation) {
    outcome_ = {};
    whys_.clear(), lent_.clear(), shelf_.clear(), memory_.clear();
    suspensions_ = 0;
    const std::string& broken = refused_.empty() ? unreadable_ : refused_;
    if (!broken.empty()) {
      outcome_.code = Code::misuse;
      outcome_.message = broken;
      return std::move(outcome_);
    }
    config_id_ = shelf_.hold({200, {}, config_});
    ear_instance* self = nullptr;
    ear_rc rc = plugin_->open(&host_, handle(), &self);
    if (rc == EAR_OK) rc = operation(self);
    if (self != nullptr) plugin_->close(self);
    outcome_.code = static_cast<Code>(rc);
    if (rc != EAR_OK && !whys_.empty()) outcome_.message = whys_.back();
    outcome_.unused = cassette_.unused();
    return std::move(outcome_);
  }

  ear_rc answer(Code code, std::string why) {
    whys_.push_back(std::move(why));
    return static_cast<ear_rc>(code);
  }
  /// What a call that may wait answers before it does anything.
  ear_rc suspend() {
    ++suspensions_;
    return stopped();
  }
  [[nodiscard]] ear_rc stopped() const noexcept {
    return stop_at_ != 0 && suspensions_ >= stop_at_ ? stop_code_ : EAR_OK;
  }

  static Code code_of(int status) noexcept {
    if (status >= 200 && status < 300) return Code::ok;
    switch (status) {
      case 304: return Code::ok;
      case 401: return Code::auth;
      case 403: return Code::forbidden;
      case 404:
      case 410: return Code::not_found;
      case 409: return Code::conflict;
      case 429: return Code::rate_limited;
      default: return Code::upstream;
    }
  }

  static Sent sent(const ear_request& request) {
    std::string target(view(request.path));
    if (const std::size_t scheme = target.find("://"); scheme < target.find('/')) {
      target.erase(0, std::min(target.find('/', scheme + 3), target.size()));
    }
    for (std::uint64_t i = 0; i < request.query_count; ++i) {
      target += target.find('?') == target.npos ? '?' : '&';
      target += percent_encode(view(request.query[i].key)) + "=" +
                percent_encode(view(request.query[i].value));
    }
    Sent made{std::string(view(request.method)), std::move(target), {}};
    if (request.part_count != 0) {
      const ear_bytes body = request.parts[0].bytes;
      made.body.assign(reinterpret_cast<const char*>(body.data), body.size);
    }
    return made;
  }

  /// As `respond`, with the reason in the answer.
  ear_rc exchange(const ear_request& request, ear_response& out) {
    const ear_rc rc = respond(request, out);
    if (rc != EAR_OK) out.why = borrow(whys_.back());
    return rc;
  }
  ear_rc respond(const ear_request& request, ear_response& out) {
    const Sent asked = sent(request);
    outcome_.requests.push_back(asked);
    const Answer* found = cassette_.answer(asked.method, asked.target);
    std::uint32_t attempts = 1;
    while (found != nullptr && (found->status == 429 || found->status >= 500) &&
           attempts <= kRetries && cassette_.has_more(asked.method, asked.target)) {
      found = cassette_.answer(asked.method, asked.target);
      ++attempts;
    }
    if (found == nullptr) {
      return answer(Code::network, "no recorded answer for " + asked.method + " " + asked.target);
    }
    out = {.size = out.size,
           .status = found->status,
           .id = shelf_.hold(*found),
           .attempts = attempts,
           .reserved = 0,
           .waited_ms = 0,
           .why = {}};
    if ((request.flags & EAR_HTTP_ANY_STATUS) != 0) return EAR_OK;
    const Code code = code_of(found->status);
    if (code != Code::ok) {
      return answer(code, asked.method + " " + asked.target + " answered " +
                              std::to_string(found->status) + ": " + found->body.substr(0, 200));
    }
    const bool json = (request.flags & EAR_HTTP_RAW) != 0 || shelf_.json(out.id) != nullptr ||
                      found->status == 204;
    return json ? EAR_OK : answer(Code::bad_data, asked.target + " answered no JSON");
  }

  ear_rc take(const ear_emit& emit, ear_emitted& out) {
    Item item{std::string(view(emit.mapping)), {}, {}, (emit.flags & EAR_EMIT_TOMBSTONE) != 0};
    for (std::uint64_t i = 0; i < emit.field_count; ++i)
      item.fields.emplace(view(emit.fields[i].name), view(emit.fields[i].value));
    out.taken = 0;
    if (emit.resp == 0) return keep(std::move(item), out);
    const JsonTree* json = shelf_.json(emit.resp);
    const std::uint32_t at = json == nullptr ? 0 : json->at(JsonTree::kRoot, view(emit.at));
    const std::uint32_t kind = json == nullptr ? std::uint32_t{EAR_JSON_ABSENT} : (*json)[at].kind;
    const bool each = (emit.flags & EAR_EMIT_EACH) != 0;
    if (kind == EAR_JSON_ABSENT || kind == EAR_JSON_NULL || (each && kind != EAR_JSON_ARRAY)) {
      const bool nothing = kind == EAR_JSON_ABSENT || kind == EAR_JSON_NULL;
      if (nothing && (emit.flags & EAR_EMIT_ABSENT_OK) != 0) return EAR_OK;
      return answer(Code::bad_data, "there are no items at " + std::string(view(emit.at)));
    }
    for (std::uint32_t one = each ? (*json)[at].first : at; one != 0;
         one = each ? (*json)[one].next : 0) {
      item.json = json->dump(one);
      keep(item, out);
    }
    return EAR_OK;
  }
  ear_rc keep(Item item, ear_emitted& out) {
    outcome_.items.push_back(std::move(item));
    ++out.taken;
    return EAR_OK;
  }

  ear_rc accept(ear_str stream, ear_bytes cursor) {
    if (cursor.size == 0 || cursor.size > 65536)
      return answer(Code::misuse, "a cursor is of 1 byte to 64 KiB");
    const std::string text(reinterpret_cast<const char*>(cursor.data), cursor.size);
    cursors_[std::string(view(stream))] = text;
    outcome_.checkpoints.push_back({std::string(view(stream)), text, outcome_.items.size()});
    return EAR_OK;
  }

  ear_rc note_report(std::string_view key, std::string_view text) {
    for (const std::string_view known :
         {"account_id", "account_name", "base_url", "hook_id", "manual", "total"}) {
      if (key != known) continue;
      outcome_.reports[std::string(key)] = text;
      return EAR_OK;
    }
    return answer(Code::misuse, "'" + std::string(key) + "' cannot be reported");
  }

  void* allocate(std::uint64_t size, std::uint64_t align) {
    memory_.push_back(std::make_unique<std::byte[]>(size + align));
    const auto address = reinterpret_cast<std::uintptr_t>(memory_.back().get());
    return reinterpret_cast<void*>((address + align - 1) / align * align);
  }

  void fill_tables() {
    fill_json();
    host_.size = sizeof host_;
    host_.minor = EAR_ABI_MINOR;
    host_.version = borrow("test");
    host_.json = &json_;
    host_.extension = [](const ear_host*, ear_str) -> const void* { return nullptr; };
    fill_requests();
    fill_records();
    fill_rest();
  }

  void fill_json() {
    json_.size = sizeof json_;
    json_.root = [](ear_call* c, ear_resp id) {
      return of(c).shelf_.value(id, of(c).shelf_.json(id) == nullptr ? 0 : JsonTree::kRoot);
    };
    json_.at = [](ear_call* c, ear_value from, ear_str pointer) {
      const JsonTree* json = of(c).shelf_.json(from.resp);
      return of(c).shelf_.value(from.resp,
                                json == nullptr ? 0 : json->at(from.node, view(pointer)));
    };
    json_.text = [](ear_call* c, ear_value v) {
      return v.kind == EAR_JSON_ARRAY || v.kind == EAR_JSON_OBJECT
                 ? ear_str{}
                 : borrow(of(c).shelf_.node(v).text);
    };
    json_.count = [](ear_call* c, ear_value v) { return of(c).shelf_.node(v).count; };
    json_.first = [](ear_call* c, ear_value v) {
      return of(c).shelf_.value(v.resp, of(c).shelf_.node(v).first);
    };
    json_.next = [](ear_call* c, ear_value v) {
      return of(c).shelf_.value(v.resp, of(c).shelf_.node(v).next);
    };
    json_.key = [](ear_call* c, ear_value v) { return borrow(of(c).shelf_.node(v).key); };
  }

  void fill_requests() {
    host_.http = [](ear_call* c, const ear_request* request, ear_response* out) {
      const ear_rc rc = of(c).suspend();
      return rc != EAR_OK ? rc : of(c).exchange(*request, *out);
    };
    host_.http_all = [](ear_call* c, const ear_request* requests, std::uint64_t n,
                        ear_response* out, ear_rc* rcs) {
      const ear_rc rc = of(c).suspend();
      for (std::uint64_t i = 0; rc == EAR_OK && i < n; ++i) {
        const auto* request = reinterpret_cast<const char*>(requests) + i * requests->size;
        auto* response = reinterpret_cast<char*>(out) + i * out->size;
        rcs[i] = of(c).exchange(*reinterpret_cast<const ear_request*>(request),
                                *reinterpret_cast<ear_response*>(response));
      }
      return rc;
    };
    host_.body = [](ear_call* c, ear_resp id) {
      const Answer* found = of(c).shelf_.answer(id);
      return found == nullptr ? ear_bytes{} : borrow_bytes(found->body);
    };
    host_.header = [](ear_call* c, ear_resp id, ear_str name) {
      return borrow(of(c).shelf_.header(id, view(name)));
    };
    host_.release = [](ear_call* c, ear_resp id) {
      if (id != of(c).config_id_) of(c).shelf_.release(id);
    };
    host_.config = [](ear_call* c) { return of(c).config_id_; };
  }

  void fill_records() {
    host_.emit = [](ear_call* c, const ear_emit* emit, ear_emitted* out) {
      const ear_rc rc = of(c).suspend();
      return rc != EAR_OK ? rc : of(c).take(*emit, *out);
    };
    host_.known = [](ear_call* c, ear_str, const ear_str*, const ear_str*, std::uint64_t n,
                     std::uint8_t* out) {
      for (std::uint64_t i = 0; i < n; ++i) out[i] = EAR_KNOWN_NEW;
      return of(c).suspend();
    };
    host_.checkpoint = [](ear_call* c, ear_str stream, ear_bytes cursor) {
      const ear_rc rc = of(c).suspend();
      return rc != EAR_OK ? rc : of(c).accept(stream, cursor);
    };
    host_.cursor = [](ear_call* c, ear_str stream, ear_bytes* out) {
      // A copy of its own: what is lent lives until the call ends, whatever is checkpointed.
      const auto found = of(c).cursors_.find(std::string(view(stream)));
      *out = found == of(c).cursors_.end() ? ear_bytes{}
                                           : borrow_bytes(of(c).lent_.emplace_back(found->second));
      return of(c).suspend();
    };
    host_.problem = [](ear_call* c, ear_str stream, const ear_failure* failure) {
      of(c).outcome_.problems[std::string(view(stream))] = view(failure->message);
      return of(c).stopped();
    };
  }

  void fill_rest() {
    host_.sleep = [](ear_call* c, std::uint64_t) { return of(c).suspend(); };
    host_.fail = [](ear_call* c, const ear_failure* failure) {
      return of(c).answer(static_cast<Code>(failure->rc), std::string(view(failure->message)));
    };
    host_.why = [](ear_call* c) {
      return of(c).whys_.empty() ? ear_str{} : borrow(of(c).whys_.back());
    };
    host_.report = [](ear_call* c, ear_str key, ear_str text) {
      return of(c).note_report(view(key), view(text));
    };
    host_.log = [](ear_call*, std::int32_t, ear_str, const ear_pair*, std::uint64_t) {};
    host_.now = [](const ear_call* c) -> ear_time { return of(c).now_.time_since_epoch().count(); };
    host_.stopping = [](const ear_call* c) { return of(c).stopped(); };
    host_.alloc = [](ear_call* c, std::uint64_t size, std::uint64_t align) {
      return of(c).allocate(size, align);
    };
    host_.secret_put = [](ear_call* c, ear_str name, ear_str secret, ear_time) {
      of(c).outcome_.secrets[std::string(view(name))] = view(secret);
      return of(c).suspend();
    };
  }

  ear_json json_{};
  ear_host host_{};
  const ear_plugin* plugin_ = nullptr;
  std::string refused_;
  std::string unreadable_;
  std::string config_ = "{}";
  Cassette cassette_;
  std::map<std::string, std::string> cursors_;
  std::size_t stop_at_ = 0;
  ear_rc stop_code_ = EAR_CANCELLED;
  Time now_{std::chrono::seconds(1772456400)};  // 2026-03-02T13:00:00Z

  Outcome outcome_;
  std::deque<std::string> whys_;
  std::deque<std::string> lent_;
  Shelf shelf_;
  std::vector<std::unique_ptr<std::byte[]>> memory_;
  ear_resp config_id_ = 0;
  std::size_t suspensions_ = 0;
};

}  // namespace earshot::sdk::testing
