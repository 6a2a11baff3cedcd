#include "stall_guard.hpp"

#include <earshot/core/base/digest.hpp>

namespace earshot::core {

namespace {

constexpr int kRepeatsAllowed = 1;

}  // namespace

Result<void> StallGuard::check(const std::string& stream, std::string_view cursor) {
  Stream& state = streams_[stream];
  if (state.seen.insert(content_hash(cursor).low).second) {
    state.repeats = 0;
    return {};
  }
  if (++state.repeats <= kRepeatsAllowed) return {};
  return Error{.code = Code::bad_data,
               .message = "paging goes in circles: the cursor" +
                          (stream.empty() ? "" : " of stream '" + stream + "'") +
                          " was seen before in this run, without an end; nothing is lost, the run "
                          "keeps what it has"};
}

}  // namespace earshot::core
