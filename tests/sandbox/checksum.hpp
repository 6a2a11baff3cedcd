#pragma once

/// The sandbox's checksum over a set of items, and the same over what `earshot export` prints.
/// docs/reference/sandbox.md describes it.

#include <memory>
#include <string>
#include <string_view>

#include <earshot/core/base/result.hpp>

namespace earshot::sandbox {

/// Takes items one by one, sorted by id as text, and makes 64 hex digits of them.
class Checksum {
 public:
  Checksum();
  ~Checksum();
  Checksum(const Checksum&) = delete;
  Checksum& operator=(const Checksum&) = delete;

  void add(std::string_view id, std::string_view status, std::string_view updated_at,
           std::string_view title, std::string_view content);
  /// Ends the sum; nothing may be added afterwards.
  [[nodiscard]] std::string finish();

 private:
  class State;
  std::unique_ptr<State> state_;
};

/// The checksum of records as `earshot export --format ndjson` prints them, in any order. A line
/// that is no record is bad_data and named by its number.
[[nodiscard]] core::Result<std::string> checksum_of_export(std::string_view ndjson);

}  // namespace earshot::sandbox
