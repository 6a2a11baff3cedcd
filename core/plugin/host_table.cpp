/// The ABI's host functions. Each runs on the plugin's stack: it checks and copies its arguments,
/// and hands the work to the loop.

#include <algorithm>
#include <cstring>
#include <new>
#include <optional>
#include <utility>

#include <earshot/core/base/text.hpp>
#include <earshot/core/plugin/call.hpp>
#include <earshot/sdk/text.hpp>

#include "http_batch.hpp"
#include "request.hpp"

namespace earshot::core {

using sdk::borrow;
using sdk::view;

namespace {

constexpr std::size_t kCallBudget = std::size_t{64} << 20;
constexpr std::size_t kMaxCursor = std::size_t{64} << 10;
constexpr std::size_t kMaxEmitted = 100'000;
constexpr std::size_t kMaxMessage = 4096;
constexpr std::uint64_t kMaxRequests = 10'000;
constexpr std::uint32_t kFirstResponse = offsetof(ear_response, why);
constexpr std::string_view kVersion = "0.1.0";

constexpr std::string_view kReportKeys[] = {"account_id", "account_name", "base_url", "hook_id",
                                            "manual"};

std::string text_of(ear_str text) {
  return std::string(view(text));
}

std::string_view bytes_of(ear_bytes bytes) noexcept {
  return bytes.size == 0 ? std::string_view{}
                         : std::string_view{reinterpret_cast<const char*>(bytes.data), bytes.size};
}

}  // namespace

struct HostFunctions {
  static PluginCall& of(ear_call* call) noexcept { return PluginCall::of(call); }
  static const PluginCall& of(const ear_call* call) noexcept {
    return *reinterpret_cast<const PluginCall*>(call);
  }

  /// What a plugin says of a fault, fit to be shown.
  static Error to_error(const PluginCall& call, const ear_failure& failure) {
    const std::string words = shorten(clean_utf8(view(failure.message)), kMaxMessage);
    Error error{.code = static_cast<Code>(failure.rc),
                .message = call.context_.log->redactor().redact(words)};
    error.status = failure.status;
    if (failure.retry_after_ms >= 0)
      error.retry_after = std::chrono::milliseconds(failure.retry_after_ms);
    return error;
  }

  static JsonValue value(ear_call* handle, ear_value value) {
    const PluginCall::Held* held = of(handle).held(value.resp);
    if (held == nullptr || !held->json || value.kind == EAR_JSON_ABSENT) return {};
    return {held->json.get(), value.node};
  }
  static ear_value wire(ear_resp resp, JsonValue value) noexcept {
    if (!value.exists()) return {resp, 0, EAR_JSON_ABSENT};
    return {resp, value.node(), static_cast<std::uint32_t>(value.kind())};
  }

  static ear_value json_root(ear_call* handle, ear_resp resp) {
    const PluginCall::Held* held = of(handle).held(resp);
    return held != nullptr && held->json ? wire(resp, held->json->root())
                                         : ear_value{resp, 0, EAR_JSON_ABSENT};
  }
  static ear_value json_at(ear_call* handle, ear_value from, ear_str pointer) {
    return wire(from.resp, value(handle, from).at(view(pointer)));
  }
  static ear_str json_text(ear_call* handle, ear_value from) {
    return borrow(value(handle, from).text());
  }
  static std::uint64_t json_count(ear_call* handle, ear_value from) {
    return value(handle, from).size();
  }
  static ear_value json_first(ear_call* handle, ear_value from) {
    const JsonValue container = value(handle, from);
    const auto first = container.begin();
    return first == container.end() ? ear_value{from.resp, 0, EAR_JSON_ABSENT}
                                    : wire(from.resp, *first);
  }
  static ear_value json_next(ear_call* handle, ear_value from) {
    return wire(from.resp, value(handle, from).next_sibling());
  }
  static ear_str json_key(ear_call* handle, ear_value from) {
    return borrow(value(handle, from).key());
  }

  static const void* extension(const ear_host* /*host*/, ear_str /*id*/) { return nullptr; }

  static ear_rc http(ear_call* handle, const ear_request* request, ear_response* out) {
    if (request == nullptr || out == nullptr)
      return of(handle).misuse("http without request or answer");
    ear_rc rc = EAR_OK;
    const ear_rc sent = http_all(handle, request, 1, out, &rc);
    return sent == EAR_OK ? rc : sent;
  }

