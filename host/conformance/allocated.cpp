#include "conformance/allocated.hpp"

#include <algorithm>
#include <limits>

#include <dlfcn.h>
#include <malloc.h>

namespace earshot::conformance {

namespace {

constexpr std::uint64_t kWarmUps = 8;
/// What happens once, such as the start of a thread, is seen in one of them.
constexpr int kRounds = 4;
constexpr std::int64_t kSlack = 32;

/// Of the heap, in use now. A sanitizer has one of its own, and counts it itself.
std::int64_t allocated() {
  using Counter = std::size_t();
  static auto* counter =
      reinterpret_cast<Counter*>(::dlsym(RTLD_DEFAULT, "__sanitizer_get_current_allocated_bytes"));
  if (counter != nullptr) return static_cast<std::int64_t>(counter());
  const struct ::mallinfo2 info = ::mallinfo2();
  return static_cast<std::int64_t>(info.uordblks + info.hblkhd);
}

}  // namespace

Verdict does_not_grow(const char* what, std::uint64_t times, const std::function<void()>& once) {
  for (std::uint64_t i = 0; i < kWarmUps; ++i) once();
  std::int64_t grown = std::numeric_limits<std::int64_t>::max();
  for (int round = 0; round < kRounds; ++round) {
    const std::int64_t before = allocated();
    for (std::uint64_t i = 0; i < times; ++i) once();
    grown = std::min(grown, (allocated() - before) / static_cast<std::int64_t>(times));
  }
  if (grown <= kSlack) return passed();
  return failed("{} leaves {} bytes behind each time", what, grown);
}

}  // namespace earshot::conformance
