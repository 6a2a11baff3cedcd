#pragma once

/// What a plugin may ask of the host while one of its operations runs.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/abi.h>
#include <earshot/ext/text.h>
#include <earshot/sdk/json.hpp>
#include <earshot/sdk/page.hpp>
#include <earshot/sdk/request.hpp>
#include <earshot/sdk/result.hpp>

namespace earshot::sdk {

/// Another document for the mapping's lookups.
struct Ref {
  std::string_view name;  ///< `$name` in the manifest, without the '$'.
  const Page* page = nullptr;
  std::string_view at{};  ///< JSON pointer in it; empty is the whole document.
};

/// A field that the plugin worked out; goes before the manifest's mapping of it. Views are borrowed
/// until it was emitted.
[[nodiscard]] inline ear_field field(std::string_view name, std::string_view value,
                                     std::uint32_t format = EAR_TEXT_PLAIN) noexcept {
  return {.name = borrow(name), .value = borrow(value), .format = format, .reserved = 0};
}

/// More about what is emitted: documents for lookups, fields the plugin worked out, flags.
struct EmitOptions {
  std::vector<Ref> refs{};
  std::vector<ear_field> fields{};
  std::uint32_t flags = 0;  ///< EAR_EMIT_*
};

struct Emitted {
  std::uint64_t taken = 0;
  std::uint64_t rejected = 0;
  std::uint64_t outside = 0;

  Emitted& operator+=(const Emitted& more) noexcept {
    taken += more.taken;
    rejected += more.rejected;
    outside += more.outside;
    return *this;
  }
};

/// The running operation. Functions marked [suspend] may sleep: hold no lock across them.
/// [one thread at a time], inside the operation that received it.
class Call {
 public:
  Call(const ear_host* host, ear_call* call) noexcept : host_(host), call_(call) {}
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  /// Sends and expects JSON; an answer that the manifest calls a failure becomes its Error, which
  /// keeps the response. [suspend]
  [[nodiscard]] Result<Page> get(std::string_view path) {
    return request({.method = "GET", .path = path});
  }
  [[nodiscard]] Result<Page> post(std::string_view path, const Json& body) {
    return send_json("POST", path, body);
  }
  [[nodiscard]] Result<Page> put(std::string_view path, const Json& body) {
    return send_json("PUT", path, body);
  }
  [[nodiscard]] Result<Page> patch(std::string_view path, const Json& body) {
    return send_json("PATCH", path, body);
  }
  [[nodiscard]] Result<Page> del(std::string_view path) {
    return request({.method = "DELETE", .path = path, .flags = EAR_HTTP_RAW});
  }
  /// A POST that only searches: safe to repeat. [suspend]
  [[nodiscard]] Result<Page> query(std::string_view path, const Json& body) {
    return request(
        {.method = "POST", .path = path, .body = body.text(), .safety = EAR_SAFETY_READ});
  }

  /// The same where the answer need not be JSON. [suspend]
  [[nodiscard]] Result<Page> raw(std::string_view path) {
    return request({.method = "GET", .path = path, .flags = EAR_HTTP_RAW});
  }
  /// The same for a request in full. [suspend]
  [[nodiscard]] Result<Page> request(const Request& request) {
    const WireRequest wire(request);
    ear_response response{};
    response.size = sizeof response;
    const ear_rc rc = host_->http(call_, &wire.get(), &response);
    if (rc == EAR_OK) return Page(host_, call_, response);
    return failure(rc, response);
  }
  /// Sends a request in full and takes every final status: the caller judges. An Error only where
  /// there is no answer. [suspend]
  [[nodiscard]] Result<Page> send(Request in_full) {
    in_full.flags |= EAR_HTTP_ANY_STATUS;
    return request(in_full);
  }
  /// `request` for several; the host chooses how many at once. Answers in the order of the
  /// requests; an Error instead of them only where the call as a whole must end. [suspend]
  [[nodiscard]] Result<std::vector<Result<Page>>> send_all(const std::vector<Request>& requests) {
    const std::deque<WireRequest> prepared(requests.begin(), requests.end());
    std::vector<ear_request> wire;
    wire.reserve(prepared.size());
    for (const WireRequest& request : prepared) wire.push_back(request.get());
    ear_response empty{};
    empty.size = sizeof empty;
    std::vector<ear_response> responses(wire.size(), empty);
    std::vector<ear_rc> codes(wire.size(), EAR_OK);
    const ear_rc rc =
        host_->http_all(call_, wire.data(), wire.size(), responses.data(), codes.data());
    if (rc != EAR_OK) return failure(rc);
    std::vector<Result<Page>> pages;
    for (std::size_t i = 0; i < wire.size(); ++i) {
      if (codes[i] == EAR_OK) {
        pages.emplace_back(Page(host_, call_, responses[i]));
      } else {
        pages.emplace_back(failure(codes[i], responses[i]));
      }
    }
    return pages;
  }