  static ear_rc http_all(ear_call* handle, const ear_request* requests, std::uint64_t n,
                         ear_response* out, ear_rc* rcs) {
    PluginCall& call = of(handle);
    if (n == 0) return stopping(handle);
    if (requests == nullptr || out == nullptr || rcs == nullptr) {
      return call.misuse("http_all without requests, answers or codes");
    }
    if (requests->size < sizeof(ear_request) || out->size < kFirstResponse)
      return call.misuse("http: `size` of request or answer is not set");
    if (n > kMaxRequests) return call.misuse("http_all with more than 10,000 requests");
    std::vector<ProductRequest> prepared;
    for (std::uint64_t i = 0; i < n; ++i) {
      const auto* bytes = reinterpret_cast<const char*>(requests) + i * requests->size;
      Result<ProductRequest> request = read_request(
          *reinterpret_cast<const ear_request*>(bytes),
          [&call](ear_resp resp, std::string_view at) { return link_text(call, resp, at); },
          call.context_.plugin->file.manifest);
      if (!request) return call.answer(request.error());
      prepared.push_back(*std::move(request));
    }
    HttpBatch batch(call, std::move(prepared));
    const Code code = call.suspend([&] { batch.start(); });
    if (code != Code::ok) return call.answer_stopped();
    return deliver(call, batch, requests, out, rcs);
  }

  static std::string link_text(const PluginCall& call, ear_resp resp, std::string_view at) {
    const PluginCall::Held* held = call.held(resp);
    return held != nullptr && held->json ? std::string(held->json->root().at(at).text())
                                         : std::string();
  }

