#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "conformance/rehearsal.hpp"

namespace earshot::conformance {

/// What the plugin fetches when all goes well: what every other way of fetching is held against.
struct WholeRun {
  std::map<std::string, std::string> contents;
  std::vector<core::HttpRequest> requests;
  std::uint64_t checkpoints = 0;
};

/// Fetches the cassette first_run without its failures; an error where that does not complete, or
/// asks for nothing.
[[nodiscard]] core::Result<WholeRun> whole_run(const Subject& subject);

/// Indices of at most `most` of `count` things, the first and the last among them.
[[nodiscard]] std::vector<std::size_t> spread(std::size_t count, std::size_t most);
/// Of how many answers each is replaced in turn. More would take long and show nothing new.
inline constexpr std::size_t kMostAnswers = 12;
/// "answer 2 (GET /v1/notes)", for reasons.
[[nodiscard]] std::string answer_name(const WholeRun& whole, std::size_t index);

/// What a request asks for, without what it says of the time at which it is sent, which is not long
/// after `begun`.
[[nodiscard]] std::string wording(const core::HttpRequest& request, core::Time begun);

/// Kept if the run completed, with nothing asked for that was not recorded.
[[nodiscard]] Verdict completed(const core::RunSummary& run, const PlayedProduct& product);
/// Kept unless the run failed by a fault of the plugin's own, or did not end by itself.
[[nodiscard]] Verdict ended_well(const core::RunSummary& run, const PlayedProduct& product);

/// Kept if one more run, with a product that never fails, leaves in the store what `whole` has.
[[nodiscard]] Verdict recovers(Rehearsal& rehearsal, const Subject& subject, const WholeRun& whole);

/// Puts something else in the place of a recorded answer; nothing where it is no answer to be
/// damaged that way.
using Damage = std::function<std::optional<Answer>(const core::HttpResponse& recorded)>;

/// Damages every answer in turn (kMostAnswers of them), for as long as it is asked for. Kept if no
/// run fails by the plugin's own fault, none completes without a problem though something is
/// missing, and one more run makes up for it.
[[nodiscard]] Verdict survives(const Subject& subject, const Damage& damage);

}  // namespace earshot::conformance
