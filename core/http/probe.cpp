#include <future>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/http/client.hpp>
#include <earshot/core/runtime/loop.hpp>

#include "exchange.hpp"
#include "pool.hpp"

namespace earshot::core {
namespace {

/// One GET on a loop of its own, with the time that each stage took. [one thread at a time]: after
/// the construction everything happens on the loop, until finished() is ready.
class Probe {
 public:
  Probe(Loop& loop, HttpClientOptions options)
      : pool_(loop, std::move(options)), begun_(loop.clock().tick()) {
    pool_.shared().on_stage = [this](std::string_view stage, std::string detail) {
      note(stage, true, std::move(detail));
    };
  }

  void start(const Url& url) {
    secure_ = url.origin.scheme == "https";
    HttpRequest request{.origin = url.origin, .target = url.target};
    exchange_ = std::make_unique<HttpExchange>(
        pool_, std::move(request), [this](TransportResult result) { end(std::move(result)); });
    exchange_->begin();
  }
  [[nodiscard]] std::future<std::vector<ProbeStage>> finished() {
    return stages_told_.get_future();
  }

 private:
  void end(TransportResult result) {
    if (result.response) {
      note("http", true,
           fmt::format("status {}, {} bytes", result.response->status,
                       result.response->body.size()));
    } else {
      note(next_stage(), false, std::move(result.error->error.message));
    }
    stages_told_.set_value(std::move(stages_));
  }

  /// The one that was under way: behind the last that is through.
  [[nodiscard]] std::string_view next_stage() const {
    if (stages_.empty()) return "dns";
    if (stages_.back().name == "dns") return "tcp";
    return stages_.back().name == "tcp" && secure_ ? "tls" : "http";
  }

  void note(std::string_view stage, bool ok, std::string detail) {
    const Tick now = pool_.loop().clock().tick();
    stages_.push_back({.name = std::string(stage),
                       .ok = ok,
                       .detail = std::move(detail),
                       .took = now - std::exchange(begun_, now)});
  }

  ConnectionPool pool_;
  Tick begun_;
  bool secure_ = false;
  std::unique_ptr<HttpExchange> exchange_;
  std::vector<ProbeStage> stages_;
  std::promise<std::vector<ProbeStage>> stages_told_;
};

}  // namespace

std::vector<ProbeStage> probe_connection(const Url& url, const HttpClientOptions& options) {
  SystemClock clock;
  Loop loop(clock, "probe");
  auto probe = std::make_unique<Probe>(loop, options);
  auto finished = probe->finished();
  loop.post([&] { probe->start(url); });
  auto stages = finished.get();
  std::promise<void> gone;
  loop.post([&] {
    probe.reset();
    gone.set_value();
  });
  gone.get_future().wait();
  return stages;
}

}  // namespace earshot::core
