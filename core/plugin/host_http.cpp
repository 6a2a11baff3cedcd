/// The ABI's functions that send requests and read their answers.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

#include "host_functions.hpp"
#include "request.hpp"

namespace earshot::core {

using sdk::borrow;
using sdk::view;

namespace {

constexpr std::uint64_t kMaxRequests = 10'000;
constexpr std::uint32_t kFirstResponse = offsetof(ear_response, why);

}  // namespace

ear_rc HostFunctions::http(ear_call* handle, const ear_request* request, ear_response* out) {
  if (request == nullptr || out == nullptr)
    return of(handle).misuse("http without request or answer");
  ear_rc rc = EAR_OK;
  const ear_rc sent = http_all(handle, request, 1, out, &rc);
  return sent == EAR_OK ? rc : sent;
}

ear_rc HostFunctions::http_all(ear_call* handle, const ear_request* requests, std::uint64_t n,
                               ear_response* out, ear_rc* rcs) {
  PluginCall& call = of(handle);
  if (n == 0) return stopping(handle);
  if (requests == nullptr || out == nullptr || rcs == nullptr) {
    return call.misuse("http_all without requests, answers or codes");
  }
  if (requests->size < sizeof(ear_request) || out->size < kFirstResponse)
    return call.misuse("http: `size` of request or answer is not set (ABI-3)");
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

std::string HostFunctions::link_text(const PluginCall& call, ear_resp resp, std::string_view at) {
  const PluginCall::Held* held = call.held(resp);
  return held != nullptr && held->json ? std::string(held->json->root().at(at).text())
                                       : std::string();
}

ear_rc HostFunctions::deliver(PluginCall& call, HttpBatch& batch, const ear_request* requests,
                              ear_response* out, ear_rc* rcs) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    auto* slot = reinterpret_cast<ear_response*>(reinterpret_cast<char*>(out) + i * out->size);
    const auto* request = reinterpret_cast<const ear_request*>(
        reinterpret_cast<const char*>(requests) + i * requests->size);
    rcs[i] = deliver_one(call, batch.take(i), request->flags, *slot);
  }
  return call.sticky() == Code::ok ? EAR_OK : call.answer_stopped();
}

ear_rc HostFunctions::deliver_one(PluginCall& call, HttpBatch::Answer answer, std::uint32_t flags,
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
  return good ? EAR_OK : refuse(call, std::move(answer.error), out);
}

ear_rc HostFunctions::refuse(PluginCall& call, Error error, ear_response& out) {
  if (EAR_HAS(&out, why)) out.why = borrow(call.whys_.emplace_back(error.message));
  return call.answer(std::move(error));
}

ear_bytes HostFunctions::body(ear_call* handle, ear_resp resp) {
  const PluginCall::Held* held = of(handle).held(resp);
  return held == nullptr ? ear_bytes{} : sdk::borrow_bytes(held->response.body);
}

ear_str HostFunctions::header(ear_call* handle, ear_resp resp, ear_str name) {
  const PluginCall::Held* held = of(handle).held(resp);
  return held == nullptr ? ear_str{} : borrow(held->response.headers.get(view(name)));
}

void HostFunctions::release(ear_call* handle, ear_resp resp) {
  PluginCall& call = of(handle);
  if (resp == call.config_id_) return;
  const auto found = call.held_.find(resp);
  if (found == call.held_.end()) return;
  call.budget_used_ -= found->second->footprint;
  call.held_.erase(found);
}

}  // namespace earshot::core
