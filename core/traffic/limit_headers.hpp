#pragma once

#include <cstdint>
#include <optional>

#include <earshot/core/base/time.hpp>
#include <earshot/core/http/message.hpp>
#include <earshot/core/traffic/limiter.hpp>

namespace earshot::core {

/// What an answer says about a budget; absent where it says nothing or nonsense.
struct PublishedLimit {
  std::optional<std::uint64_t> limit{};
  std::optional<std::uint64_t> remaining{};
  std::optional<std::uint64_t> used{};
  std::optional<Micros> reset_in{};  ///< Not negative.
};

[[nodiscard]] PublishedLimit read_limit_headers(const LimitHeaders& names,
                                                const HttpHeaders& headers, Time calendar);

}  // namespace earshot::core
