/// What this host offers beyond the ABI's table.

#include <earshot/core/base/time.hpp>
#include <earshot/core/normalize/html.hpp>
#include <earshot/ext/text.h>

#include "host_functions.hpp"

namespace earshot::core {

using sdk::borrow;
using sdk::view;

ear_time HostFunctions::read_time(ear_str text) {
  const std::optional<Time> time = parse_time(view(text));
  return time ? time->time_since_epoch().count() : EAR_TIME_NONE;
}

ear_str HostFunctions::html_text(ear_call* handle, ear_str html) {
  PluginCall& call = of(handle);
  call.html_text_ = html_to_text(view(html));
  return borrow(call.html_text_);
}

const void* HostFunctions::extension(const ear_host* /*host*/, ear_str id) {
  static constexpr ear_text kText = {
      .size = sizeof(ear_text),
      .reserved = 0,
      .time = HostFunctions::read_time,
      .html = HostFunctions::html_text,
  };
  return view(id) == EAR_EXT_TEXT ? &kText : nullptr;
}

}  // namespace earshot::core
