#include "conformance/rig_host.hpp"

namespace earshot::conformance {

ear_value RigHost::root(ear_call* call, ear_resp resp) {
  return asked(call, "json->root", ear_value{},
               [&](Visit&, ear_call* inner) { return real().json->root(inner, resp); });
}

ear_value RigHost::at(ear_call* call, ear_value value, ear_str pointer) {
  return asked(call, "json->at", ear_value{},
               [&](Visit&, ear_call* inner) { return real().json->at(inner, value, pointer); });
}

ear_str RigHost::text(ear_call* call, ear_value value) {
  return asked(call, "json->text", ear_str{}, [&](Visit& visit, ear_call* inner) {
    return visit.lent(real().json->text(inner, value), "what `json->text` lent", value.resp);
  });
}

std::uint64_t RigHost::count(ear_call* call, ear_value value) {
  return asked(call, "json->count", std::uint64_t{0},
               [&](Visit&, ear_call* inner) { return real().json->count(inner, value); });
}

ear_value RigHost::first(ear_call* call, ear_value value) {
  return asked(call, "json->first", ear_value{},
               [&](Visit&, ear_call* inner) { return real().json->first(inner, value); });
}

ear_value RigHost::next(ear_call* call, ear_value value) {
  return asked(call, "json->next", ear_value{},
               [&](Visit&, ear_call* inner) { return real().json->next(inner, value); });
}

ear_str RigHost::key(ear_call* call, ear_value value) {
  return asked(call, "json->key", ear_str{}, [&](Visit& visit, ear_call* inner) {
    return visit.lent(real().json->key(inner, value), "what `json->key` lent", value.resp);
  });
}

}  // namespace earshot::conformance
