#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include <earshot/core/base/result.hpp>

namespace earshot::core {

/// Finds a product, or a plugin, that pages in circles: a stream whose cursor was seen before in
/// this run, twice running. One repeat is allowed: the last page of a product may repeat the cursor
/// it was asked with.
class StallGuard {
 public:
  [[nodiscard]] Result<void> check(const std::string& stream, std::string_view cursor);

 private:
  struct Stream {
    std::set<std::uint64_t> seen;
    int repeats = 0;
  };
  std::map<std::string, Stream> streams_;
};

}  // namespace earshot::core
