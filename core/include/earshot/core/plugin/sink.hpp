#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/base/result.hpp>
#include <earshot/core/normalize/mapping.hpp>
#include <earshot/core/store/store.hpp>

namespace earshot::core {

/// One emit of a plugin, its documents resolved. Values live until `done` is called.
struct Emission {
  std::string_view mapping;
  std::vector<JsonValue> items;  ///< One absent value if there are only computed fields.
  std::vector<std::pair<std::string, JsonValue>> refs;
  std::vector<ComputedField> computed;
  bool tombstone = false;
};

struct EmissionCounts {
  std::uint64_t taken = 0;
  std::uint64_t rejected = 0;
  std::uint64_t outside = 0;
};

/// Where a fetch hands over what it found: a run. Everything happens on the call's loop, one thing
/// at a time.
class Sink {
 public:
  template <typename T>
  using Done = Callback<void(Result<T>)>;

  virtual ~Sink() = default;
  virtual void emit(const Emission& emission, Done<EmissionCounts> done) = 0;
  virtual void known(std::string_view mapping, std::vector<std::string> ids,
                     const std::vector<std::string>& versions, Done<std::vector<Known>> done) = 0;
  virtual void checkpoint(std::string stream, std::string cursor, Done<void> done) = 0;
  /// The stored cursor of a stream, or empty.
  [[nodiscard]] virtual std::string cursor(const std::string& stream) = 0;
  virtual void problem(std::string stream, const Error& error) = 0;
  /// How many items the product says there are for this fetch; the last word counts.
  virtual void total(std::uint64_t items) = 0;
  /// True once the run has all it asked for: the next request answers sink_closed.
  [[nodiscard]] virtual bool closed() const = 0;
};

}  // namespace earshot::core
