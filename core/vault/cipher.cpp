#include "cipher.hpp"

#include <memory>
#include <new>

#include <openssl/evp.h>

#include <earshot/core/base/digest.hpp>

namespace earshot::core {
namespace {

struct Close {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, Close>;

const unsigned char* in(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* out(std::string& bytes, std::size_t at) {
  return reinterpret_cast<unsigned char*>(bytes.data() + at);
}
int size(std::string_view bytes) {
  return static_cast<int>(bytes.size());
}

/// Writes nonce, ciphertext and tag over `sealed`, which begins with the nonce and has room.
bool encrypt_into(std::string& sealed, std::string_view key, std::string_view context,
                  std::string_view text) {
  const Context cipher(EVP_CIPHER_CTX_new());
  const std::size_t end = kNonceSize + text.size();
  int written = 0;
  return cipher != nullptr &&
         EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, in(key), in(sealed)) == 1 &&
         EVP_EncryptUpdate(cipher.get(), nullptr, &written, in(context), size(context)) == 1 &&
         EVP_EncryptUpdate(cipher.get(), out(sealed, kNonceSize), &written, in(text), size(text)) ==
             1 &&
         EVP_EncryptFinal_ex(cipher.get(), out(sealed, end), &written) == 1 &&
         EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagSize, out(sealed, end)) == 1;
}

}  // namespace

std::string encrypt(std::string_view key, std::string_view context, std::string_view text) {
  std::string sealed = random_bytes(kNonceSize);
  sealed.resize(kNonceSize + text.size() + kTagSize);
  if (!encrypt_into(sealed, key, context, text)) throw std::bad_alloc();
  return sealed;
}

std::optional<std::string> decrypt(std::string_view key, std::string_view context,
                                   std::string_view sealed) {
  if (sealed.size() < kNonceSize + kTagSize) return std::nullopt;
  const std::string_view body = sealed.substr(kNonceSize, sealed.size() - kNonceSize - kTagSize);
  std::string tag(sealed.substr(sealed.size() - kTagSize));
  std::string text(body.size() + 1, '\0');
  const Context cipher(EVP_CIPHER_CTX_new());
  int written = 0;
  const bool opened =
      cipher != nullptr &&
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, in(key), in(sealed)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &written, in(context), size(context)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), out(text, 0), &written, in(body), size(body)) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagSize, out(tag, 0)) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), out(text, body.size()), &written) == 1;
  if (!opened) return std::nullopt;
  text.pop_back();
  return text;
}

}  // namespace earshot::core
