#pragma once

/// What a cassette answers where a plugin under test asks.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <earshot/abi.h>
#include <earshot/sdk/testing/cassette.hpp>
#include <earshot/sdk/testing/outcome.hpp>
#include <earshot/sdk/text.hpp>

namespace earshot::sdk::testing {

/// What the host makes of a status where no rule of a manifest says otherwise.
[[nodiscard]] inline Code code_of(int status) noexcept {
  if (status >= 200 && status < 300) return Code::ok;
  switch (status) {
    case 304: return Code::ok;
    case 401: return Code::auth;
    case 403: return Code::forbidden;
    case 404:
    case 410: return Code::not_found;
    case 409: return Code::conflict;
    case 429: return Code::rate_limited;
    default: return Code::upstream;
  }
}

[[nodiscard]] inline Sent sent(const ear_request& request) {
  std::string target(view(request.path));
  if (const std::size_t scheme = target.find("://"); scheme < target.find('/')) {
    target.erase(0, std::min(target.find('/', scheme + 3), target.size()));
  }
  for (std::uint64_t i = 0; i < request.query_count; ++i) {
    target += target.find('?') == target.npos ? '?' : '&';
    target += percent_encode(view(request.query[i].key)) + "=" +
              percent_encode(view(request.query[i].value));
  }
  Sent made{std::string(view(request.method)), std::move(target), {}};
  if (request.part_count != 0) {
    const ear_bytes body = request.parts[0].bytes;
    made.body.assign(reinterpret_cast<const char*>(body.data), body.size);
  }
  return made;
}

/// A recorded answer, or null where there is none.
struct Played {
  const Answer* answer = nullptr;
  std::uint32_t attempts = 1;
};

/// Asks again where the answer is 429 or 5xx and the cassette has another, three times.
[[nodiscard]] inline Played play(Cassette& cassette, const Sent& asked) {
  constexpr std::uint32_t kRetries = 3;
  Played played{cassette.answer(asked.method, asked.target)};
  while (played.answer != nullptr &&
         (played.answer->status == 429 || played.answer->status >= 500) &&
         played.attempts <= kRetries && cassette.has_more(asked.method, asked.target)) {
    played.answer = cassette.answer(asked.method, asked.target);
    ++played.attempts;
  }
  return played;
}

}  // namespace earshot::sdk::testing
