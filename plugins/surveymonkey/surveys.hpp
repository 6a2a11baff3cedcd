#pragma once

/// Which surveys an integration reads.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <earshot/sdk/call.hpp>

namespace earshot::plugins {

/// A count of responses beyond it is none.
inline constexpr std::int64_t kMostCounted = 1'000'000'000;

/// The surveys chosen, by id.
struct Chosen {
  std::vector<std::string> ids;        ///< In order of age; each once.
  std::vector<std::string> not_found;  ///< Titles that no survey has.
  std::map<std::string, std::uint64_t>
      responses;  ///< How many a survey has, where that was listed.
};

/// The configured `surveys`, or all of the account. Costs a request a thousand surveys of the
/// account, and none where all are named by id.
[[nodiscard]] sdk::Result<Chosen> choose_surveys(sdk::Call& call);

/// Whether a list has a page behind this one. bad_data where it is no page of a list.
[[nodiscard]] sdk::Result<bool> has_next(const sdk::Page& page);

/// Ids are numbers as text: the older survey has the smaller one.
[[nodiscard]] bool is_older(const std::string& id, const std::string& other);

}  // namespace earshot::plugins
