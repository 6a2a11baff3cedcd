#pragma once

#include <algorithm>
#include <functional>
#include <list>
#include <optional>
#include <utility>

#include <earshot/core/product/product_client.hpp>

namespace earshot::core {

/// The requests of a client that wait at this moment. [one thread at a time]
class Waits {
 public:
  using Entry = std::list<TrafficWait>::iterator;

  Entry begin(TrafficWait wait) {
    const auto entry = waits_.insert(waits_.end(), std::move(wait));
    if (observer_) observer_();
    return entry;
  }
  void end(Entry entry) { waits_.erase(entry); }

  [[nodiscard]] std::optional<TrafficWait> first() const {
    const auto found = std::min_element(
        waits_.begin(), waits_.end(),
        [](const TrafficWait& a, const TrafficWait& b) { return a.until < b.until; });
    return found == waits_.end() ? std::nullopt : std::optional(*found);
  }
  void observe(std::function<void()> observer) { observer_ = std::move(observer); }

 private:
  std::list<TrafficWait> waits_;
  std::function<void()> observer_;
};

}  // namespace earshot::core
