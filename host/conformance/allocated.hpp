#pragma once

#include <cstdint>
#include <functional>

#include "conformance/verdict.hpp"

namespace earshot::conformance {

/// Kept if doing it again and again takes no more memory from the heap, once it has been done a few
/// times. `what` names it.
[[nodiscard]] Verdict does_not_grow(const char* what, std::uint64_t times,
                                    const std::function<void()>& once);

}  // namespace earshot::conformance
