#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include <earshot/core/base/mutex.hpp>

namespace earshot::core {

/// The operations that are under way: what an engine waits for when it ends, and what `stop`
/// reaches. [thread-safe]
class Tickets : public std::enable_shared_from_this<Tickets> {
 public:
  /// One operation, from its start to the return of its `done`.
  class Ticket {
   public:
    explicit Ticket(std::shared_ptr<Tickets> tickets)
        : tickets_(std::move(tickets)), number_(tickets_->enter()) {}
    ~Ticket() { tickets_->leave(number_); }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    /// How to stop it from now on; called at once where everything is being stopped.
    void on_stop(std::function<void()> stop) { tickets_->stoppable(number_, std::move(stop)); }

   private:
    std::shared_ptr<Tickets> tickets_;
    std::uint64_t number_;
  };

  [[nodiscard]] std::shared_ptr<Ticket> issue() {
    return std::make_shared<Ticket>(shared_from_this());
  }
  /// Stops all, those of the future too.
  void stop();
  [[nodiscard]] bool stopping() const;
  void wait_until_none();

 private:
  std::uint64_t enter();
  void stoppable(std::uint64_t number, std::function<void()> stop);
  void leave(std::uint64_t number);

  mutable Mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, std::function<void()>> running_ EAR_GUARDED_BY(mutex_);
  std::uint64_t last_ EAR_GUARDED_BY(mutex_) = 0;
  bool stopping_ EAR_GUARDED_BY(mutex_) = false;
};

using TicketPtr = std::shared_ptr<Tickets::Ticket>;

}  // namespace earshot::core
