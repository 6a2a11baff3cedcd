#pragma once

/// The truth document in the making: what a complete and correct fetch comes to.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/checksum.hpp"
#include "sandbox/history.hpp"

namespace earshot::sandbox {

/// What a fetch makes of an item.
struct FetchedItem {
  std::string_view status;
  std::int64_t updated = 0;  ///< Seconds since 1970.
  std::string_view title{};
  std::string_view content{};
};

/// [one thread at a time]
class Truth {
 public:
  /// An item that shows that oddity, fetched or not; a thousand of each are told.
  void note(std::string_view trait, const std::string& id);
  /// The name of `trait` in the list of traits, if it has one.
  template <typename Specs, typename Trait>
  void note_trait(const Specs& specs, Trait trait, const std::string& id) {
    for (const auto& spec : specs) {
      if (spec.trait == trait) note(spec.name, id);
    }
  }
  /// Notes what shares a second as "time_ties", and as `bulk` where so many share one.
  void note_ties(const ItemOrder& order, std::string_view bulk, std::size_t many);

  /// Items that are fetched, sorted by id as text.
  void add(const std::string& id, const FetchedItem& item);
  [[nodiscard]] std::string take();

 private:
  void note_tied(const std::vector<std::string>& tied, std::string_view bulk, std::size_t many);

  std::map<std::string, std::vector<std::string>, std::less<>> traits_;
  std::vector<std::string> ids_;
  std::vector<std::string> deleted_;
  Checksum sum_;
};

/// Adds the items of `order`, as indexes by their ids as text.
void sort_by_text_id(const ItemOrder& order, std::map<std::string, std::size_t>& into);

}  // namespace earshot::sandbox