  /// The JSON of the answer that `error` was found in; absent where there was none.
  [[nodiscard]] Value answer(const Error& error) const noexcept {
    return {host_->json, call_, host_->json->root(call_, error.response)};
  }

  /// The configuration, without secrets but those that the manifest's `reads_secrets` names.
  [[nodiscard]] Value config() const noexcept {
    return {host_->json, call_, host_->json->root(call_, host_->config(call_)), Code::config};
  }

  /// Emits every element of the array at `pointer`, mapped by the manifest's record `mapping`.
  /// `$page` is `page`. [suspend]
  Result<Emitted> emit_page(const Page& page, std::string_view pointer, std::string_view mapping,
                            EmitOptions options = {}) {
    options.flags |= EAR_EMIT_EACH;
    return emit(page, pointer, mapping, std::move(options));
  }
  /// Emits the item at `pointer`. [suspend]
  Result<Emitted> emit(const Page& page, std::string_view pointer, std::string_view mapping,
                       EmitOptions options = {}) {
    std::vector<ear_ref> refs{{borrow("page"), page.id(), {}}};
    for (const Ref& ref : options.refs) {
      refs.push_back({borrow(ref.name), ref.page->id(), borrow(ref.at)});
    }
    ear_emit wire{};
    wire.size = sizeof wire;
    wire.flags = options.flags;
    wire.resp = page.id();
    wire.at = borrow(pointer);
    wire.mapping = borrow(mapping);
    wire.refs = refs.data();
    wire.ref_count = refs.size();
    wire.fields = options.fields.data();
    wire.field_count = options.fields.size();
    ear_emitted out{};
    out.size = sizeof out;
    const ear_rc rc = host_->emit(call_, &wire, &out);
    if (rc != EAR_OK) return failure(rc);
    return Emitted{out.taken, out.rejected, out.outside};
  }

  /// For each (id, version) EAR_KNOWN_NEW, _OLDER or _SAME. [suspend]
  [[nodiscard]] Result<std::vector<std::uint8_t>> known(
      std::string_view mapping, const std::vector<std::pair<std::string, std::string>>& items) {
    std::vector<ear_str> ids;
    std::vector<ear_str> versions;
    for (const auto& [id, version] : items) {
      ids.push_back(borrow(id));
      versions.push_back(borrow(version));
    }
    std::vector<std::uint8_t> out(items.size());
    const ear_rc rc =
        host_->known(call_, borrow(mapping), ids.data(), versions.data(), ids.size(), out.data());
    if (rc != EAR_OK) return failure(rc);
    return out;
  }

  /// Where the last fetch of `stream` ended; empty the first time. [suspend]
  [[nodiscard]] Result<std::string> cursor(std::string_view stream = {}) {
    ear_bytes bytes{};
    const ear_rc rc = host_->cursor(call_, borrow(stream), &bytes);
    if (rc != EAR_OK) return failure(rc);
    return bytes.size == 0 ? std::string()
                           : std::string(reinterpret_cast<const char*>(bytes.data), bytes.size);
  }
  /// Everything emitted so far stands before `cursor`, which is never empty. [suspend]
  Result<void> checkpoint(std::string_view cursor) { return checkpoint("", cursor); }
  Result<void> checkpoint(std::string_view stream, std::string_view cursor) {
    return check(host_->checkpoint(call_, borrow(stream), borrow_bytes(cursor)));
  }
  /// One stream failed, the others go on; with Code::bad_cursor it is fetched anew afterwards.
  Result<void> problem(std::string_view stream, const Error& error) {
    const ear_failure failure = to_failure(error);
    return check(host_->problem(call_, borrow(stream), &failure));
  }

