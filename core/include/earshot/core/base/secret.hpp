#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace earshot::core {

/// A string that must not be shown. It has no stream or format operator on purpose: to use the text
/// is to write `reveal()`. The memory is overwritten when it goes.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
  Secret& operator=(Secret other) noexcept {
    std::swap(text_, other.text_);
    return *this;
  }
  ~Secret() { wipe(); }

  [[nodiscard]] const std::string& reveal() const noexcept { return text_; }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

 private:
  void wipe() noexcept;

  std::string text_;
};

}  // namespace earshot::core
