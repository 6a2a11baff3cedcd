#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/http/faulty.hpp>

#include "deferred.hpp"

namespace earshot::core {
namespace {

TransportResult broken(const HttpRequest& request, std::string_view how, SentState sent) {
  Error error{.code = Code::network,
              .message = fmt::format("{} {}", request.origin.authority(), how)};
  return {.response = std::nullopt,
          .error = TransportError{.error = std::move(error), .sent = sent}};
}

}  // namespace

FaultyTransport::FaultyTransport(Loop& loop, Transport& behind, std::vector<Fault> script)
    : loop_(loop),
      behind_(behind),
      script_(std::move(script)),
      last_(std::make_shared<std::optional<HttpResponse>>()) {}

FaultyTransport::~FaultyTransport() = default;

bool FaultyTransport::exhausted() const noexcept {
  return std::all_of(script_.begin(), script_.end(),
                     [](const Fault& fault) { return fault.times == 0; });
}

Fault FaultyTransport::next_fault(const HttpRequest& request) {
  for (Fault& fault : script_) {
    if (fault.times == 0 || !glob_match(fault.target, request.target)) continue;
    --fault.times;
    return fault;
  }
  return {};
}

std::unique_ptr<Transport::Exchange> FaultyTransport::send(HttpRequest request, Done done) {
  Fault fault = next_fault(request);
  switch (fault.kind) {
    case Fault::Kind::pass: break;
    case Fault::Kind::truncate: return pass(std::move(request), std::move(done), true);
    case Fault::Kind::refuse:
      return give(Micros(0), broken(request, "refused the connection", SentState::not_sent),
                  std::move(done));
    case Fault::Kind::reset:
      return give(Micros(0), broken(request, "reset the connection", SentState::maybe),
                  std::move(done));
    case Fault::Kind::timeout:
      return give(request.timeouts.first_byte,
                  broken(request, "did not begin to answer in time", SentState::maybe),
                  std::move(done));
    case Fault::Kind::status:
      return give(Micros(0), {.response = std::move(fault.reply), .error = std::nullopt},
                  std::move(done));
    case Fault::Kind::repeat_answer:
      if (!*last_) break;
      return give(Micros(0), {.response = *last_, .error = std::nullopt}, std::move(done));
  }
  return pass(std::move(request), std::move(done), false);
}

std::unique_ptr<Transport::Exchange> FaultyTransport::pass(HttpRequest request, Done done,
                                                           bool truncated) {
  return behind_.send(std::move(request), [last = last_, truncated,
                                           told = std::move(done)](TransportResult result) mutable {
    if (result.response && result.response->status / 100 == 2) *last = result.response;
    if (result.response && truncated) {
      result.response->body.resize(result.response->body.size() / 2);
    }
    Done now = std::move(told);  // may destroy the exchange, and this function with it
    now(std::move(result));
  });
}

std::unique_ptr<Transport::Exchange> FaultyTransport::give(Micros delay, TransportResult result,
                                                           Done done) {
  return std::make_unique<DeferredExchange>(loop_, delay, std::move(result), std::move(done));
}

}  // namespace earshot::core
