#include <earshot/core/store/store.hpp>

namespace earshot::core {

RecordCounts& RecordCounts::operator+=(const RecordCounts& other) noexcept {
  created += other.created;
  updated += other.updated;
  unchanged += other.unchanged;
  deleted += other.deleted;
  rejected += other.rejected;
  return *this;
}

std::string_view to_string(RunOutcome value) noexcept {
  switch (value) {
    case RunOutcome::running: return "running";
    case RunOutcome::completed: return "completed";
    case RunOutcome::yielded: return "yielded";
    case RunOutcome::failed: return "failed";
    case RunOutcome::cancelled: return "cancelled";
    case RunOutcome::interrupted: return "interrupted";
  }
  return "interrupted";
}

}  // namespace earshot::core
