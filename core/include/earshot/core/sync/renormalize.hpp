#pragma once

/// Mapping again what is stored, without asking the product.

#include <cstdint>
#include <functional>
#include <string>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/config/config.hpp>
#include <earshot/core/store/store.hpp>

namespace earshot::core {

struct Renormalized {
  RunOutcome outcome = RunOutcome::completed;  ///< Or cancelled, or failed.
  std::uint64_t updated = 0;                   ///< Records that are other than before.
  std::uint64_t unchanged = 0;                 ///< Mapped again to the same.
  std::uint64_t recovered = 0;                 ///< Items that were rejected and are records now.
  std::uint64_t rejected = 0;  ///< Items that cannot be mapped; a record they had stays.
  Micros took{0};
  Error error{.code = Code::ok, .message = {}};
};

/// Maps the stored raw items of an integration that another revision of their mapping made, and
/// those that were rejected. Batch by batch, each a transaction: killed, it goes on where it was.
/// `stopping` is asked between batches. Fails with config where the integration keeps no raw items,
/// not_found where nothing is stored of it. Blocks.
[[nodiscard]] Renormalized renormalize(Store& store, StoreReader& reader,
                                       const IntegrationSettings& settings,
                                       const Manifest& manifest, const Clock& clock,
                                       const std::function<bool()>& stopping);

/// The lane of its runs.
inline constexpr const char* kRenormalizeLane = "renormalize";

}  // namespace earshot::core
