#pragma once

/// Recorded exchanges (HAR 1.2) that stand in for a product.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <earshot/core/http/transport.hpp>
#include <earshot/core/runtime/loop.hpp>

namespace earshot::core {

/// One exchange as it was recorded.
struct RecordedExchange {
  std::string method;
  std::string url;
  std::string body;  ///< Of the request; one that holds "REDACTED" stands for any.
  HttpResponse response;
};

/// The exchanges of a file in their order. Fails the test where the file is no HAR.
[[nodiscard]] std::vector<RecordedExchange> read_cassette(const std::filesystem::path& file);

/// Plays exchanges back in their order. A request that is not the one recorded next fails like a
/// refused connection and is noted. [one thread at a time]
class CassettePlayer {
 public:
  explicit CassettePlayer(std::vector<RecordedExchange> exchanges)
      : exchanges_(std::move(exchanges)) {}

  [[nodiscard]] TransportResult play(const HttpRequest& request);

  /// Exchanges that nobody asked for yet.
  [[nodiscard]] std::size_t left() const noexcept { return exchanges_.size() - next_; }
  /// Every request that was not the expected one, and what was expected.
  [[nodiscard]] const std::vector<std::string>& strays() const noexcept { return strays_; }
  /// Every request that came, in order.
  [[nodiscard]] const std::vector<HttpRequest>& requests() const noexcept { return requests_; }

 private:
  std::vector<RecordedExchange> exchanges_;
  std::size_t next_ = 0;
  std::vector<std::string> strays_;
  std::vector<HttpRequest> requests_;
};

/// A Transport over a player, which outlives it.
class CassetteTransport final : public Transport {
 public:
  CassetteTransport(Loop& loop, CassettePlayer& player) noexcept : loop_(loop), player_(player) {}
  [[nodiscard]] std::unique_ptr<Exchange> send(HttpRequest request, Done done) override;

 private:
  Loop& loop_;
  CassettePlayer& player_;
};

}  // namespace earshot::core
