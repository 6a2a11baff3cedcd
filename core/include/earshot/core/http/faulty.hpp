#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <earshot/core/http/transport.hpp>
#include <earshot/core/runtime/loop.hpp>

namespace earshot::core {

/// What happens to the next requests that it is for.
struct Fault {
  enum class Kind {
    pass,           ///< Nothing: the request goes through.
    refuse,         ///< No connection: Code::network, not sent.
    reset,          ///< The connection breaks after sending: Code::network, maybe sent.
    timeout,        ///< As reset, once the request's first_byte time-out has passed.
    status,         ///< `reply` is the answer; nothing is asked of the transport behind.
    truncate,       ///< The answer comes, its body cut to the half.
    repeat_answer,  ///< The last 2xx answer that came from behind comes again instead.
  };
  Kind kind = Kind::pass;
  std::size_t times = 1;     ///< Requests it is good for.
  std::string target = "*";  ///< Glob over path and query of the requests it is for.
  HttpResponse reply{};      ///< For Kind::status.
};

/// Puts faults between a caller and a transport, by script: each request is met by the first fault
/// that is for it and not used up, and goes through where there is none. The same script and the
/// same requests always give the same faults. [one thread at a time] of its loop.
class FaultyTransport final : public Transport {
 public:
  /// `behind` outlives this.
  FaultyTransport(Loop& loop, Transport& behind, std::vector<Fault> script);
  ~FaultyTransport() override;
  [[nodiscard]] std::unique_ptr<Exchange> send(HttpRequest request, Done done) override;

  /// True once every fault has been used up.
  [[nodiscard]] bool exhausted() const noexcept;

 private:
  [[nodiscard]] Fault next_fault(const HttpRequest& request);
  [[nodiscard]] std::unique_ptr<Exchange> pass(HttpRequest request, Done done, bool truncated);
  [[nodiscard]] std::unique_ptr<Exchange> give(Micros delay, TransportResult result, Done done);

  Loop& loop_;
  Transport& behind_;
  std::vector<Fault> script_;
  /// Shared with the exchanges under way, which may end after this.
  std::shared_ptr<std::optional<HttpResponse>> last_;
};

}  // namespace earshot::core
