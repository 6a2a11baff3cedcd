#include "token_desk.hpp"

#include <utility>

namespace earshot::core {

class TokenDesk::Holder {
 public:
  Holder(TokenDesk& desk, IntegrationId integration) : desk_(desk), integration_(integration) {}
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder() { desk_.pass(integration_); }

 private:
  TokenDesk& desk_;
  IntegrationId integration_;
};

void TokenDesk::take(IntegrationId integration, Given given) {
  {
    const MutexLock lock(mutex_);
    const auto taken = waiting_.find(integration);
    if (taken != waiting_.end()) return taken->second.push_back(std::move(given));
    waiting_.try_emplace(integration);
  }
  given(std::make_shared<Holder>(*this, integration));
}

void TokenDesk::pass(IntegrationId integration) {
  Given next;
  {
    const MutexLock lock(mutex_);
    const auto taken = waiting_.find(integration);
    if (taken->second.empty()) {
      waiting_.erase(taken);
      return;
    }
    next = std::move(taken->second.front());
    taken->second.pop_front();
  }
  next(std::make_shared<Holder>(*this, integration));
}

}  // namespace earshot::core
