#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <earshot/core/plugin/call.hpp>
#include <earshot/sdk/text.hpp>

#include "http_batch.hpp"

namespace earshot::core {

[[nodiscard]] inline std::string text_of(ear_str text) {
  return std::string(sdk::view(text));
}

/// The functions behind the table that every plugin is given. Each runs on the plugin's stack: it
/// checks and copies its arguments, and hands the work to the loop.
struct HostFunctions {
  static PluginCall& of(ear_call* call) noexcept { return PluginCall::of(call); }
  static const PluginCall& of(const ear_call* call) noexcept {
    return *reinterpret_cast<const PluginCall*>(call);
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

  // Walking what was parsed: host_json.cpp
  static JsonValue value(ear_call* handle, ear_value value);
  static ear_value wire(ear_resp resp, JsonValue value) noexcept;
  static ear_value json_root(ear_call* handle, ear_resp resp);
  static ear_value json_at(ear_call* handle, ear_value from, ear_str pointer);
  static ear_str json_text(ear_call* handle, ear_value from);
  static std::uint64_t json_count(ear_call* handle, ear_value from);
  static ear_value json_first(ear_call* handle, ear_value from);
  static ear_value json_next(ear_call* handle, ear_value from);
  static ear_str json_key(ear_call* handle, ear_value from);

  // Requests and their answers: host_http.cpp
  static ear_rc http(ear_call* handle, const ear_request* request, ear_response* out);
  static ear_rc http_all(ear_call* handle, const ear_request* requests, std::uint64_t n,
                         ear_response* out, ear_rc* rcs);
  static std::string link_text(const PluginCall& call, ear_resp resp, std::string_view at);
  /// Gives every answer of a batch an id and the plugin its codes.
  static ear_rc deliver(PluginCall& call, HttpBatch& batch, const ear_request* requests,
                        ear_response* out, ear_rc* rcs);
  static ear_rc deliver_one(PluginCall& call, HttpBatch::Answer answer, std::uint32_t flags,
                            ear_response& out);
  static ear_rc refuse(PluginCall& call, Error error, ear_response& out);
  static ear_bytes body(ear_call* handle, ear_resp resp);
  static ear_str header(ear_call* handle, ear_resp resp, ear_str name);
  static void release(ear_call* handle, ear_resp resp);

  // Records and cursors: host_records.cpp
  static ear_rc emit(ear_call* handle, const ear_emit* emit, ear_emitted* out);
  static Result<ComputedField> read_field(const ear_field& field);
  /// Makes the threads among its fields text, on the loop: that is work, and for no plugin's stack.
  static Result<void> read_threads(const ear_emit& emit, Emission& emission);
  static Result<Emission> read_emission(const PluginCall& call, const ear_emit& emit);
  static Result<void> read_items(const PluginCall& call, const ear_emit& emit, Emission& emission);
  static ear_rc known(ear_call* handle, ear_str mapping, const ear_str* ids,
                      const ear_str* versions, std::uint64_t n, std::uint8_t* out);
  static ear_rc checkpoint(ear_call* handle, ear_str stream, ear_bytes cursor);
  static ear_rc cursor(ear_call* handle, ear_str stream, ear_bytes* out);
  static ear_rc problem(ear_call* handle, ear_str stream, const ear_failure* failure);
  static ear_rc not_fetching(PluginCall& call);

  // Extensions: host_extensions.cpp
  static const void* extension(const ear_host* host, ear_str id);
  static ear_time read_time(ear_str text);
  static ear_str html_text(ear_call* handle, ear_str html);

  // The rest: host_table.cpp
  /// What a plugin says of a fault, fit to be shown.
  static std::string said(const PluginCall& call, ear_str text, std::size_t most);
  static Error to_error(const PluginCall& call, const ear_failure& failure);
  static ear_resp config(ear_call* handle);
  static ear_rc sleep(ear_call* handle, std::uint64_t milliseconds);
  static ear_rc fail(ear_call* handle, const ear_failure* failure);
  static ear_str why(ear_call* handle);
  static ear_rc report(ear_call* handle, ear_str key, ear_str value);
  static ear_rc report_total(PluginCall& call, std::string_view value);
  static void log(ear_call* handle, std::int32_t level, ear_str message, const ear_pair* fields,
                  std::uint64_t n);
  static ear_time now(const ear_call* handle);
  static ear_rc stopping(const ear_call* handle);
  static void* alloc(ear_call* handle, std::uint64_t size, std::uint64_t align);
  static ear_rc secret_put(ear_call* handle, ear_str name, ear_str value, ear_time expires);
};

}  // namespace earshot::core
