#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <earshot/core/http/transport.hpp>
#include <earshot/core/runtime/loop.hpp>

#include "conformance/positions.hpp"
#include "conformance/recording.hpp"

namespace earshot::conformance {

/// What comes back for a request, and how long it takes.
struct Answer {
  core::TransportResult result{};
  core::Micros delay{0};
};
[[nodiscard]] Answer answer_with(int status, std::string body,
                                 std::string content_type = "application/json");
/// The connection breaks once the request is sent.
[[nodiscard]] Answer broken_connection();
/// No answer comes in time.
[[nodiscard]] Answer timed_out();
/// The answer is larger than the host takes, as it comes or unpacked.
[[nodiscard]] Answer oversized();

/// Plays the product's part from recorded exchanges.
///
/// A request is answered by the exchange that is nearest to it among those of its method and path:
/// in query and, where it is JSON, in body. What the product hands out (a page's token) must be as
/// recorded; a page size or a time may differ. Of several that are as near, the first unused one,
/// or the last. A request without an answer fails as if the product were not there. [one thread at
/// a time]
class PlayedProduct {
 public:
  /// Asked first; `number` counts requests from 1. Nothing: the recording answers.
  using Script = std::function<std::optional<Answer>(std::size_t number, const core::HttpRequest&)>;

  /// `corpus` is what the product may have handed out: Subject::corpus().
  PlayedProduct(Recording recording, const std::string& corpus, Script script = {});

  [[nodiscard]] Answer answer(const core::HttpRequest& request);

  [[nodiscard]] const std::vector<core::HttpRequest>& requests() const noexcept {
    return requests_;
  }
  /// Requests that the recording has no answer to, as "GET /path".
  [[nodiscard]] const std::vector<std::string>& unrecorded() const noexcept { return unrecorded_; }
  /// Recorded exchanges that nobody asked for, as "GET /path".
  [[nodiscard]] std::vector<std::string> unused() const;
  /// Recorded exchanges that were asked for.
  [[nodiscard]] Recording answered() const;
  /// How many requests there were so far. [thread-safe]
  [[nodiscard]] std::size_t count() const noexcept { return count_.load(); }
  /// True once there were so many requests that no end is to be expected.
  [[nodiscard]] bool endless() const noexcept { return requests_.size() > kMostRequests; }

 private:
  static constexpr std::size_t kMostRequests = 1000;
  struct Slot {
    std::string place;  ///< "GET /path"
    Words words;
    core::CassetteEntry entry;
    bool used = false;
  };

  [[nodiscard]] Slot* nearest(const std::string& place, const Words& words);
  [[nodiscard]] int distance(const Slot& slot, const Words& words) const;
  [[nodiscard]] bool is_position(const std::string& place, const std::string& name) const {
    return positions_.contains(place + " " + name);
  }

  std::vector<Slot> slots_;
  std::set<std::string> positions_;  ///< Words whose values say where in the data one is.
  Script script_;
  std::vector<core::HttpRequest> requests_;
  std::vector<std::string> unrecorded_;
  std::atomic<std::size_t> count_{0};
};

/// A transport to a product that outlives it.
[[nodiscard]] std::unique_ptr<core::Transport> transport_to(core::Loop& loop,
                                                            PlayedProduct& product);

}  // namespace earshot::conformance
