/// The ABI's functions that walk parsed JSON.

#include "host_functions.hpp"

namespace earshot::core {

using sdk::borrow;
using sdk::view;

JsonValue HostFunctions::value(ear_call* handle, ear_value value) {
  const PluginCall::Held* held = of(handle).held(value.resp);
  if (held == nullptr || !held->json || value.kind == EAR_JSON_ABSENT) return {};
  return {held->json.get(), value.node};
}

ear_value HostFunctions::wire(ear_resp resp, JsonValue value) noexcept {
  if (!value.exists()) return {resp, 0, EAR_JSON_ABSENT};
  return {resp, value.node(), static_cast<std::uint32_t>(value.kind())};
}

ear_value HostFunctions::json_root(ear_call* handle, ear_resp resp) {
  const PluginCall::Held* held = of(handle).held(resp);
  return held != nullptr && held->json ? wire(resp, held->json->root())
                                       : ear_value{resp, 0, EAR_JSON_ABSENT};
}

ear_value HostFunctions::json_at(ear_call* handle, ear_value from, ear_str pointer) {
  return wire(from.resp, value(handle, from).at(view(pointer)));
}

ear_str HostFunctions::json_text(ear_call* handle, ear_value from) {
  return borrow(value(handle, from).text());
}

std::uint64_t HostFunctions::json_count(ear_call* handle, ear_value from) {
  return value(handle, from).size();
}

ear_value HostFunctions::json_first(ear_call* handle, ear_value from) {
  const JsonValue container = value(handle, from);
  const auto first = container.begin();
  return first == container.end() ? ear_value{from.resp, 0, EAR_JSON_ABSENT}
                                  : wire(from.resp, *first);
}

ear_value HostFunctions::json_next(ear_call* handle, ear_value from) {
  return wire(from.resp, value(handle, from).next_sibling());
}

ear_str HostFunctions::json_key(ear_call* handle, ear_value from) {
  return borrow(value(handle, from).key());
}

}  // namespace earshot::core
