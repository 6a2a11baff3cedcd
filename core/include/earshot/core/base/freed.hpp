#pragma once

namespace earshot::core {

/// A deleter for what a C library frees: std::unique_ptr<BIO, Freed<BIO_free_all>>.
template <auto free>
struct Freed {
  template <typename T>
  void operator()(T* object) const noexcept {
    free(object);
  }
};

}  // namespace earshot::core
