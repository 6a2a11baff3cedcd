#pragma once

#include <chrono>

namespace earshot::core {

/// No product is left alone for longer than this at its word: what it asks for beyond (a
/// Retry-After, a reset further away than the budget's own time, a hold of a former process) is
/// taken for a mistake, and it is asked again then.
inline constexpr std::chrono::hours kLongestHold{24};

}  // namespace earshot::core
