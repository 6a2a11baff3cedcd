#include "support/cassette.hpp"

#include <utility>

#include <gtest/gtest.h>

#include <earshot/core/base/file.hpp>
#include <earshot/core/json/document.hpp>

namespace earshot::core {
namespace {

/// Alive as long as somebody waits for the answer.
class PlayedExchange final : public Transport::Exchange {
 public:
  [[nodiscard]] std::weak_ptr<bool> alive() const { return alive_; }

 private:
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

RecordedExchange exchange_of(JsonValue entry) {
  const JsonValue response = entry.at("/response");
  RecordedExchange exchange{.method = std::string(entry.at("/request/method").text()),
                            .url = std::string(entry.at("/request/url").text()),
                            .body = std::string(entry.at("/request/postData/text").text()),
                            .response = {}};
  exchange.response.status = static_cast<int>(response.at("/status").integer().value_or(0));
  exchange.response.body = response.at("/content/text").text();
  for (const JsonValue header : response.at("/headers")) {
    exchange.response.headers.add(std::string(header.member("name").text()),
                                  std::string(header.member("value").text()));
  }
  return exchange;
}

bool is_same_body(const std::string& recorded, const std::string& sent) {
  return recorded == sent || recorded.find("REDACTED") != std::string::npos;
}

}  // namespace

std::vector<RecordedExchange> read_cassette(const std::filesystem::path& file) {
  std::vector<RecordedExchange> exchanges;
  auto text = read_file(file, 16ULL << 20);
  if (!text) {
    ADD_FAILURE() << text.error().message;
    return exchanges;
  }
  const auto document = JsonDocument::parse(std::move(text).value());
  if (!document) {
    ADD_FAILURE() << file << ": " << document.error().message;
    return exchanges;
  }
  const JsonValue log = document.value()->root().member("log");
  EXPECT_EQ(log.member("version").text(), "1.2") << file;
  for (const JsonValue entry : log.member("entries")) exchanges.push_back(exchange_of(entry));
  EXPECT_FALSE(exchanges.empty()) << file;
  return exchanges;
}

TransportResult CassettePlayer::play(const HttpRequest& request) {
  requests_.push_back(request);
  const std::string url =
      request.origin.scheme + "://" + request.origin.authority() + request.target;
  if (next_ < exchanges_.size()) {
    const RecordedExchange& expected = exchanges_[next_];
    if (expected.method == request.method && expected.url == url &&
        is_same_body(expected.body, request.body)) {
      ++next_;
      return {.response = expected.response, .error = {}};
    }
  }
  const std::string wanted = next_ < exchanges_.size()
                                 ? exchanges_[next_].method + " " + exchanges_[next_].url
                                 : "nothing more";
  strays_.push_back(request.method + " " + url + " " + request.body + ", expected " + wanted);
  return {.response = {},
          .error = TransportError{.error = {.code = Code::network, .message = strays_.back()},
                                  .sent = SentState::maybe}};
}

std::unique_ptr<Transport::Exchange> CassetteTransport::send(HttpRequest request, Done done) {
  auto exchange = std::make_unique<PlayedExchange>();
  loop_.post([result = player_.play(request), done = std::move(done),
              alive = exchange->alive()]() mutable {
    if (alive.lock() != nullptr) done(std::move(result));
  });
  return exchange;
}

}  // namespace earshot::core
