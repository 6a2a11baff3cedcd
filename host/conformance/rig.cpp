#include "conformance/rig.hpp"

#include <chrono>
#include <ctime>
#include <future>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/json/writer.hpp>

#include "conformance/child.hpp"
#include "conformance/rig_visit.hpp"

namespace earshot::conformance {

using core::JsonDocument;
using core::Result;

namespace {

constexpr std::chrono::milliseconds kLook{1};
constexpr core::Micros kStep = std::chrono::seconds(1);
constexpr std::size_t kThreads = 2;  ///< For a visit inside of a visit.
constexpr std::size_t kStack = std::size_t{1} << 20;

/// The real host opens and closes this; what it calls between is ours.
ear_rc open_nothing(const ear_host* /*host*/, ear_call* /*call*/, ear_instance** out) {
  *out = nullptr;
  return EAR_OK;
}
void close_nothing(ear_instance* /*instance*/) {}

/// The configuration as the plugin may read it.
Result<std::shared_ptr<const JsonDocument>> readable_config(
    const core::IntegrationSettings& settings, const core::Manifest& manifest) {
  core::JsonWriter out;
  out.begin_object();
  for (const core::JsonValue member : settings.config->root()) {
    out.key(member.key());
    out.value(member);
  }
  for (const std::string& name : manifest.reads_secrets) {
    const auto secret = settings.credentials.find(name);
    if (secret != settings.credentials.end()) out.member(name, secret->second.reveal());
  }
  out.end_object();
  EAR_TRY(auto document, JsonDocument::parse(out.take()));
  return std::shared_ptr<const JsonDocument>(std::move(document));
}

core::ProductAccount account_of(const core::IntegrationSettings& settings,
                                const core::Manifest& manifest) {
  core::ProductAccount account;
  account.integration = settings.name;
  account.manifest = &manifest;
  for (const core::JsonValue member : settings.config->root()) {
    if (!member.text().empty()) account.config.emplace(member.key(), member.text());
  }
  account.credentials = settings.credentials;
  account.base_url = settings.base_url;
  return account;
}

std::string apart(const char* what, const std::vector<std::string>& expected,
                  const std::vector<std::string>& found) {
  if (expected == found) return {};
  std::size_t i = 0;
  while (i < expected.size() && i < found.size() && expected[i] == found[i]) ++i;
  const auto at = [i](const std::vector<std::string>& list) {
    return i < list.size() ? "`" + list[i].substr(0, 160) + "`" : std::string("nothing");
  };
  return fmt::format("{} {} is {}, not {}", what, i + 1, at(found), at(expected));
}

}  // namespace

std::string otherwise(const Deeds& expected, const Deeds& found) {
  for (std::string text : {apart("request", expected.requests, found.requests),
                           apart("item", expected.emitted, found.emitted),
                           apart("cursor", expected.cursors, found.cursors)}) {
    if (!text.empty()) return text;
  }
  return {};
}

std::string code_name(ear_rc rc) {
  return fmt::format("'{}' ({})", to_string(static_cast<core::Code>(rc)), rc);
}

bool is_sticky(ear_rc rc) noexcept {
  return rc == EAR_CANCELLED || rc == EAR_DEADLINE || rc == EAR_YIELDED || rc == EAR_SINK_CLOSED;
}

core::Micros processor_time() {
  struct ::timespec time {};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) +
         std::chrono::duration_cast<core::Micros>(std::chrono::nanoseconds(time.tv_nsec));
}

// ---- Visit ----

Visit::Visit(const Rig& rig, Manner manner)
    : rig_(rig), manner_(std::move(manner)), notebook_(std::make_unique<Notebook>(deeds_)) {
  if (manner_.guards) loans_ = std::make_unique<Loans>(*manner_.guards);
}

Visit::~Visit() = default;

ear_rc Visit::operate(const std::function<ear_rc(ear_call*)>& operation) {
  Handle& handle = handles_.emplace_back(Handle{.visit = this});
  slice_begun_ = processor_time();
  deeds_.rc = operation(reinterpret_cast<ear_call*>(&handle));
  deeds_.longest_slice = std::max(deeds_.longest_slice, processor_time() - slice_begun_);
  handle.over = true;
  if (loans_) loans_->call_in_all();
  return deeds_.rc;
}

ear_rc Visit::open() {
  return operate(
      [this](ear_call* call) { return rig_.plugin().open(&rig_.host(), call, &instance_); });
}

ear_rc Visit::authenticate() {
  return operate([this](ear_call* call) { return rig_.plugin().authenticate(instance_, call); });
}

