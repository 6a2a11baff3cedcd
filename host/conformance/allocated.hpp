#pragma once

#include <cstdint>
#include <functional>

#include "conformance/verdict.hpp"

namespace earshot::conformance {

/// Kept if doing it again and again, `times` in each of a few rounds, takes no more memory from the
/// heap. `what` names it.
[[nodiscard]] Verdict does_not_grow(const char* what, std::uint64_t times,
                                    const std::function<void()>& once);

}  // namespace earshot::conformance
