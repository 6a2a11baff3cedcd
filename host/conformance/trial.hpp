#pragma once

/// One fetch under changed circumstances, and what it is held against.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/whole_run.hpp"

namespace earshot::conformance {

/// What a fetch into an empty store came to.
struct Trial {
  core::RunSummary run;
  std::vector<core::StoredRecord> records;
  std::map<std::string, std::string> contents;
  std::vector<core::HttpRequest> requests;
  Recording answered;  ///< What of the recording was asked for.
  Verdict complete;    ///< As completed() says.
  Verdict orderly;     ///< As ended_well() says.

  /// True where it is said that everything was fetched.
  [[nodiscard]] bool claims_all() const noexcept {
    return run.outcome == core::RunOutcome::completed && run.problems.empty();
  }
};
[[nodiscard]] core::Result<Trial> fetched(const Subject& subject, Recording recording,
                                          const PlayedProduct::Script& script = {},
                                          const core::RunOptions& options = {});

/// Kept if a fetch of `recording` completes with exactly the records of `whole`.
[[nodiscard]] Verdict fetches_the_same(const Subject& subject, const WholeRun& whole,
                                       Recording recording);
/// Kept if a fetch of `recording` completes with the records of `whole` that are listed on the
/// pages it asks for, and others of `whole` at most.
[[nodiscard]] Verdict fetches_what_is_listed(const Subject& subject, const WholeRun& whole,
                                             Recording recording);

/// Where the manifest takes a field of an item from, or takes it from first, in every record that
/// takes it straight from there: "source_id" from "/id".
[[nodiscard]] std::set<std::string> places_of(const core::Manifest& manifest,
                                              const std::string& field);
/// Which of the records an item of a list is about, by its name in Rehearsal::contents(); empty
/// where it is none of them.
[[nodiscard]] std::string record_of(const Subject& subject,
                                    const std::map<std::string, std::string>& records,
                                    core::JsonValue item);

/// How many items are listed in the answers that are about a record, one that comes twice counted
/// twice.
[[nodiscard]] std::size_t listed_items(const Subject& subject, const Trial& trial);

/// Answers what asks like `whose` with `answer`, as often as it comes.
[[nodiscard]] PlayedProduct::Script answering(const Subject& subject,
                                              const core::HttpRequest& whose, const Answer& answer);

}  // namespace earshot::conformance
