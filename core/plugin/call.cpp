#include <utility>

#include <fmt/format.h>

#include <earshot/core/plugin/call.hpp>

namespace earshot::core {

namespace {

constexpr bool is_sticky(Code code) noexcept {
  return code == Code::cancelled || code == Code::deadline || code == Code::yielded ||
         code == Code::sink_closed;
}

Error end_of(Code code) {
  return {.code = code,
          .message =
              code == Code::deadline ? "the time for this call is over" : "the call was stopped"};
}

Error never_given(Code code) {
  return {.code = Code::misuse,
          .message =
              fmt::format("the plugin returned '{}', which no host function had answered (ABI-7)",
                          to_string(code))};
}

}  // namespace

PluginCall::PluginCall(CallContext context, Operation operation, Done done)
    : context_(std::move(context)),
      operation_(std::move(operation)),
      done_(std::move(done)),
      suspension_(*context_.loop) {}

PluginCall::~PluginCall() = default;

std::shared_ptr<PluginCall> PluginCall::start(CallContext context, ThreadPool& pool,
                                              Operation operation, Done done) {
  std::shared_ptr<PluginCall> call(
      new PluginCall(std::move(context), std::move(operation), std::move(done)));
  call->self_ = call;
  if (call->context_.config) call->config_id_ = call->hold({}, call->context_.config);
  if (call->context_.time_limit > Micros(0)) {
    call->deadline_ = call->context_.loop->after(call->context_.time_limit,
                                                 [raw = call.get()] { raw->stop(Code::deadline); });
  }
  pool.run([raw = call.get()] { raw->run(); });
  return call;
}

void PluginCall::run() {
  auto* handle = reinterpret_cast<ear_call*>(this);
  const ear_plugin& table = *context_.plugin->table;
  ear_instance* instance = nullptr;
  ear_rc rc = table.open(&host_table(), handle, &instance);
  if (rc == EAR_OK) {
    rc = operation_(table, instance, handle);
    table.close(instance);
  }
  context_.loop->post([this, rc] { finish(rc); });
}

void PluginCall::finish(ear_rc rc) {
  const std::shared_ptr<PluginCall> alive = std::move(self_);
  context_.loop->cancel(deadline_);
  CallOutcome outcome{.error = reason(rc), .reports = std::move(reports_)};
  held_.clear();
  done_(std::move(outcome));
}

/// A plugin that was told to stop has stopped, whatever it returned.
Error PluginCall::reason(ear_rc rc) {
  if (stopped_) return *std::move(stopped_);
  const auto code = static_cast<Code>(rc);
  if (code == Code::ok) return {.code = Code::ok, .message = {}};
  if (code == sticky()) return end_of(code);
  if (is_sticky(code)) return never_given(code);
  if (failure_.code == code) return std::move(failure_);
  if (last_error_.code == code) return std::move(last_error_);
  return {.code = code, .message = "the plugin gave no reason"};
}

Code PluginCall::suspend(Callback<void()> start) {
  if (const Code code = sticky(); code != Code::ok) return code;
  suspension_.wait([this, &start](Suspension::Resume resume) {
    if (sticky() != Code::ok) return resume();
    resume_ = std::move(resume);
    ++suspension_number_;
    start();
  });
  return sticky();
}

void PluginCall::wake() {
  pending_.clear();
  if (timer_ != 0) context_.loop->cancel(std::exchange(timer_, 0));
  ++suspension_number_;
  if (resume_) std::exchange(resume_, {})();
}

void PluginCall::stop(Code code) {
  std::int32_t none = EAR_OK;
  sticky_.compare_exchange_strong(none, static_cast<std::int32_t>(code));
  wake();
}

ear_rc PluginCall::answer(Error error) {
  if (is_sticky(error.code)) {
    std::int32_t none = EAR_OK;
    sticky_.compare_exchange_strong(none, static_cast<std::int32_t>(error.code));
  }
  if (error.code == sticky() && !stopped_) stopped_ = error;
  last_error_ = std::move(error);
  return static_cast<ear_rc>(last_error_.code);
}

ear_rc PluginCall::answer_stopped() {
  return answer(stopped_ ? *stopped_ : end_of(sticky()));
}

ear_resp PluginCall::hold(HttpResponse response, std::shared_ptr<const JsonDocument> json) {
  auto item = std::make_shared<Held>();
  item->footprint = footprint(response, json.get());
  item->response = std::move(response);
  item->json = std::move(json);
  budget_used_ += item->footprint;
  const ear_resp id = next_id_++;
  held_.emplace(id, std::move(item));
  return id;
}

std::size_t PluginCall::footprint(const HttpResponse& response, const JsonDocument* json) {
  return response.body.size() + (json == nullptr ? 0 : json->footprint());
}

const PluginCall::Held* PluginCall::held(ear_resp id) const {
  const auto found = held_.find(id);
  return found == held_.end() ? nullptr : found->second.get();
}

}  // namespace earshot::core
