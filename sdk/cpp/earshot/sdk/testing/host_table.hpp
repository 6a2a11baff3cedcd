#pragma once

/// The tables of functions that a plugin is handed, over a Stage: each `ear_call` is one.

#include <cstdint>
#include <string>

#include <earshot/abi.h>
#include <earshot/sdk/testing/stage.hpp>
#include <earshot/sdk/text.hpp>

namespace earshot::sdk::testing {

[[nodiscard]] inline ear_json json_table() noexcept {
  ear_json table{};
  table.size = sizeof table;
  table.root = [](ear_call* c, ear_resp id) {
    return Stage::of(c).shelf().value(
        id, Stage::of(c).shelf().json(id) == nullptr ? 0 : JsonTree::kRoot);
  };
  table.at = [](ear_call* c, ear_value from, ear_str pointer) {
    const JsonTree* json = Stage::of(c).shelf().json(from.resp);
    return Stage::of(c).shelf().value(from.resp,
                                      json == nullptr ? 0 : json->at(from.node, view(pointer)));
  };
  table.text = [](ear_call* c, ear_value v) {
    return v.kind == EAR_JSON_ARRAY || v.kind == EAR_JSON_OBJECT
               ? ear_str{}
               : borrow(Stage::of(c).shelf().node(v).text);
  };
  table.count = [](ear_call* c, ear_value v) { return Stage::of(c).shelf().node(v).count; };
  table.first = [](ear_call* c, ear_value v) {
    return Stage::of(c).shelf().value(v.resp, Stage::of(c).shelf().node(v).first);
  };
  table.next = [](ear_call* c, ear_value v) {
    return Stage::of(c).shelf().value(v.resp, Stage::of(c).shelf().node(v).next);
  };
  table.key = [](ear_call* c, ear_value v) { return borrow(Stage::of(c).shelf().node(v).key); };
  return table;
}

inline void fill_requests(ear_host& host) noexcept {
  host.http = [](ear_call* c, const ear_request* request, ear_response* out) {
    const ear_rc rc = Stage::of(c).suspend();
    return rc != EAR_OK ? rc : Stage::of(c).http(*request, *out);
  };
  host.http_all = [](ear_call* c, const ear_request* requests, std::uint64_t n, ear_response* out,
                     ear_rc* rcs) {
    const ear_rc rc = Stage::of(c).suspend();
    for (std::uint64_t i = 0; rc == EAR_OK && i < n; ++i) {
      const auto* request = reinterpret_cast<const char*>(requests) + i * requests->size;
      auto* response = reinterpret_cast<char*>(out) + i * out->size;
      rcs[i] = Stage::of(c).http(*reinterpret_cast<const ear_request*>(request),
                                 *reinterpret_cast<ear_response*>(response));
    }
    return rc;
  };
  host.body = [](ear_call* c, ear_resp id) {
    const Answer* found = Stage::of(c).shelf().answer(id);
    return found == nullptr ? ear_bytes{} : borrow_bytes(found->body);
  };
  host.header = [](ear_call* c, ear_resp id, ear_str name) {
    return borrow(Stage::of(c).shelf().header(id, view(name)));
  };
  host.release = [](ear_call* c, ear_resp id) { Stage::of(c).release(id); };
  host.config = [](ear_call* c) { return Stage::of(c).config(); };
}

inline void fill_records(ear_host& host) noexcept {
  host.emit = [](ear_call* c, const ear_emit* emit, ear_emitted* out) {
    const ear_rc rc = Stage::of(c).suspend();
    return rc != EAR_OK ? rc : Stage::of(c).emit(*emit, *out);
  };
  host.known = [](ear_call* c, ear_str, const ear_str*, const ear_str*, std::uint64_t n,
                  std::uint8_t* out) {
    for (std::uint64_t i = 0; i < n; ++i) out[i] = EAR_KNOWN_NEW;
    return Stage::of(c).suspend();
  };
  host.checkpoint = [](ear_call* c, ear_str stream, ear_bytes cursor) {
    const ear_rc rc = Stage::of(c).suspend();
    return rc != EAR_OK ? rc : Stage::of(c).checkpoint(view(stream), cursor);
  };
  host.cursor = [](ear_call* c, ear_str stream, ear_bytes* out) {
    *out = Stage::of(c).cursor(view(stream));
    return Stage::of(c).suspend();
  };
  host.problem = [](ear_call* c, ear_str stream, const ear_failure* failure) {
    return Stage::of(c).problem(view(stream), view(failure->message));
  };
  host.report = [](ear_call* c, ear_str key, ear_str text) {
    return Stage::of(c).report(view(key), view(text));
  };
  host.secret_put = [](ear_call* c, ear_str name, ear_str secret, ear_time) {
    return Stage::of(c).secret_put(view(name), view(secret));
  };
}

inline void fill_rest(ear_host& host) noexcept {
  host.extension = [](const ear_host*, ear_str) -> const void* { return nullptr; };
  host.sleep = [](ear_call* c, std::uint64_t) { return Stage::of(c).suspend(); };
  host.fail = [](ear_call* c, const ear_failure* failure) {
    return Stage::of(c).fail(static_cast<Code>(failure->rc), std::string(view(failure->message)));
  };
  host.why = [](ear_call* c) { return Stage::of(c).why(); };
  host.log = [](ear_call*, std::int32_t, ear_str, const ear_pair*, std::uint64_t) {};
  host.now = [](const ear_call* c) { return Stage::of(c).setting.now; };
  host.stopping = [](const ear_call* c) { return Stage::of(c).stopping(); };
  host.alloc = [](ear_call* c, std::uint64_t size, std::uint64_t align) {
    return Stage::of(c).allocate(size, align);
  };
}

/// `json` has to outlive what it gives.
[[nodiscard]] inline ear_host host_table(const ear_json& json) noexcept {
  ear_host host{};
  host.size = sizeof host;
  host.minor = EAR_ABI_MINOR;
  host.version = borrow("test");
  host.json = &json;
  fill_requests(host);
  fill_records(host);
  fill_rest(host);
  return host;
}

}  // namespace earshot::sdk::testing
