#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/http/cassette.hpp>

#include "deferred.hpp"

namespace earshot::core {
namespace {

/// What requests are matched by: method, path and the sorted parameters, percent-decoded.
std::vector<std::string> match_key(std::string_view method, std::string_view target) {
  const std::size_t question = std::min(target.find('?'), target.size());
  std::vector<std::string> key;
  for (const std::string_view parameter : split(target.substr(question), '&')) {
    const std::string_view bare = parameter.starts_with('?') ? parameter.substr(1) : parameter;
    if (!bare.empty()) key.push_back(percent_decode(bare));
  }
  std::sort(key.begin(), key.end());
  key.insert(key.begin(), {std::string(method), percent_decode(target.substr(0, question))});
  return key;
}

}  // namespace

struct CassetteTransport::Slot {
  std::vector<std::string> key;
  CassetteEntry entry;
  bool used = false;
};

CassetteTransport::CassetteTransport(Loop& loop, std::vector<CassetteEntry> entries) : loop_(loop) {
  slots_.reserve(entries.size());
  for (CassetteEntry& entry : entries) {
    auto key = match_key(entry.method, entry.target);
    slots_.push_back({.key = std::move(key), .entry = std::move(entry), .used = false});
  }
}

CassetteTransport::~CassetteTransport() = default;

std::unique_ptr<Transport::Exchange> CassetteTransport::send(HttpRequest request, Done done) {
  TransportResult result = answer(request);
  log_.push_back(std::move(request));
  return std::make_unique<DeferredExchange>(loop_, Micros(0), std::move(result), std::move(done));
}

TransportResult CassetteTransport::answer(const HttpRequest& request) {
  const auto key = match_key(request.method, request.target);
  Slot* match = nullptr;
  for (Slot& slot : slots_) {
    if (slot.key != key) continue;
    match = &slot;
    if (!slot.used) break;
  }
  if (match != nullptr) {
    match->used = true;
    return {.response = match->entry.response, .error = std::nullopt};
  }
  Error error{.code = Code::network,
              .message = fmt::format("no recorded answer for {} {}; record it or correct the "
                                     "request",
                                     request.method, request.target)};
  return {.response = std::nullopt,
          .error = TransportError{.error = std::move(error), .sent = SentState::not_sent}};
}

std::vector<std::string> CassetteTransport::unused() const {
  std::vector<std::string> names;
  for (const Slot& slot : slots_) {
    if (!slot.used) names.push_back(fmt::format("{} {}", slot.entry.method, slot.entry.target));
  }
  return names;
}

}  // namespace earshot::core
