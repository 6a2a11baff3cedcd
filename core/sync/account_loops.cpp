#include "account_loops.hpp"

#include <algorithm>
#include <functional>
#include <future>

#include <fmt/format.h>

namespace earshot::core {

AccountLoops::AccountLoops(const EngineOptions& options) {
  LoopAccounts::MakeTransport make_transport = options.transport;
  if (!make_transport) {
    make_transport = [](Loop& loop, const HttpClientOptions& http) -> std::unique_ptr<Transport> {
      return std::make_unique<HttpClient>(loop, http);
    };
  }
  for (std::size_t i = 0; i < std::max<std::size_t>(options.loops, 1); ++i) {
    loops_.push_back(std::make_unique<Loop>(*options.clock, fmt::format("loop-{}", i)));
    accounts_.push_back(
        std::make_unique<LoopAccounts>(*loops_.back(), options.http, make_transport));
  }
}

AccountLoops::~AccountLoops() {
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    std::promise<void> gone;
    loops_[i]->post([&] {
      accounts_[i].reset();
      gone.set_value();
    });
    gone.get_future().wait();
  }
}

AccountLoops::Place AccountLoops::place_of(const std::string& account_key) const {
  const std::size_t index = std::hash<std::string>{}(account_key) % loops_.size();
  return {*loops_[index], *accounts_[index]};
}

}  // namespace earshot::core
