#pragma once

/// What the pasts of all simulated accounts have in common. The same setup makes the same account,
/// so nothing here draws a number more or less than before.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <earshot/core/base/random.hpp>
#include <earshot/core/base/time.hpp>

namespace earshot::sandbox {

inline constexpr std::int64_t kDay = 86'400;  ///< Seconds, as all times here.

/// Where an item stands: by the second of its last change, then its id.
using ItemPosition = std::pair<std::int64_t, std::int64_t>;
/// Items by that, as indexes.
using ItemOrder = std::map<ItemPosition, std::size_t>;

/// The 90 days before `now`; the last six hours stay free, for changes.
struct Past {
  explicit Past(core::Time now)
      : last(std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count() - kDay / 4),
        first(last + kDay / 4 - 90 * kDay) {}
  /// When the item of that rank changed last, all of them evenly spread.
  [[nodiscard]] std::int64_t at(std::uint64_t rank, std::uint64_t items) const {
    return first +
           (last - first) * static_cast<std::int64_t>(rank) / static_cast<std::int64_t>(items);
  }

  std::int64_t last;
  std::int64_t first;
};

/// When the changes of a batch happen: one after the other behind the newest, five in a second.
class Stamps {
 public:
  explicit Stamps(std::int64_t& newest) : newest_(newest) {}
  std::int64_t next() {
    if (count_++ % 5 == 0) ++newest_;
    return newest_;
  }

 private:
  std::int64_t& newest_;
  std::uint64_t count_ = 0;
};

/// Every `every`-th item has a trait, each of `specs` in turn; heavy ones only in one of 16 turns,
/// so that they do not weigh on large accounts. Otherwise Trait{}.
template <typename Specs, typename IsHeavy>
auto trait_at(std::uint64_t rank, std::uint64_t every, const Specs& specs, IsHeavy is_heavy) {
  using Trait = decltype(specs[0].trait);
  if (rank % every != every - 1) return Trait{};
  const std::uint64_t turn = rank / every / specs.size();
  const Trait trait = specs[rank / every % specs.size()].trait;
  return is_heavy(trait) && turn % 16 != 0 ? Trait{} : trait;
}

/// At most `count` of the candidates, in the order in which they are drawn.
inline std::vector<std::size_t> drawn(std::vector<std::size_t> candidates, std::uint64_t count,
                                      core::Random& random) {
  count = std::min<std::uint64_t>(count, candidates.size());
  for (std::size_t at = 0; at < count; ++at) {
    std::swap(candidates[at], candidates[at + random.below(candidates.size() - at)]);
  }
  candidates.resize(count);
  return candidates;
}

}  // namespace earshot::sandbox