  /// One result of the operation: account_id, account_name, base_url, hook_id, manual.
  Result<void> report(std::string_view key, std::string_view value) {
    return check(host_->report(call_, borrow(key), borrow(value)));
  }
  /// How many items the product says this fetch comes to, for people who wait; again whenever it is
  /// known better. Only while fetching.
  Result<void> total(std::uint64_t items) { return report("total", std::to_string(items)); }
  /// Puts a secret into the vault; there is no way back out. [suspend]
  Result<void> secret_put(std::string_view name, std::string_view value) {
    return check(host_->secret_put(call_, borrow(name), borrow(value), EAR_TIME_NONE));
  }
  /// [suspend]
  Result<void> sleep(std::chrono::milliseconds time) {
    return check(
        host_->sleep(call_, time.count() < 0 ? 0 : static_cast<std::uint64_t>(time.count())));
  }
  [[nodiscard]] Time now() const noexcept {
    return Time(std::chrono::microseconds(host_->now(call_)));
  }

  /// A point in time as the product writes it, in any form that mappings read. This and the next
  /// take `"needs": ["ear.text/1"]` in the manifest.
  [[nodiscard]] std::optional<Time> read_time(std::string_view text) const noexcept {
    const ear_text* reader = text_extension();
    const ear_time time = reader == nullptr ? EAR_TIME_NONE : reader->time(borrow(text));
    if (time == EAR_TIME_NONE) return std::nullopt;
    return Time(std::chrono::microseconds(time));
  }
  /// HTML as a person reads it.
  [[nodiscard]] std::string html_text(std::string_view html) {
    const ear_text* reader = text_extension();
    return std::string(reader == nullptr ? html : view(reader->html(call_, borrow(html))));
  }

  void log(std::int32_t level, std::string_view message) {
    host_->log(call_, level, borrow(message), nullptr, 0);
  }

  /// Says why the operation fails and gives back the code to return. For the trampolines.
  ear_rc fail(const Error& error) noexcept {
    const ear_failure failure = to_failure(error);
    return host_->fail(call_, &failure);
  }

  [[nodiscard]] const ear_host* host() const noexcept { return host_; }
  [[nodiscard]] ear_call* handle() const noexcept { return call_; }

 private:
  [[nodiscard]] const ear_text* text_extension() const noexcept {
    return static_cast<const ear_text*>(host_->extension(host_, borrow(EAR_EXT_TEXT)));
  }
  [[nodiscard]] Result<Page> send_json(std::string_view method, std::string_view path,
                                       const Json& body) {
    return request({.method = method, .path = path, .body = body.text()});
  }
  [[nodiscard]] Result<void> check(ear_rc rc) const {
    if (rc != EAR_OK) return failure(rc);
    return {};
  }
  [[nodiscard]] Error failure(ear_rc rc, const ear_response& response = {}) const {
    Error error{
        .code = static_cast<Code>(rc),
        .message = std::string(view(response.why.size != 0 ? response.why : host_->why(call_))),
        .status = response.status,
        .response = response.id};
    if (response.id != 0) error.page = std::make_shared<const Page>(host_, call_, response);
    return error;
  }
  [[nodiscard]] static ear_failure to_failure(const Error& error) noexcept {
    ear_failure failure{};
    failure.size = sizeof failure;
    failure.rc = static_cast<ear_rc>(error.code);
    failure.status = error.status;
    failure.retry_after_ms = error.retry_after ? error.retry_after->count() : -1;
    failure.message = borrow(error.message);
    failure.resp = error.response;
    return failure;
  }

  const ear_host* host_;
  ear_call* call_;
};

}  // namespace earshot::sdk
