#include <algorithm>

#include <earshot/core/base/text.hpp>
#include <earshot/core/traffic/hold.hpp>
#include <earshot/core/traffic/retry.hpp>

namespace earshot::core {

Micros RetryPolicy::backoff(int attempt, Random& random) const {
  Micros span = std::min(base, cap);
  for (int i = 0; i < attempt && span < cap; ++i) span = std::min(span * 2, cap);
  return Micros(static_cast<std::int64_t>(
      random.below(static_cast<std::uint64_t>(std::max<std::int64_t>(span.count(), 0)))));
}

bool RetryPolicy::affords(std::uint64_t retries, std::uint64_t requests) const noexcept {
  return static_cast<double>(retries) <
         static_cast<double>(budget_floor) + budget_share * static_cast<double>(requests);
}

std::optional<Micros> retry_after(const HttpHeaders& headers, Time now) {
  const std::string_view text = trim(headers.get("retry-after"));
  if (text.empty()) return std::nullopt;
  if (text.find_first_not_of("0123456789") == std::string_view::npos) {
    const auto seconds = parse_integer(text);  // More digits than fit are absurdly many seconds.
    return seconds ? std::min<std::chrono::seconds>(std::chrono::seconds(*seconds), kLongestHold)
                   : kLongestHold;
  }
  const auto date = parse_http_date(text);
  if (!date) return std::nullopt;
  return std::clamp<Micros>(*date - now, Micros(0), kLongestHold);
}

}  // namespace earshot::core
