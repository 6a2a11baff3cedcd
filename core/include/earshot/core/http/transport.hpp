#pragma once

#include <memory>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/base/result.hpp>
#include <earshot/core/http/message.hpp>

namespace earshot::core {

/// How far a failed exchange came, so that the retry policy knows what is safe to repeat.
enum class SentState {
  not_sent,  ///< No byte of the request reached the wire: refused, unresolved, TLS failed, pool
             ///< closed.
  maybe,     ///< Sent in part or whole; whether it was executed is unknown.
};

struct TransportError {
  Error error;  ///< network, limit, bad_data or cancelled
  SentState sent = SentState::not_sent;
};

/// Either a complete response or why there is none.
struct TransportResult {
  std::optional<HttpResponse> response;
  std::optional<TransportError> error;
};

/// Carries one request to a product and its answer back: over sockets, from a cassette, or with
/// faults in between. It does not retry, limit, authorize or follow redirects. [one thread at a
/// time]: belongs to one loop and calls back on it, never inside `send`.
class Transport {
 public:
  /// A request under way; destroying it cancels the exchange, whose callback then is never called.
  class Exchange {
   public:
    virtual ~Exchange() = default;
  };
  using Done = Callback<void(TransportResult)>;

  virtual ~Transport() = default;
  [[nodiscard]] virtual std::unique_ptr<Exchange> send(HttpRequest request, Done done) = 0;
};

}  // namespace earshot::core
