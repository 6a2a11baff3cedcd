#include "account_loops.hpp"

#include <algorithm>
#include <functional>
#include <future>

#include <fmt/format.h>

namespace earshot::core {

namespace {

/// The bounds are the host's; each loop keeps to its part of them.
HttpClientOptions share_of_loop(HttpClientOptions http, std::size_t loops) {
  http.max_connections = std::max<std::size_t>(http.max_connections / loops, 1);
  http.max_connections_per_host = std::max<std::size_t>(http.max_connections_per_host / loops, 1);
  http.share = share_connections(http.max_connections);
  return http;
}

}  // namespace

AccountLoops::AccountLoops(const EngineOptions& options) : resolver_(share_resolver()) {
  LoopAccounts::MakeTransport make_transport = options.transport;
  if (!make_transport) {
    make_transport = [](Loop& loop, const HttpClientOptions& http) -> std::unique_ptr<Transport> {
      return std::make_unique<HttpClient>(loop, http);
    };
  }
  HttpClientOptions http = options.http;
  http.resolver = resolver_;
  const std::size_t count = std::max<std::size_t>(options.loops, 1);
  for (std::size_t i = 0; i < count; ++i) {
    loops_.push_back(std::make_unique<Loop>(*options.clock, fmt::format("loop-{}", i)));
    accounts_.push_back(
        std::make_unique<LoopAccounts>(*loops_.back(), share_of_loop(http, count), make_transport));
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
