#pragma once

#include <utility>

#include <earshot/core/http/transport.hpp>
#include <earshot/core/runtime/loop.hpp>

namespace earshot::core {

/// An exchange whose outcome is known and is told after a delay. [one thread at a time]
class DeferredExchange final : public Transport::Exchange {
 public:
  DeferredExchange(Loop& loop, Micros delay, TransportResult result, Transport::Done done)
      : loop_(loop), result_(std::move(result)), done_(std::move(done)) {
    timer_ = loop_.after(delay, [this] {
      timer_ = 0;
      Transport::Done told = std::move(done_);  // may destroy this
      told(std::move(result_));
    });
  }
  ~DeferredExchange() override {
    if (timer_ != 0) loop_.cancel(timer_);
  }
  DeferredExchange(const DeferredExchange&) = delete;
  DeferredExchange& operator=(const DeferredExchange&) = delete;

 private:
  Loop& loop_;
  TransportResult result_;
  Transport::Done done_;
  TimerId timer_ = 0;
};

}  // namespace earshot::core
