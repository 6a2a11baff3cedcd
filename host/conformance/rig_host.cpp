#include "conformance/rig_host.hpp"

#include <fmt/format.h>

#include <earshot/ext/text.h>

namespace earshot::conformance {

using sdk::borrow;
using sdk::view;

namespace {

const ear_text& real_text() {
  const ear_host& host = RigHost::real();
  return *static_cast<const ear_text*>(host.extension(&host, borrow(EAR_EXT_TEXT)));
}

}  // namespace

std::string RigHost::pairs(const ear_pair* list, std::uint64_t count, const char* before,
                           const char* between) {
  std::string text;
  for (std::uint64_t i = 0; i < count; ++i)
    text += fmt::format("{}{}{}{}", before, view(list[i].key), between, view(list[i].value));
  return text;
}

void RigHost::check_size(Visit& visit, const char* what, std::uint64_t told, SizeOf size) {
  const std::int64_t newer = std::int64_t{visit.rig_.plugin().minor} - EAR_ABI_MINOR;
  const bool fewer = newer < 0 && told >= size.first && told < size.now;
  const bool more = newer > 0 && told > size.now;
  if (told != size.now && !fewer && !more)
    visit.deeds_.untrue_sizes.push_back(
        fmt::format("an {} of {} bytes says {}", what, size.now, told));
}

ear_rc RigHost::sleep(ear_call* call, std::uint64_t milliseconds) {
  return slept(call, "sleep", [&](Visit& visit, ear_call* inner) {
    visit.slept_ += milliseconds;
    return real().sleep(inner, milliseconds);
  });
}

ear_rc RigHost::fail(ear_call* call, const ear_failure* failure) {
  return asked(call, "fail", ear_rc{EAR_MISUSE}, [&](Visit& visit, ear_call* inner) {
    check_size(visit, "ear_failure", failure->size, kFailureSize);
    visit.deeds_.messages.emplace_back(view(failure->message));
    return real().fail(inner, failure);
  });
}

ear_str RigHost::why(ear_call* call) {
  return asked(call, "why", ear_str{}, [](Visit& visit, ear_call* inner) {
    return visit.lent(real().why(inner), "what `why` lent", kWhy);
  });
}

ear_rc RigHost::report(ear_call* call, ear_str key, ear_str value) {
  return asked(call, "report", ear_rc{EAR_MISUSE}, [&](Visit& visit, ear_call* inner) {
    visit.deeds_.reports[std::string(view(key))] = view(value);
    return real().report(inner, key, value);
  });
}

void RigHost::log(ear_call* call, std::int32_t level, ear_str message, const ear_pair* fields,
                  std::uint64_t n) {
  asked(call, "log", 0, [&](Visit& visit, ear_call* inner) {
    visit.deeds_.logged.push_back(std::string(view(message)) + pairs(fields, n, " ", "="));
    real().log(inner, level, message, fields, n);
    return 0;
  });
}

ear_time RigHost::now_of(const Visit& visit) {
  const core::Time now = visit.rig_.recorded_at() + std::chrono::milliseconds(visit.slept_);
  return now.time_since_epoch().count();
}

ear_time RigHost::now(const ear_call* call) {
  return asked(call, "now", ear_time{0}, [](Visit& visit, ear_call*) { return now_of(visit); });
}

ear_rc RigHost::stopping(const ear_call* call) {
  return asked(call, "stopping", ear_rc{EAR_MISUSE}, [](Visit& visit, ear_call* inner) {
    return visit.stopped_ != EAR_OK ? visit.stopped_ : real().stopping(inner);
  });
}

void* RigHost::alloc(ear_call* call, std::uint64_t size, std::uint64_t align) {
  return asked(call, "alloc", static_cast<void*>(nullptr), [&](Visit& visit, ear_call* inner) {
    if (++visit.deeds_.allocations == visit.manner_.empty_alloc) return static_cast<void*>(nullptr);
    void* memory = real().alloc(inner, size, align);
    if (memory == nullptr || !visit.loans_) return memory;
    return visit.loans_->lend(nullptr, size, align, Loans::Kind::answer, "what `alloc` gave", 0);
  });
}

ear_rc RigHost::secret_put(ear_call* call, ear_str name, ear_str value, ear_time expires) {
  return slept(call, "secret_put", [&](Visit&, ear_call* inner) {
    return real().secret_put(inner, name, value, expires);
  });
}

ear_str RigHost::html(ear_call* call, ear_str html) {
  return asked(call, "ear.text/1 html", ear_str{}, [&](Visit& visit, ear_call* inner) {
    return visit.lent(real_text().html(inner, html), "what `html` lent", 0);
  });
}

ear_time RigHost::read_time(ear_str text) {
  return real_text().time(text);
}

const void* RigHost::extension(const ear_host* /*host*/, ear_str id) {
  static constexpr ear_text kText = {
      .size = sizeof(ear_text), .reserved = 0, .time = read_time, .html = html};
  return view(id) == EAR_EXT_TEXT ? &kText : nullptr;
}

const void* RigHost::no_extension(const ear_host* /*host*/, ear_str /*id*/) {
  return nullptr;
}

ear_host RigHost::table() noexcept {
  static constexpr ear_json kJson = {.size = sizeof(ear_json),
                                     .reserved = 0,
                                     .root = root,
                                     .at = at,
                                     .text = text,
                                     .count = count,
                                     .first = first,
                                     .next = next,
                                     .key = key};
  return {.size = sizeof(ear_host),
          .minor = EAR_ABI_MINOR,
          .version = real().version,
          .json = &kJson,
          .extension = extension,
          .http = http,
          .http_all = http_all,
          .body = body,
          .header = header,
          .release = release,
          .config = config,
          .emit = emit,
          .known = known,
          .checkpoint = checkpoint,
          .cursor = cursor,
          .problem = problem,
          .sleep = sleep,
          .fail = fail,
          .why = why,
          .report = report,
          .log = log,
          .now = now,
          .stopping = stopping,
          .alloc = alloc,
          .secret_put = secret_put};
}

ear_str Visit::lent(ear_str text, std::string_view what, std::uint64_t owner) {
  if (!loans_ || text.size == 0) return text;
  void* copy = loans_->lend(text.data, text.size, 1, Loans::Kind::answer, std::string(what), owner);
  return copy == nullptr ? text : ear_str{static_cast<const char*>(copy), text.size};
}

const ear_host& rig_host() noexcept {
  static const ear_host kHost = RigHost::table();
  return kHost;
}

const ear_host& bare_rig_host() noexcept {
  static const ear_host kHost = [] {
    ear_host host = RigHost::table();
    host.extension = RigHost::no_extension;
    return host;
  }();
  return kHost;
}

}  // namespace earshot::conformance
