#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/base/result.hpp>
#include <earshot/core/runtime/loop.hpp>
#include <earshot/core/runtime/thread_pool.hpp>

namespace earshot::core {

/// Looks host names up on threads of its own, so that name servers which keep silent about one host
/// hold nobody else up. [thread-safe]
class Resolver {
 public:
  using Addresses = Result<std::vector<std::string>>;  ///< In the order in which to try them.
  using LookUp = std::function<Addresses(const std::string& host)>;

  /// `look_up` may block.
  explicit Resolver(LookUp look_up);
  /// Waits for what is being looked up; its callbacks, and those of what waits, are never called.
  ~Resolver() = default;

  /// Calls back on `loop`, which outlives the resolver.
  void find(Loop& loop, std::string host, Callback<void(Addresses)> found);

 private:
  LookUp look_up_;
  ThreadPool threads_;
};

/// As the system resolves it; network where it does not.
[[nodiscard]] Resolver::Addresses look_up_host(const std::string& host);

}  // namespace earshot::core