  /// Gives every answer of a batch an id and the plugin its codes.
  static ear_rc deliver(PluginCall& call, HttpBatch& batch, const ear_request* requests,
                        ear_response* out, ear_rc* rcs) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      auto* slot = reinterpret_cast<ear_response*>(reinterpret_cast<char*>(out) + i * out->size);
      const auto* request = reinterpret_cast<const ear_request*>(
          reinterpret_cast<const char*>(requests) + i * requests->size);
      rcs[i] = deliver_one(call, batch.take(i), request->flags, *slot);
    }
    return call.sticky() == Code::ok ? EAR_OK : call.answer_stopped();
  }

  static ear_rc deliver_one(PluginCall& call, HttpBatch::Answer answer, std::uint32_t flags,
                            ear_response& out) {
    const std::uint32_t size = out.size;
    std::memset(&out, 0, std::min<std::size_t>(size, sizeof out));
    out.size = size;
    const bool good = answer.error.code == Code::ok || (flags & EAR_HTTP_ANY_STATUS) != 0;
    if (!answer.answered) return refuse(call, std::move(answer.error), out);
    out.status = answer.response.status;
    out.attempts = answer.attempts;
    out.waited_ms = static_cast<std::uint64_t>(answer.waited.count() / 1000);
    out.id = call.hold(std::move(answer.response), std::move(answer.json));
    if (call.budget_used_ > kCallBudget) {
      release(reinterpret_cast<ear_call*>(&call), std::exchange(out.id, 0));
      return refuse(call,
                    {.code = Code::limit,
                     .message = "the call would hold more than 64 MiB of answers; release what is "
                                "no longer needed"},
                    out);
    }
    return good ? EAR_OK : refuse(call, std::move(answer.error), out);
  }

  static ear_rc refuse(PluginCall& call, Error error, ear_response& out) {
    if (EAR_HAS(&out, why)) out.why = borrow(call.whys_.emplace_back(error.message));
    return call.answer(std::move(error));
  }

  static ear_bytes body(ear_call* handle, ear_resp resp) {
    const PluginCall::Held* held = of(handle).held(resp);
    return held == nullptr ? ear_bytes{} : sdk::borrow_bytes(held->response.body);
  }
  static ear_str header(ear_call* handle, ear_resp resp, ear_str name) {
    const PluginCall::Held* held = of(handle).held(resp);
    return held == nullptr ? ear_str{} : borrow(held->response.headers.get(view(name)));
  }
  static void release(ear_call* handle, ear_resp resp) {
    PluginCall& call = of(handle);
    if (resp == call.config_id_) return;
    const auto found = call.held_.find(resp);
    if (found == call.held_.end()) return;
    call.budget_used_ -= found->second->footprint;
    call.held_.erase(found);
  }
  static ear_resp config(ear_call* handle) { return of(handle).config_id_; }

  static ear_rc emit(ear_call* handle, const ear_emit* emit, ear_emitted* out) {
    PluginCall& call = of(handle);
    if (emit == nullptr || out == nullptr) return call.misuse("emit without arguments");
    if (call.context_.sink == nullptr) return not_fetching(call);
    if (emit->size < sizeof(ear_emit) || out->size < sizeof(ear_emitted))
      return call.misuse("emit: `size` of what is emitted or of the answer is not set");
    Result<Emission> emission = read_emission(call, *emit);
    if (!emission) return call.answer(emission.error());
    Result<EmissionCounts> counts = EmissionCounts{};
    const Code code = call.suspend([&] {
      call.context_.sink->emit(
          *emission, call.awaited<Result<EmissionCounts>>([&](Result<EmissionCounts> result) {
            counts = std::move(result);
            call.wake();
          }));
    });
    if (code != Code::ok) return call.answer_stopped();
    if (!counts) return call.answer(counts.error());
    const std::uint32_t size = out->size;
    *out = {.size = size,
            .reserved = 0,
            .taken = counts->taken,
            .rejected = counts->rejected,
            .outside = counts->outside};
    return EAR_OK;
  }

  static Result<Emission> read_emission(const PluginCall& call, const ear_emit& emit) {
    if ((emit.field_count != 0 && emit.fields == nullptr) ||
        (emit.ref_count != 0 && emit.refs == nullptr))
      return Error{.code = Code::misuse, .message = "emit: a count without its array"};
    Emission emission;
    emission.mapping = view(emit.mapping);
    emission.tombstone = (emit.flags & EAR_EMIT_TOMBSTONE) != 0;
    for (std::uint64_t i = 0; i < emit.field_count; ++i) {
      const ear_field& field = emit.fields[i];
      if (field.format > EAR_TEXT_JSON)
        return Error{.code = Code::misuse, .message = "emit: unknown field format"};
      emission.computed.push_back({text_of(field.name), text_of(field.value),
                                   static_cast<ComputedField::Format>(field.format)});
    }
    for (std::uint64_t i = 0; i < emit.ref_count; ++i) {
      const PluginCall::Held* held = call.held(emit.refs[i].resp);
      if (held == nullptr || !held->json) {
        return Error{
            .code = Code::misuse,
            .message = "emit: ref '" + text_of(emit.refs[i].name) + "' is no JSON response"};
      }
      emission.refs.emplace_back(text_of(emit.refs[i].name),
                                 held->json->root().at(view(emit.refs[i].at)));
    }
    EAR_CHECK(read_items(call, emit, emission));
    return emission;
  }

  static Result<void> read_items(const PluginCall& call, const ear_emit& emit, Emission& emission) {
    if (emit.resp == 0) {
      emission.items.emplace_back();
      return {};
    }
    const PluginCall::Held* held = call.held(emit.resp);
    if (held == nullptr) return Error{.code = Code::misuse, .message = "emit: unknown response"};
    const std::string_view at = view(emit.at);
    const JsonValue found = held->json ? held->json->root().at(at) : JsonValue();
    const bool each = (emit.flags & EAR_EMIT_EACH) != 0;
    if (!found.exists() || found.is_null()) {
      if ((emit.flags & EAR_EMIT_ABSENT_OK) != 0) return {};
      return Error{.code = Code::bad_data,
                   .message = "the answer has nothing at " + std::string(at)};
    }
    if (!each) {
      emission.items.push_back(found);
      return {};
    }
    if (!found.is_array()) {
      return Error{.code = Code::bad_data,
                   .message = "the answer has no array at " + std::string(at)};
    }
    if (found.size() > kMaxEmitted) {
      return Error{.code = Code::limit,
                   .message = "more than 100,000 items in one answer at " + std::string(at)};
    }
    emission.items.reserve(found.size());
    for (const JsonValue item : found) emission.items.push_back(item);
    return {};
  }

  static ear_rc known(ear_call* handle, ear_str mapping, const ear_str* ids,
                      const ear_str* versions, std::uint64_t n, std::uint8_t* out) {
    PluginCall& call = of(handle);
    if (call.context_.sink == nullptr) return not_fetching(call);
    if (n != 0 && (ids == nullptr || versions == nullptr || out == nullptr))
      return call.misuse("known without ids");
    std::vector<std::string> id_texts;
    std::vector<std::string> version_texts;
    for (std::uint64_t i = 0; i < n; ++i) {
      id_texts.push_back(text_of(ids[i]));
      version_texts.push_back(text_of(versions[i]));
    }
    Result<std::vector<Known>> answers = std::vector<Known>{};
    const Code code = call.suspend([&] {
      call.context_.sink->known(
          view(mapping), std::move(id_texts), version_texts,
          call.awaited<Result<std::vector<Known>>>([&](Result<std::vector<Known>> result) {
            answers = std::move(result);
            call.wake();
          }));
    });
    if (code != Code::ok) return call.answer_stopped();
    if (!answers) return call.answer(answers.error());
    std::transform(answers->begin(), answers->end(), out,
                   [](Known known) { return static_cast<std::uint8_t>(known); });
    return EAR_OK;
  }

  static ear_rc checkpoint(ear_call* handle, ear_str stream, ear_bytes cursor) {
    PluginCall& call = of(handle);
    if (call.context_.sink == nullptr) return not_fetching(call);
    if (cursor.size == 0)
      return call.misuse("checkpoint with an empty cursor; a stream is never wiped by a plugin");
    if (cursor.size > kMaxCursor) {
      return call.answer({.code = Code::limit, .message = "a cursor is larger than 64 KiB"});
    }
    return settle(call, [&](Callback<void(Result<void>)> done) {
      call.context_.sink->checkpoint(text_of(stream), std::string(bytes_of(cursor)),
                                     std::move(done));
    });
  }

  /// Suspends for an operation that answers nothing but success or failure.
  template <typename Start>
  static ear_rc settle(PluginCall& call, Start start) {
    Result<void> result;
    const Code code = call.suspend([&] {
      start(call.awaited<Result<void>>([&](Result<void> settled) {
        result = std::move(settled);
        call.wake();
      }));
    });
    if (code != Code::ok) return call.answer_stopped();
    return result ? EAR_OK : call.answer(result.error());
  }

  static ear_rc cursor(ear_call* handle, ear_str stream, ear_bytes* out) {
    PluginCall& call = of(handle);
    if (call.context_.sink == nullptr) return not_fetching(call);
    if (out == nullptr) return call.misuse("cursor without a place for the answer");
    const std::string name = text_of(stream);
    const Code code = call.suspend([&] {
      call.cursors_read_[name] = call.context_.sink->cursor(name);
      call.wake();
    });
    if (code != Code::ok) return call.answer_stopped();
    *out = sdk::borrow_bytes(call.cursors_read_[name]);
    return EAR_OK;
  }

  static ear_rc problem(ear_call* handle, ear_str stream, const ear_failure* failure) {
    PluginCall& call = of(handle);
    if (call.context_.sink == nullptr) return not_fetching(call);
    if (failure == nullptr || failure->rc == EAR_OK)
      return call.misuse("problem without a failure");
    if (const Code code = call.sticky(); code != Code::ok) return static_cast<ear_rc>(code);
    call.context_.loop->post([sink = call.context_.sink, name = text_of(stream),
                              error = to_error(call, *failure)] { sink->problem(name, error); });
    return EAR_OK;
  }

  static ear_rc sleep(ear_call* handle, std::uint64_t milliseconds) {
    PluginCall& call = of(handle);
    constexpr std::uint64_t kLongest = 24ULL * 3600 * 1000;
    const auto time = std::chrono::milliseconds(std::min(milliseconds, kLongest));
    const Code code = call.suspend([&] {
      call.timer_ = call.context_.loop->after(time, [&call] {
        call.timer_ = 0;
        call.wake();
      });
    });
    return code == Code::ok ? EAR_OK : call.answer_stopped();
  }

  static ear_rc fail(ear_call* handle, const ear_failure* failure) {
    PluginCall& call = of(handle);
    if (failure == nullptr || failure->rc == EAR_OK) return call.misuse("fail without a failure");
    call.failure_ = to_error(call, *failure);
    if (call.failure_.message.empty() && call.last_error_.code == call.failure_.code) {
      call.failure_ = call.last_error_;
    }
    return failure->rc;
  }
  static ear_str why(ear_call* handle) { return borrow(of(handle).last_error_.message); }

  static ear_rc report(ear_call* handle, ear_str key, ear_str value) {
    PluginCall& call = of(handle);
    if (std::find(std::begin(kReportKeys), std::end(kReportKeys), view(key)) ==
        std::end(kReportKeys)) {
      return call.misuse("report of an unknown key '" + shorten(view(key), 40) + "'");
    }
    call.reports_[text_of(key)] = shorten(clean_utf8(view(value)), 4096);
    return EAR_OK;
  }

  static void log(ear_call* handle, std::int32_t level, ear_str message, const ear_pair* fields,
                  std::uint64_t n) {
    const PluginCall& call = of(handle);
    const auto clamped =
        static_cast<LogLevel>(std::clamp(level, 0, 3) + static_cast<int>(LogLevel::debug));
    if (!call.context_.log->enabled(clamped)) return;
    std::string text = shorten(clean_utf8(view(message)), 2000);
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(n, 16); ++i) {
      text += " " + shorten(clean_utf8(view(fields[i].key)), 40) + "=" +
              shorten(clean_utf8(view(fields[i].value)), 200);
    }
    call.context_.log->write(clamped, text,
                             {{"integration", call.context_.integration}, {"from", "plugin"}});
  }

  static ear_time now(const ear_call* handle) {
    return of(handle).context_.loop->clock().now().time_since_epoch().count();
  }
  static ear_rc stopping(const ear_call* handle) {
    return static_cast<ear_rc>(of(handle).sticky());
  }

  static void* alloc(ear_call* handle, std::uint64_t size, std::uint64_t align) {
    PluginCall& call = of(handle);
    if (align == 0 || (align & (align - 1)) != 0 || align > 4096 ||
        size > kCallBudget - std::min(kCallBudget, call.budget_used_)) {
      return nullptr;
    }
    std::size_t space = size + align;
    auto block = std::unique_ptr<std::byte[]>(new (std::nothrow) std::byte[space]);
    if (!block) return nullptr;
    void* memory = block.get();
    memory = std::align(align, size, memory, space);
    call.budget_used_ += size + align;
    call.arena_.push_back(std::move(block));
    return memory;
  }

  static ear_rc secret_put(ear_call* handle, ear_str name, ear_str value, ear_time expires) {
    PluginCall& call = of(handle);
    if (call.context_.secrets == nullptr) {
      return call.answer(
          {.code = Code::unsupported, .message = "there is no vault here to put a secret into"});
    }
    const std::string name_text = text_of(name);
    if (!call.context_.plugin->file.manifest.is_secret(name_text)) {
      return call.misuse("secret_put of '" + shorten(name_text, 40) +
                         "', which the manifest does not mark x-secret");
    }
    Secret secret{text_of(value)};
    call.context_.log->redactor().learn(secret);
    const std::optional<Time> until =
        expires == EAR_TIME_NONE ? std::nullopt : std::optional(Time(Micros(expires)));
    return settle(call, [&](Callback<void(Result<void>)> done) {
      call.context_.secrets->put(name_text, std::move(secret), until, std::move(done));
    });
  }

  static ear_rc not_fetching(PluginCall& call) {
    return call.answer(
        {.code = Code::unsupported, .message = "records and cursors belong to fetch_feedback"});
  }
};

