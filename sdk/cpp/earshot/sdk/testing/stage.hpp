#pragma once

/// The host that a plugin under test sees, one function a member.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/abi.h>
#include <earshot/sdk/testing/cassette.hpp>
#include <earshot/sdk/testing/exchange.hpp>
#include <earshot/sdk/testing/json_tree.hpp>
#include <earshot/sdk/testing/outcome.hpp>
#include <earshot/sdk/testing/shelf.hpp>
#include <earshot/sdk/text.hpp>

namespace earshot::sdk::testing {

/// What operations meet; it stays from one to the next.
struct Setting {
  std::string config = "{}";
  Cassette cassette;
  std::map<std::string, std::string> cursors;
  std::size_t stop_at = 0;
  ear_rc stop_code = EAR_CANCELLED;
  ear_time now = 1772456400000000;  ///< 2026-03-02T13:00:00Z
};

/// One operation at a time, from `begin` to `end`. [one thread at a time]
class Stage {
 public:
  Setting setting;

  [[nodiscard]] static Stage& of(const ear_call* call) noexcept {
    return *reinterpret_cast<Stage*>(const_cast<ear_call*>(call));
  }
  [[nodiscard]] ear_call* handle() noexcept { return reinterpret_cast<ear_call*>(this); }

  void begin() {
    outcome_ = {};
    whys_.clear(), lent_.clear(), shelf_.clear(), memory_.clear();
    suspensions_ = 0;
    config_id_ = shelf_.hold({200, {}, setting.config});
  }
  [[nodiscard]] Outcome end(ear_rc rc) {
    outcome_.code = static_cast<Code>(rc);
    if (rc != EAR_OK && !whys_.empty()) outcome_.message = whys_.back();
    outcome_.unused = setting.cassette.unused();
    return std::move(outcome_);
  }

  [[nodiscard]] Shelf& shelf() noexcept { return shelf_; }
  [[nodiscard]] ear_resp config() const noexcept { return config_id_; }
  void release(ear_resp id) {
    if (id != config_id_) shelf_.release(id);
  }

  /// What a call that may wait answers before it does anything.
  ear_rc suspend() {
    ++suspensions_;
    return stopping();
  }
  [[nodiscard]] ear_rc stopping() const noexcept {
    return setting.stop_at != 0 && suspensions_ >= setting.stop_at ? setting.stop_code : EAR_OK;
  }
  ear_rc fail(Code code, std::string why) {
    whys_.push_back(std::move(why));
    return static_cast<ear_rc>(code);
  }
  [[nodiscard]] ear_str why() const { return whys_.empty() ? ear_str{} : borrow(whys_.back()); }

  ear_rc http(const ear_request& request, ear_response& out) {
    const ear_rc rc = respond(request, out);
    if (rc != EAR_OK) out.why = why();
    return rc;
  }

  ear_rc emit(const ear_emit& emit, ear_emitted& out) {
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
      return fail(Code::bad_data, "there are no items at " + std::string(view(emit.at)));
    }
    for (std::uint32_t one = each ? (*json)[at].first : at; one != 0;
         one = each ? (*json)[one].next : 0) {
      item.json = json->dump(one);
      keep(item, out);
    }
    return EAR_OK;
  }

  /// A copy of its own: what is lent lives until the call ends, whatever is checkpointed.
  ear_bytes cursor(std::string_view stream) {
    const auto found = setting.cursors.find(std::string(stream));
    return found == setting.cursors.end() ? ear_bytes{}
                                          : borrow_bytes(lent_.emplace_back(found->second));
  }
  ear_rc checkpoint(std::string_view stream, ear_bytes cursor) {
    if (cursor.size == 0 || cursor.size > 65536)
      return fail(Code::misuse, "a cursor is of 1 byte to 64 KiB");
    const std::string text(reinterpret_cast<const char*>(cursor.data), cursor.size);
    setting.cursors[std::string(stream)] = text;
    outcome_.checkpoints.push_back({std::string(stream), text, outcome_.items.size()});
    return EAR_OK;
  }
  ear_rc problem(std::string_view stream, std::string_view message) {
    outcome_.problems[std::string(stream)] = message;
    return stopping();
  }
  ear_rc report(std::string_view key, std::string_view text) {
    for (const std::string_view known :
         {"account_id", "account_name", "base_url", "hook_id", "manual", "total"}) {
      if (key != known) continue;
      outcome_.reports[std::string(key)] = text;
      return EAR_OK;
    }
    return fail(Code::misuse, "'" + std::string(key) + "' cannot be reported");
  }

  ear_rc secret_put(std::string_view name, std::string_view secret) {
    outcome_.secrets[std::string(name)] = secret;
    return suspend();
  }
  void* allocate(std::uint64_t size, std::uint64_t align) {
    memory_.push_back(std::make_unique<std::byte[]>(size + align));
    const auto address = reinterpret_cast<std::uintptr_t>(memory_.back().get());
    return reinterpret_cast<void*>((address + align - 1) / align * align);
  }

 private:
  ear_rc respond(const ear_request& request, ear_response& out) {
    const Sent asked = sent(request);
    outcome_.requests.push_back(asked);
    const Played played = play(setting.cassette, asked);
    if (played.answer == nullptr)
      return fail(Code::network, "no recorded answer for " + asked.method + " " + asked.target);
    const Answer& found = *played.answer;
    out = {.size = out.size,
           .status = found.status,
           .id = shelf_.hold(found),
           .attempts = played.attempts,
           .reserved = 0,
           .waited_ms = 0,
           .why = {}};
    if ((request.flags & EAR_HTTP_ANY_STATUS) != 0) return EAR_OK;
    const Code code = code_of(found.status);
    if (code != Code::ok) {
      return fail(code, asked.method + " " + asked.target + " answered " +
                            std::to_string(found.status) + ": " + found.body.substr(0, 200));
    }
    const bool good = (request.flags & EAR_HTTP_RAW) != 0 || shelf_.json(out.id) != nullptr ||
                      found.status == 204;
    return good ? EAR_OK : fail(Code::bad_data, asked.target + " answered no JSON");
  }
  ear_rc keep(Item item, ear_emitted& out) {
    outcome_.items.push_back(std::move(item));
    ++out.taken;
    return EAR_OK;
  }

  Outcome outcome_;
  std::deque<std::string> whys_;
  std::deque<std::string> lent_;
  Shelf shelf_;
  std::vector<std::unique_ptr<std::byte[]>> memory_;
  ear_resp config_id_ = 0;
  std::size_t suspensions_ = 0;
};

}  // namespace earshot::sdk::testing
