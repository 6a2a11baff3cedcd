#include <algorithm>
#include <cstddef>
#include <memory>

#include <fmt/format.h>
#include <libdeflate.h>

#include <earshot/core/base/freed.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/http/compress.hpp>

namespace earshot::core {
namespace {

constexpr int kFastLevel = 1;
/// No stream of deflate grows by more than this factor.
constexpr std::uint64_t kMostGrowth = 1032;
constexpr std::uint64_t kLeastGuess = 4096;

enum class Format { gzip, zlib, raw };

using Decompressor = std::unique_ptr<libdeflate_decompressor, Freed<libdeflate_free_decompressor>>;
using Compressor = std::unique_ptr<libdeflate_compressor, Freed<libdeflate_free_compressor>>;

libdeflate_result decode(libdeflate_decompressor* decompressor, Format format,
                         std::string_view bytes, char* out, std::size_t room, std::size_t& used,
                         std::size_t& made) {
  switch (format) {
    case Format::gzip:
      return libdeflate_gzip_decompress_ex(decompressor, bytes.data(), bytes.size(), out, room,
                                           &used, &made);
    case Format::zlib:
      return libdeflate_zlib_decompress_ex(decompressor, bytes.data(), bytes.size(), out, room,
                                           &used, &made);
    case Format::raw: break;
  }
  return libdeflate_deflate_decompress_ex(decompressor, bytes.data(), bytes.size(), out, room,
                                          &used, &made);
}

/// Where the output of `bytes` probably fits: gzip ends with its length.
std::uint64_t guess_size(Format format, std::string_view bytes) {
  std::uint64_t guess = 4 * std::uint64_t{bytes.size()};
  if (format == Format::gzip && bytes.size() >= 4) {
    guess = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const auto byte = static_cast<unsigned char>(bytes[bytes.size() - 4 + i]);
      guess |= std::uint64_t{byte} << (8 * i);
    }
  }
  return std::clamp(guess, kLeastGuess, std::max(kLeastGuess, bytes.size() * kMostGrowth));
}

Error broken(std::string_view coding) {
  return {.code = Code::bad_data,
          .message = fmt::format("the {} data is broken or cut short; try again later", coding)};
}

/// Output that grows while it is filled.
struct Output {
  std::string text;
  std::size_t filled = 0;
};

/// Appends what the member or stream at the front of `bytes` holds and steps over it.
Result<void> decode_one(libdeflate_decompressor* decompressor, Format format,
                        std::string_view coding, std::string_view& bytes, std::uint64_t limit,
                        Output& out) {
  if (out.filled == out.text.size()) {
    out.text.resize(out.filled + std::min(guess_size(format, bytes), limit - out.filled));
  }
  for (;;) {
    std::size_t used = 0;
    std::size_t made = 0;
    switch (decode(decompressor, format, bytes, out.text.data() + out.filled,
                   out.text.size() - out.filled, used, made)) {
      case LIBDEFLATE_SUCCESS:
        out.filled += made;
        bytes.remove_prefix(used);
        return {};
      case LIBDEFLATE_INSUFFICIENT_SPACE: break;
      default: return broken(coding);
    }
    if (out.text.size() == limit) {
      return Error{.code = Code::limit,
                   .message = fmt::format("the {} data holds more than the {} bytes allowed; ask "
                                          "for smaller pages",
                                          coding, limit)};
    }
    out.text.resize(std::min<std::uint64_t>(out.text.size() * 2, limit));
  }
}

Result<std::string> decode_all(Format format, std::string_view coding, std::string_view bytes,
                               std::uint64_t limit) {
  const Decompressor decompressor(libdeflate_alloc_decompressor());
  if (!decompressor) return Error{.code = Code::internal, .message = "out of memory"};
  Output out;
  EAR_CHECK(decode_one(decompressor.get(), format, coding, bytes, limit, out));
  while (format == Format::gzip && !bytes.empty()) {
    EAR_CHECK(decode_one(decompressor.get(), format, coding, bytes, limit, out));
  }
  if (!bytes.empty()) return broken(coding);
  out.text.resize(out.filled);
  if (out.text.capacity() > 2 * out.filled + kLeastGuess) out.text.shrink_to_fit();
  return std::move(out.text);
}

/// "deflate" means zlib by its standard and the bare stream by the custom of some servers.
Result<std::string> decode_deflate(std::string_view bytes, std::uint64_t limit) {
  const bool zlib =
      bytes.size() >= 2 && (bytes[0] & 0x0f) == 8 &&
      (static_cast<unsigned char>(bytes[0]) * 256 + static_cast<unsigned char>(bytes[1])) % 31 == 0;
  if (!zlib) return decode_all(Format::raw, "deflate", bytes, limit);
  auto plain = decode_all(Format::zlib, "deflate", bytes, limit);
  if (plain || plain.error().code != Code::bad_data) return plain;
  auto bare = decode_all(Format::raw, "deflate", bytes, limit);
  return bare ? bare : plain;
}

using Bound = std::size_t (*)(libdeflate_compressor*, std::size_t);
using Compress = std::size_t (*)(libdeflate_compressor*, const void*, std::size_t, void*,
                                 std::size_t);

std::string encode(std::string_view bytes, Bound bound, Compress compress) {
  const Compressor compressor(libdeflate_alloc_compressor(kFastLevel));
  std::string out;
  if (!compressor) return out;
  out.resize(bound(compressor.get(), bytes.size()));
  out.resize(compress(compressor.get(), bytes.data(), bytes.size(), out.data(), out.size()));
  return out;
}

}  // namespace

Result<std::string> decompress(std::string_view coding, std::string_view bytes,
                               std::uint64_t limit) {
  if (iequals(coding, "gzip") || iequals(coding, "x-gzip")) {
    return decode_all(Format::gzip, "gzip", bytes, limit);
  }
  if (iequals(coding, "deflate")) return decode_deflate(bytes, limit);
  if (iequals(coding, "identity")) {
    if (bytes.size() <= limit) return std::string(bytes);
    return Error{.code = Code::limit,
                 .message = fmt::format("the data is more than the {} bytes allowed", limit)};
  }
  return Error{.code = Code::bad_data,
               .message = fmt::format("the content coding {} is not understood; only gzip and "
                                      "deflate were offered",
                                      shorten(clean_utf8(coding), 40))};
}

std::string deflate_bytes(std::string_view bytes) {
  return encode(bytes, libdeflate_zlib_compress_bound, libdeflate_zlib_compress);
}

Result<std::string> inflate_bytes(std::string_view bytes, std::uint64_t limit) {
  return decode_all(Format::zlib, "zlib", bytes, limit);
}

std::string gzip_bytes(std::string_view bytes) {
  return encode(bytes, libdeflate_gzip_compress_bound, libdeflate_gzip_compress);
}

}  // namespace earshot::core
