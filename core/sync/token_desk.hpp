#pragma once

#include <deque>
#include <map>
#include <memory>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/base/mutex.hpp>
#include <earshot/core/store/store.hpp>

namespace earshot::core {

/// Whose turn it is to refresh the tokens of an integration: one at a time, in the order in which
/// they came, on whatever loop they are. [thread-safe]
class TokenDesk {
 public:
  /// Destroying the last copy passes the turn on. The desk outlives it.
  using Turn = std::shared_ptr<const void>;
  using Given = Callback<void(Turn)>;

  /// Calls `given` at once where nobody has the turn, else on the thread that passes it on.
  void take(IntegrationId integration, Given given);

 private:
  class Holder;
  void pass(IntegrationId integration);

  Mutex mutex_;
  /// An entry for each turn that is taken.
  std::map<IntegrationId, std::deque<Given>> waiting_ EAR_GUARDED_BY(mutex_);
};

}  // namespace earshot::core
