#pragma once

#include <functional>
#include <span>

#include "conformance/verdict.hpp"

namespace earshot::conformance {

/// A system call, the name under which people know it, and which of them are meant.
struct SystemCall {
  enum class Which {
    all,
    that_change,  ///< Whose second argument is there: `sigaction` and `sigprocmask` else only look.
    that_time_out  ///< Of `futex`: a wait that ends by itself.
  };
  long number = 0;
  const char* name = "";
  Which which = Which::all;
};

/// Does `work` on a thread of its own. Such a call of it, or of a thread that it starts, ends the
/// case: failed, and which. Skipped where the system has no such filter.
[[nodiscard]] Verdict watched(std::span<const SystemCall> calls, const std::function<void()>& work);

}  // namespace earshot::conformance
