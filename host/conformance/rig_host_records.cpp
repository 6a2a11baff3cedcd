#include "conformance/rig_host.hpp"

namespace earshot::conformance {

using sdk::view;

namespace {

constexpr SizeOf kEmitSize{offsetof(ear_emit, field_count) + sizeof(ear_emit::field_count),
                           sizeof(ear_emit)};
constexpr SizeOf kEmittedSize{offsetof(ear_emitted, outside) + sizeof(ear_emitted::outside),
                              sizeof(ear_emitted)};

}  // namespace

ear_rc RigHost::emit(ear_call* call, const ear_emit* emit, ear_emitted* out) {
  return slept(call, "emit", [&](Visit& visit, ear_call* inner) {
    check_size(visit, "ear_emit", emit->size, kEmitSize);
    check_size(visit, "ear_emitted", out->size, kEmittedSize);
    return real().emit(inner, emit, out);
  });
}

ear_rc RigHost::known(ear_call* call, ear_str mapping, const ear_str* ids, const ear_str* versions,
                      std::uint64_t n, std::uint8_t* out) {
  return slept(call, "known", [&](Visit&, ear_call* inner) {
    return real().known(inner, mapping, ids, versions, n, out);
  });
}

ear_rc RigHost::checkpoint(ear_call* call, ear_str stream, ear_bytes cursor) {
  return slept(call, "checkpoint", [&](Visit& visit, ear_call* inner) {
    visit.deeds_.empty_cursors += cursor.size == 0 ? 1 : 0;
    return real().checkpoint(inner, stream, cursor);
  });
}

ear_rc RigHost::cursor(ear_call* call, ear_str stream, ear_bytes* out) {
  return slept(call, "cursor", [&](Visit& visit, ear_call* inner) {
    const ear_rc rc = real().cursor(inner, stream, out);
    const ear_str text =
        visit.lent({reinterpret_cast<const char*>(out->data), out->size}, "what `cursor` lent", 0);
    *out = {reinterpret_cast<const std::uint8_t*>(text.data), text.size};
    return rc;
  });
}

ear_rc RigHost::problem(ear_call* call, ear_str stream, const ear_failure* failure) {
  return asked(call, "problem", ear_rc{EAR_MISUSE}, [&](Visit& visit, ear_call* inner) {
    if (visit.stopped_ != EAR_OK) return visit.stopped_;
    check_size(visit, "ear_failure", failure->size, kFailureSize);
    visit.deeds_.messages.emplace_back(view(failure->message));
    return real().problem(inner, stream, failure);
  });
}

}  // namespace earshot::conformance
