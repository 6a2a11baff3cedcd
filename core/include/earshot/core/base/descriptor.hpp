#pragma once

#include <utility>

#include <unistd.h>

namespace earshot::core {

/// A descriptor of the system that is closed with its scope; negative is none.
class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }

  [[nodiscard]] int get() const noexcept { return number_; }
  [[nodiscard]] bool open() const noexcept { return number_ >= 0; }
  int release() noexcept { return std::exchange(number_, -1); }
  void reset() noexcept {
    if (open()) ::close(release());
  }

 private:
  int number_;
};

}  // namespace earshot::core
