#pragma once

#include <future>
#include <utility>

#include <earshot/core/store/store.hpp>

namespace earshot::core {

/// Runs one asynchronous store operation and waits for its answer; for verbs and tests, never on a
/// loop.
///
///     EAR_TRY(IntegrationId id, wait_for<IntegrationId>([&](auto done) {
///       store.ensure_integration("acme", "zendesk", std::move(done));
///     }));
template <typename T, typename Start>
[[nodiscard]] Result<T> wait_for(Start&& start) {
  std::promise<Result<T>> promise;
  std::future<Result<T>> future = promise.get_future();
  std::forward<Start>(start)(
      typename Store::template Done<T>([promise = std::move(promise)](Result<T> result) mutable {
        promise.set_value(std::move(result));
      }));
  return future.get();
}

}  // namespace earshot::core
