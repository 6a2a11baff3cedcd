#include "control.hpp"

#include <future>
#include <utility>

#include <gtest/gtest.h>

namespace earshot::scenario {

namespace {

std::unique_ptr<core::JsonDocument> document_of(const core::HttpResponse& response) {
  auto document = core::JsonDocument::parse(response.body);
  EXPECT_TRUE(document) << response.body.substr(0, 200);
  if (!document) return core::JsonDocument::parse("{}").value();
  return std::move(document.value());
}

}  // namespace

Control::Control(const std::string& base_url) : loop_(clock_, "control") {
  const auto url = core::parse_url(base_url);
  EXPECT_TRUE(url) << base_url;
  if (url) origin_ = url->origin;
  client_ = std::make_unique<core::HttpClient>(loop_, core::HttpClientOptions{});
}

Control::~Control() {
  client_.reset();
}

std::unique_ptr<core::JsonDocument> Control::get(const std::string& target,
                                                 core::HttpHeaders headers) {
  return document_of(
      send({.method = "GET", .origin = origin_, .target = target, .headers = std::move(headers)}));
}

std::unique_ptr<core::JsonDocument> Control::post(const std::string& target, std::string body,
                                                  core::HttpHeaders headers) {
  headers.add("Content-Type", "application/json");
  return document_of(send({.method = "POST",
                           .origin = origin_,
                           .target = target,
                           .headers = std::move(headers),
                           .body = std::move(body)}));
}

void Control::remove(const std::string& target) {
  send({.method = "DELETE", .origin = origin_, .target = target});
}

core::HttpResponse Control::send(core::HttpRequest request) {
  const std::string what = request.method + " " + request.target;
  std::promise<core::TransportResult> promise;
  std::unique_ptr<core::Transport::Exchange> exchange;
  loop_.post([&] {
    exchange = client_->send(std::move(request), [&promise](core::TransportResult result) {
      promise.set_value(std::move(result));
    });
  });
  core::TransportResult result = promise.get_future().get();
  std::promise<void> released;
  loop_.post([&] {
    exchange.reset();
    released.set_value();
  });
  released.get_future().wait();
  EXPECT_TRUE(result.response) << what;
  if (!result.response) return {};
  EXPECT_EQ(result.response->status / 100, 2) << what << ": " << result.response->body;
  return *std::move(result.response);
}

}  // namespace earshot::scenario
