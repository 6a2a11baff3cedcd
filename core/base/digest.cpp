#include "earshot/core/base/digest.hpp"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <xxhash.h>

namespace earshot::core {
namespace {

constexpr std::size_t kSha256Size = 32;
constexpr std::size_t kRandomChunk = 1 << 20;

unsigned char* raw(std::string& bytes) noexcept {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

/// Nothing that needs these can go on without them, and guessing would be worse than stopping.
void require(bool worked, const char* what) noexcept {
  if (worked) return;
  std::fprintf(stderr, "earshot: the cryptographic library failed: %s\n", what);
  std::abort();
}

}  // namespace

ContentHash content_hash(std::string_view bytes) noexcept {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

std::string sha256(std::string_view bytes) {
  std::string digest(kSha256Size, '\0');
  require(EVP_Digest(bytes.data(), bytes.size(), raw(digest), nullptr, EVP_sha256(), nullptr) == 1,
          "SHA-256");
  return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
  std::string digest(kSha256Size, '\0');
  const unsigned char* const made = HMAC(
      EVP_sha256(), key.empty() ? "" : key.data(), static_cast<int>(key.size()),
      reinterpret_cast<const unsigned char*>(message.data()), message.size(), raw(digest), nullptr);
  require(made != nullptr, "HMAC-SHA-256");
  return digest;
}

std::vector<std::string> fingerprints(std::string_view bytes) {
  std::vector<std::string> out;
  for (const EVP_MD* kind : {EVP_md5(), EVP_sha1(), EVP_sha256(), EVP_sha512()}) {
    std::string digest(static_cast<std::size_t>(EVP_MD_get_size(kind)), '\0');
    if (EVP_Digest(bytes.data(), bytes.size(), raw(digest), nullptr, kind, nullptr) == 1)
      out.push_back(std::move(digest));
  }
  return out;
}

std::string random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t at = 0; at < size; at += kRandomChunk) {
    const std::size_t chunk = size - at < kRandomChunk ? size - at : kRandomChunk;
    require(RAND_bytes(raw(bytes) + at, static_cast<int>(chunk)) == 1, "random numbers");
  }
  return bytes;
}

}  // namespace earshot::core
