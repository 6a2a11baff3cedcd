#include <fmt/format.h>

#include "conformance/rig_host.hpp"

namespace earshot::conformance {

using sdk::view;

namespace {

constexpr SizeOf kPartSize{offsetof(ear_part, bytes) + sizeof(ear_part::bytes), sizeof(ear_part)};
constexpr SizeOf kRequestSize{offsetof(ear_request, link_at) + sizeof(ear_request::link_at),
                              sizeof(ear_request)};
constexpr SizeOf kResponseSize{offsetof(ear_response, why) + sizeof(ear_response::why),
                               sizeof(ear_response)};

bool only_reads(const ear_request& request) {
  const std::string_view method = view(request.method);
  return method == "GET" || method == "HEAD" || method == "OPTIONS" ||
         request.safety == EAR_SAFETY_READ;
}

}  // namespace

void RigHost::note(Visit& visit, const ear_request& request) {
  const std::string_view path = view(request.path);
  std::string text = fmt::format("{} {}{}{}", view(request.method), view(request.endpoint), path,
                                 view(request.link));
  text += pairs(request.query, request.query_count, " ?", "=");
  text += pairs(request.headers, request.header_count, " ", ": ");
  for (std::uint64_t i = 0; i < request.part_count; ++i) {
    const ear_part& part = request.parts[i];
    check_size(visit, "ear_part", part.size, kPartSize);
    text += fmt::format(
        " {} {}", view(part.name),
        std::string_view(reinterpret_cast<const char*>(part.bytes.data), part.bytes.size));
  }
  if (!only_reads(request)) visit.deeds_.changes.push_back(text);
  visit.deeds_.requests.push_back(std::move(text));
  const std::size_t scheme = path.find("://");
  if (scheme == std::string_view::npos || path.starts_with('/')) return;
  const std::string_view rest = path.substr(scheme + 3);
  visit.deeds_.hosts.emplace_back(rest.substr(0, rest.find_first_of("/?#:")));
}

ear_rc RigHost::http(ear_call* call, const ear_request* request, ear_response* out) {
  return slept(call, "http", [&](Visit& visit, ear_call* inner) {
    check_size(visit, "ear_request", request->size, kRequestSize);
    check_size(visit, "ear_response", out->size, kResponseSize);
    note(visit, *request);
    const ear_rc rc = real().http(inner, request, out);
    if (EAR_HAS(out, why)) out->why = visit.lent(out->why, "the `why` of an answer", 0);
    return rc;
  });
}

ear_rc RigHost::http_all(ear_call* call, const ear_request* requests, std::uint64_t n,
                         ear_response* out, ear_rc* rcs) {
  return slept(call, "http_all", [&](Visit& visit, ear_call* inner) {
    for (std::uint64_t i = 0; i < n; ++i) {
      const auto* bytes = reinterpret_cast<const char*>(requests) + i * requests->size;
      const auto& request = *reinterpret_cast<const ear_request*>(bytes);
      check_size(visit, "ear_request", request.size, kRequestSize);
      note(visit, request);
    }
    if (n != 0) check_size(visit, "ear_response", out->size, kResponseSize);
    return real().http_all(inner, requests, n, out, rcs);
  });
}

ear_bytes RigHost::body(ear_call* call, ear_resp resp) {
  return asked(call, "body", ear_bytes{}, [&](Visit& visit, ear_call* inner) {
    const ear_bytes bytes = real().body(inner, resp);
    const ear_str text = visit.lent({reinterpret_cast<const char*>(bytes.data), bytes.size},
                                    "what `body` lent", resp);
    return ear_bytes{reinterpret_cast<const std::uint8_t*>(text.data), text.size};
  });
}

ear_str RigHost::header(ear_call* call, ear_resp resp, ear_str name) {
  return asked(call, "header", ear_str{}, [&](Visit& visit, ear_call* inner) {
    return visit.lent(real().header(inner, resp, name), "what `header` lent", resp);
  });
}

void RigHost::release(ear_call* call, ear_resp resp) {
  asked(call, "release", 0, [&](Visit& visit, ear_call* inner) {
    real().release(inner, resp);
    if (visit.loans_ && resp != real().config(inner)) visit.loans_->call_in(resp);
    return 0;
  });
}

ear_resp RigHost::config(ear_call* call) {
  return asked(call, "config", ear_resp{0},
               [](Visit&, ear_call* inner) { return real().config(inner); });
}

}  // namespace earshot::conformance
