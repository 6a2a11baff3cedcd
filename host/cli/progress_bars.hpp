#pragma once

#include <condition_variable>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/base/mutex.hpp>
#include <earshot/core/sync/engine.hpp>

#include "progress_line.hpp"

namespace earshot::host {

class Program;

/// Draws how things go, a line each, ten times a second, and erases the lines at its end. Does
/// nothing where standard error is no terminal, or --quiet. [thread-safe]
class ProgressBars {
 public:
  ProgressBars(Program& program, const std::vector<std::string>& names);
  ~ProgressBars();
  ProgressBars(const ProgressBars&) = delete;
  ProgressBars& operator=(const ProgressBars&) = delete;

  /// False where nothing is drawn: nobody need find out about totals.
  [[nodiscard]] bool drawn() const noexcept { return drawn_; }
  void update(const core::RunProgress& progress);
  /// That one is over; `how` stands in its line.
  void end(const std::string& name, std::string_view how);
  /// All of them are being stopped.
  void stopping();
  /// Erases the lines and draws no more.
  void finish();

 private:
  struct Bar {
    std::size_t place = 0;
    Progress progress;
    std::optional<core::TrafficWait> wait;
    core::Micros ended{0};  ///< Elapsed when it was over.
  };

  void draw_until_finished();
  [[nodiscard]] std::vector<ShownLine> lines() EAR_REQUIRES(mutex_);
  [[nodiscard]] std::string describe(const core::TrafficWait& wait) const;

  core::Clock& clock_;
  Terminal& terminal_;
  const bool drawn_;
  const core::Tick started_;
  core::Mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Bar> bars_ EAR_GUARDED_BY(mutex_);
  bool stopping_ EAR_GUARDED_BY(mutex_) = false;
  bool finished_ EAR_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace earshot::host
