#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include <earshot/core/base/result.hpp>

namespace earshot::core {

/// Where in a JSON text each bracket, comma, colon and the first character of each scalar stands.
class JsonStructure {
 public:
  /// Looks at 64 bytes together. bad_data with its place for invalid UTF-8, a string that is not
  /// closed, a control character within a string, and a text of nothing but blanks.
  [[nodiscard]] static Result<JsonStructure> find(std::string_view json);

  /// In rising order, the text's size behind the last; what stands there need not make sense yet.
  [[nodiscard]] const std::uint32_t* places() const noexcept { return places_.get(); }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }

 private:
  JsonStructure(std::unique_ptr<std::uint32_t[]> places, std::size_t count)
      : places_(std::move(places)), count_(count) {}

  std::unique_ptr<std::uint32_t[]> places_;
  std::size_t count_;
};

/// "no valid JSON at byte N: WHAT".
[[nodiscard]] Error bad_json(std::string_view what, std::size_t offset);

}  // namespace earshot::core