ear_rc Visit::fetch() {
  const ear_fetch plain{.size = sizeof(ear_fetch),
                        .flags = 0,
                        .from = EAR_TIME_NONE,
                        .to = EAR_TIME_NONE,
                        .limit = 0};
  const ear_fetch* fetch = &plain;
  if (loans_) {
    fetch = static_cast<const ear_fetch*>(loans_->lend(
        &plain, sizeof plain, alignof(ear_fetch), Loans::Kind::argument, "its `ear_fetch`", 0));
  }
  return operate([this, fetch](ear_call* call) {
    return rig_.plugin().fetch_feedback(instance_, call, fetch);
  });
}

void Visit::close() {
  closing_ = true;
  rig_.plugin().close(instance_);
  closing_ = false;
  instance_ = nullptr;
}

// ---- Rig ----

Result<std::unique_ptr<Rig>> Rig::open(const Subject& subject, const ear_host* host) {
  std::unique_ptr<Rig> rig(new Rig(subject, host == nullptr ? rig_host() : *host));
  EAR_TRY(rig->settings_, subject.settings());
  EAR_TRY(rig->config_, readable_config(rig->settings_, subject.manifest()));
  rig->account_ = account_of(rig->settings_, subject.manifest());
  EAR_TRY(const Library library, load_library(subject.file().path));
  EAR_TRY(rig->table_, plugin_table(library, *rig->host_));
  return rig;
}

Rig::Rig(const Subject& subject, const ear_host& host)
    : subject_(subject),
      host_(&host),
      clock_(subject.recorded_at()),
      log_(core::LogOptions{.level = core::LogLevel::off}),
      loop_(clock_, "rig"),
      pool_("plugin", kThreads, kStack) {
  stub_.size = sizeof stub_;
  stub_.open = open_nothing;
  stub_.close = close_nothing;
  loaded_ = {.file = subject.file(), .table = &stub_};
}

Rig::~Rig() = default;

Deeds Rig::visit(PlayedProduct& product, Manner manner, std::function<void(Visit&)> body) const {
  std::shared_ptr<const JsonDocument> config = config_;
  if (!manner.config.empty()) {
    if (auto other = JsonDocument::parse(manner.config)) config = *std::move(other);
  }
  Visit visit(*this, std::move(manner));
  const auto transport = transport_to(loop_, product);
  core::RateLimiter limiter({});
  core::ProductClient client(loop_, *transport, limiter, log_, account_, subject_.seed());
  core::CallContext context{.plugin = &loaded_,
                            .integration = settings_.name,
                            .loop = &loop_,
                            .log = &log_,
                            .client = &client,
                            .sink = visit.notebook_.get(),
                            .secrets = visit.notebook_.get(),
                            .config = std::move(config)};
  std::promise<void> promise;
  auto ended = promise.get_future();
  loop_.post([&] {
    core::PluginCall::start(
        std::move(context), pool_,
        [&](const ear_plugin&, ear_instance*, ear_call* call) {
          visit.inner_ = call;
          body(visit);
          return ear_rc{EAR_OK};
        },
        [&promise](core::CallOutcome) { promise.set_value(); });
  });
  wait_for(ended);
  std::promise<void> settled;  // what the real host does behind `done`
  auto over = settled.get_future();
  loop_.post([&settled] { settled.set_value(); });
  over.wait();
  return std::move(visit.deeds_);
}

void Rig::wait_for(const std::future<void>& ended) const {
  const auto deadline = std::chrono::steady_clock::now() + longest_call();
  while (ended.wait_for(kLook) != std::future_status::ready) {
    if (std::chrono::steady_clock::now() > deadline) {
      end_case({Outcome::hang,
                fmt::format("a call did not come back within {} s", longest_call().count())});
    }
    clock_.advance(kStep);
  }
}

Deeds Rig::operate(const Recording& recording, Manner manner, ear_rc (Visit::*operation)()) const {
  PlayedProduct product(recording, subject_.corpus());
  return visit(product, std::move(manner), [operation](Visit& visit) {
    if (visit.open() != EAR_OK) return;
    const ear_rc rc = (visit.*operation)();
    visit.close();
    visit.deeds().rc = rc;
  });
}

Deeds Rig::fetch(Manner manner) const {
  return fetch_from(subject_.good("first_run"), std::move(manner));
}

Deeds Rig::fetch_from(const Recording& recording, Manner manner) const {
  return operate(recording, std::move(manner), &Visit::fetch);
}

Deeds Rig::authenticate(Manner manner) const {
  return operate(subject_.good("authenticate"), std::move(manner), &Visit::authenticate);
}

}  // namespace earshot::conformance