const ear_host& host_table() noexcept {
  static constexpr ear_json kJson = {
      .size = sizeof(ear_json),
      .reserved = 0,
      .root = HostFunctions::json_root,
      .at = HostFunctions::json_at,
      .text = HostFunctions::json_text,
      .count = HostFunctions::json_count,
      .first = HostFunctions::json_first,
      .next = HostFunctions::json_next,
      .key = HostFunctions::json_key,
  };
  static constexpr ear_host kHost = {
      .size = sizeof(ear_host),
      .minor = EAR_ABI_MINOR,
      .version = {kVersion.data(), kVersion.size()},
      .json = &kJson,
      .extension = HostFunctions::extension,
      .http = HostFunctions::http,
      .http_all = HostFunctions::http_all,
      .body = HostFunctions::body,
      .header = HostFunctions::header,
      .release = HostFunctions::release,
      .config = HostFunctions::config,
      .emit = HostFunctions::emit,
      .known = HostFunctions::known,
      .checkpoint = HostFunctions::checkpoint,
      .cursor = HostFunctions::cursor,
      .problem = HostFunctions::problem,
      .sleep = HostFunctions::sleep,
      .fail = HostFunctions::fail,
      .why = HostFunctions::why,
      .report = HostFunctions::report,
      .log = HostFunctions::log,
      .now = HostFunctions::now,
      .stopping = HostFunctions::stopping,
      .alloc = HostFunctions::alloc,
      .secret_put = HostFunctions::secret_put,
  };
  return kHost;
}

}  // namespace earshot::core
