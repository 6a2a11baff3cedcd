#include <future>
#include <utility>

#include <earshot/core/http/client.hpp>

#include "pool.hpp"

namespace earshot::core {

std::shared_ptr<ConnectionShare> share_connections(std::size_t most) {
  return std::make_shared<ConnectionShare>(most);
}

class HttpClient::Impl {
 public:
  Impl(Loop& loop, HttpClientOptions options) : pool(loop, std::move(options)) {}
  ConnectionPool pool;
};

HttpClient::HttpClient(Loop& loop, HttpClientOptions options)
    : impl_(std::make_unique<Impl>(loop, std::move(options))) {}

HttpClient::~HttpClient() {
  Loop& loop = impl_->pool.loop();
  if (loop.is_current()) return;
  std::promise<void> gone;
  loop.post([this, &gone] {
    impl_.reset();
    gone.set_value();
  });
  gone.get_future().wait();
}

std::unique_ptr<Transport::Exchange> HttpClient::send(HttpRequest request, Done done) {
  auto exchange = std::make_unique<HttpExchange>(impl_->pool, std::move(request), std::move(done));
  exchange->begin();
  return exchange;
}

}  // namespace earshot::core
