/// The ABI's remaining functions, and the table that every plugin is given.

#include <algorithm>
#include <new>
#include <optional>
#include <utility>

#include <earshot/core/base/text.hpp>
#include <earshot/core/base/version.hpp>

#include "host_functions.hpp"

namespace earshot::core {

using sdk::borrow;
using sdk::view;

namespace {

constexpr std::size_t kMaxMessage = 4096;

constexpr std::string_view kReportKeys[] = {"account_id", "account_name", "base_url", "hook_id",
                                            "manual"};
constexpr std::string_view kTotal = "total";

}  // namespace

/// Masked before it is cut, so that no piece of a secret is left.
std::string HostFunctions::said(const PluginCall& call, ear_str text, std::size_t most) {
  return shorten(call.context_.log->redactor().redact(clean_utf8(view(text))), most);
}

Error HostFunctions::to_error(const PluginCall& call, const ear_failure& failure) {
  Error error{.code = static_cast<Code>(failure.rc),
              .message = said(call, failure.message, kMaxMessage)};
  error.status = failure.status;
  if (failure.retry_after_ms >= 0)
    error.retry_after = std::chrono::milliseconds(failure.retry_after_ms);
  return error;
}

ear_resp HostFunctions::config(ear_call* handle) {
  return of(handle).config_id_;
}

ear_rc HostFunctions::sleep(ear_call* handle, std::uint64_t milliseconds) {
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

ear_rc HostFunctions::fail(ear_call* handle, const ear_failure* failure) {
  PluginCall& call = of(handle);
  if (failure == nullptr || failure->rc == EAR_OK) return call.misuse("fail without a failure");
  call.failure_ = to_error(call, *failure);
  if (call.failure_.message.empty() && call.last_error_.code == call.failure_.code) {
    call.failure_ = call.last_error_;
  }
  return failure->rc;
}

ear_str HostFunctions::why(ear_call* handle) {
  return borrow(of(handle).last_error_.message);
}

ear_rc HostFunctions::report(ear_call* handle, ear_str key, ear_str value) {
  PluginCall& call = of(handle);
  if (view(key) == kTotal) return report_total(call, view(value));
  if (std::find(std::begin(kReportKeys), std::end(kReportKeys), view(key)) ==
      std::end(kReportKeys)) {
    return call.misuse("report of an unknown key '" + shorten(view(key), 40) + "'");
  }
  call.reports_[text_of(key)] = said(call, value, kMaxMessage);
  return EAR_OK;
}

ear_rc HostFunctions::report_total(PluginCall& call, std::string_view value) {
  if (call.context_.sink == nullptr) return not_fetching(call);
  const std::optional<std::int64_t> items = parse_integer(value);
  if (!items || *items < 0)
    return call.misuse("report of a total that is no number '" + shorten(value, 40) + "'");
  call.context_.loop->post([sink = call.context_.sink, items = static_cast<std::uint64_t>(*items)] {
    sink->total(items);
  });
  return EAR_OK;
}

void HostFunctions::log(ear_call* handle, std::int32_t level, ear_str message,
                        const ear_pair* fields, std::uint64_t n) {
  const PluginCall& call = of(handle);
  const auto clamped =
      static_cast<LogLevel>(std::clamp(level, 0, 3) + static_cast<int>(LogLevel::debug));
  if (!call.context_.log->enabled(clamped)) return;
  std::string text = said(call, message, 2000);
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(n, 16); ++i)
    text += " " + said(call, fields[i].key, 40) + "=" + said(call, fields[i].value, 200);
  call.context_.log->write(clamped, text,
                           {{"integration", call.context_.integration}, {"from", "plugin"}});
}

ear_time HostFunctions::now(const ear_call* handle) {
  return of(handle).context_.loop->clock().now().time_since_epoch().count();
}

ear_rc HostFunctions::stopping(const ear_call* handle) {
  return static_cast<ear_rc>(of(handle).sticky());
}

void* HostFunctions::alloc(ear_call* handle, std::uint64_t size, std::uint64_t align) {
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

ear_rc HostFunctions::secret_put(ear_call* handle, ear_str name, ear_str value, ear_time expires) {
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
  static const ear_host kHost = {
      .size = sizeof(ear_host),
      .minor = EAR_ABI_MINOR,
      .version = borrow(version()),
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
