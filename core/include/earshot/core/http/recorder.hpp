#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/http/transport.hpp>

namespace earshot::core {

/// One exchange as it went over the wire, credentials and all.
struct RecordedExchange {
  HttpRequest request;
  HttpResponse response;
  Time at;  ///< When it was asked.
};

/// Passes everything on and tells of each exchange that was answered. [one thread at a time] of its
/// loop.
class RecordingTransport final : public Transport {
 public:
  using Keep = std::function<void(RecordedExchange)>;
  RecordingTransport(std::unique_ptr<Transport> behind, const Clock& clock, Keep keep);
  ~RecordingTransport() override;
  [[nodiscard]] std::unique_ptr<Exchange> send(HttpRequest request, Done done) override;

 private:
  std::unique_ptr<Transport> behind_;
  const Clock& clock_;
  Keep keep_;
};

/// The exchanges as HAR 1.2, which load_cassette reads. Of the request's headers only what
/// describes its body is in it, of the answer's all but cookies and those about framing. Whatever
/// else is secret is the caller's to mask.
[[nodiscard]] std::string write_cassette(const std::vector<RecordedExchange>& exchanges,
                                         std::string_view comment);

}  // namespace earshot::core
