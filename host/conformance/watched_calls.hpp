#pragma once

#include <initializer_list>
#include <utility>

#include "conformance/verdict.hpp"

namespace earshot::conformance {

/// A system call and the name under which people know it.
using SystemCall = std::pair<long, const char*>;

/// From now on such a call of this thread, or of one that it starts, ends the case: failed, and
/// which. There is no way back but the thread's end. Skipped where the system has no such filter.
[[nodiscard]] Verdict forbid(std::initializer_list<SystemCall> calls);

}  // namespace earshot::conformance
