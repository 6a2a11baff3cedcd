#include "earshot/core/base/secret.hpp"

#include <openssl/crypto.h>

namespace earshot::core {

void Secret::wipe() noexcept {
  text_.resize(text_.capacity());
  OPENSSL_cleanse(text_.data(), text_.size());
  text_.clear();
}

}  // namespace earshot::core
