#include "raw_text.hpp"

#include <cstdint>
#include <memory>

#include <libdeflate.h>

namespace earshot::core {
namespace {

constexpr std::size_t kHeader = 4;
constexpr int kFastLevel = 1;
constexpr std::uint32_t kLargest = 256U << 20;

struct Close {
  void operator()(libdeflate_compressor* tool) const { libdeflate_free_compressor(tool); }
  void operator()(libdeflate_decompressor* tool) const { libdeflate_free_decompressor(tool); }
};

void write_size(std::string& out, std::size_t size) {
  for (std::size_t i = 0; i < kHeader; ++i) out[i] = static_cast<char>((size >> (8 * i)) & 0xff);
}

std::uint32_t read_size(std::string_view packed) {
  std::uint32_t size = 0;
  for (std::size_t i = 0; i < kHeader; ++i) {
    size |= static_cast<std::uint32_t>(static_cast<unsigned char>(packed[i])) << (8 * i);
  }
  return size;
}

Error damaged() {
  return {.code = Code::bad_data, .message = "store: a kept raw item is damaged; restore a backup"};
}

}  // namespace

std::string pack_raw(std::string_view text) {
  if (text.empty()) return {};
  const std::unique_ptr<libdeflate_compressor, Close> tool(libdeflate_alloc_compressor(kFastLevel));
  std::string out(kHeader + libdeflate_zlib_compress_bound(tool.get(), text.size()), '\0');
  write_size(out, text.size());
  const std::size_t size = libdeflate_zlib_compress(tool.get(), text.data(), text.size(),
                                                    out.data() + kHeader, out.size() - kHeader);
  out.resize(kHeader + size);
  return out;
}

Result<std::string> unpack_raw(std::string_view packed) {
  if (packed.empty()) return std::string();
  if (packed.size() < kHeader || read_size(packed) > kLargest) return damaged();
  const std::unique_ptr<libdeflate_decompressor, Close> tool(libdeflate_alloc_decompressor());
  std::string out(read_size(packed), '\0');
  const libdeflate_result result =
      libdeflate_zlib_decompress(tool.get(), packed.data() + kHeader, packed.size() - kHeader,
                                 out.data(), out.size(), nullptr);
  if (result != LIBDEFLATE_SUCCESS) return damaged();
  return out;
}

}  // namespace earshot::core
