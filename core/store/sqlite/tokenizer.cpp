#include "tokenizer.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include <sqlite3.h>

namespace earshot::core {
namespace {

static_assert(std::endian::native == std::endian::little, "the first byte is the lowest");

constexpr const char* kName = "unicode61";
constexpr std::size_t kBlock = 64;  ///< Bytes that one number marks.
constexpr std::size_t kStep = sizeof(std::uint64_t);

using EachWord = int (*)(void*, int, const char*, int, int, int);

/// `byte` in each of the eight bytes.
constexpr std::uint64_t all(std::uint64_t byte) {
  return byte * 0x0101010101010101ULL;
}

/// The highest bit of each byte that lies within `first` to `last`; bytes must be below 0x80.
constexpr std::uint64_t within(std::uint64_t bytes, unsigned char first, unsigned char last) {
  return ((bytes + all(0x80U - first)) ^ (bytes + all(0x7fU - last))) & all(0x80);
}

/// The highest bit of each byte, side by side.
constexpr std::uint64_t gathered(std::uint64_t bits) {
  return ((bits >> 7) * 0x0102040810204080ULL) >> 56;
}

/// A text in small letters, and which of its bytes belong to words: letters and digits, and all
/// that is not ASCII.
class FoldedText {
 public:
  void fold(const char* text, std::size_t size) {
    const std::size_t blocks = (size + kBlock - 1) / kBlock;
    text_.resize(blocks * kBlock);
    marks_.assign(blocks, 0);
    not_ascii_ = 0;
    const std::size_t whole = size - size % kStep;
    for (std::size_t at = 0; at < whole; at += kStep) fold_step(text, kStep, at);
    if (whole < size) fold_step(text, size - whole, whole);
  }

  /// Calls `each` with begin and end of every run of marked bytes until it answers another code
  /// than SQLITE_OK, which becomes the answer.
  template <typename Each>
  int runs(const Each& each) const {
    std::uint64_t before = 0;  // whether the last byte before a block is marked
    std::size_t begin = 0;
    bool inside = false;
    for (std::size_t block = 0; block <= marks_.size(); ++block) {
      const std::uint64_t marks = block < marks_.size() ? marks_[block] : 0;
      std::uint64_t edges = marks ^ ((marks << 1) | before);
      before = marks >> (kBlock - 1);
      for (; edges != 0; edges &= edges - 1, inside = !inside) {
        const std::size_t at = block * kBlock + static_cast<std::size_t>(std::countr_zero(edges));
        if (!inside) {
          begin = at;
        } else if (const int code = each(begin, at); code != SQLITE_OK) {
          return code;
        }
      }
    }
    return SQLITE_OK;
  }

  [[nodiscard]] const char* at(std::size_t place) const noexcept { return text_.data() + place; }

  [[nodiscard]] bool ascii(std::size_t begin, std::size_t end) const noexcept {
    if (not_ascii_ == 0) return true;
    char all_bits = 0;
    for (std::size_t i = begin; i < end; ++i) all_bits = static_cast<char>(all_bits | text_[i]);
    return (all_bits & 0x80) == 0;
  }

 private:
  void fold_step(const char* text, std::size_t size, std::size_t at) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text + at, size);
    const std::uint64_t high = bytes & all(0x80);
    const std::uint64_t low = bytes & all(0x7f);
    const std::uint64_t capitals = within(low, 'A', 'Z') & ~high;
    const std::uint64_t folded = bytes | (capitals >> 2);
    std::memcpy(text_.data() + at, &folded, kStep);
    not_ascii_ |= high;
    const std::uint64_t marked = within(low | all(0x20), 'a', 'z') | within(low, '0', '9') | high;
    marks_[at / kBlock] |= gathered(marked) << (at % kBlock);
  }

  std::vector<char> text_;
  std::vector<std::uint64_t> marks_;
  std::uint64_t not_ascii_ = 0;
};

/// SQLite's own tokenizer, as it is registered.
struct Original {
  fts5_tokenizer methods{};
  void* context = nullptr;
};

/// What FTS5 holds as a tokenizer of one index.
struct Tokenizer {
  const Original* original = nullptr;
  Fts5Tokenizer* own = nullptr;  ///< The original's.
  FoldedText folded{};
};

/// Hands words of a part of a text on as words of the whole.
struct Moved {
  EachWord each;
  void* context;
  int by;

  static int word(void* self, int flags, const char* word, int size, int begin, int end) {
    const auto& to = *static_cast<const Moved*>(self);
    return to.each(to.context, flags, word, size, begin + to.by, end + to.by);
  }
};

int tokenize(Fts5Tokenizer* self, void* context, int flags, const char* text, int size,
             EachWord each) {
  auto& tokenizer = *reinterpret_cast<Tokenizer*>(self);
  FoldedText& folded = tokenizer.folded;
  if (text == nullptr || size <= 0) return SQLITE_OK;
  folded.fold(text, static_cast<std::size_t>(size));
  return folded.runs([&](std::size_t from, std::size_t to) {
    const auto begin = static_cast<int>(from);
    const auto end = static_cast<int>(to);
    if (folded.ascii(from, to)) return each(context, 0, folded.at(from), end - begin, begin, end);
    Moved moved{.each = each, .context = context, .by = begin};
    return tokenizer.original->methods.xTokenize(tokenizer.own, &moved, flags, text + begin,
                                                 end - begin, &Moved::word);
  });
}

void destroy(Fts5Tokenizer* self) {
  const std::unique_ptr<Tokenizer> tokenizer(reinterpret_cast<Tokenizer*>(self));
  tokenizer->original->methods.xDelete(tokenizer->own);
}

int create(void* context, const char** options, int count, Fts5Tokenizer** out) {
  const auto& original = *static_cast<const Original*>(context);
  auto made = std::make_unique<Tokenizer>();
  made->original = &original;
  const int code = original.methods.xCreate(original.context, options, count, &made->own);
  if (code == SQLITE_OK) *out = reinterpret_cast<Fts5Tokenizer*>(made.release());
  return code;
}

fts5_api* api_of(sqlite3* connection) noexcept {
  fts5_api* api = nullptr;
  sqlite3_stmt* ask = nullptr;
  if (sqlite3_prepare_v2(connection, "SELECT fts5(?)", -1, &ask, nullptr) == SQLITE_OK) {
    sqlite3_bind_pointer(ask, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
    sqlite3_step(ask);
  }
  sqlite3_finalize(ask);
  return api;
}

}  // namespace

int speed_up_unicode61(sqlite3* connection) noexcept {
  fts5_api* api = api_of(connection);
  if (api == nullptr) return SQLITE_ERROR;
  auto original = std::make_unique<Original>();
  const int found = api->xFindTokenizer(api, kName, &original->context, &original->methods);
  if (found != SQLITE_OK) return found;
  fts5_tokenizer methods{.xCreate = &create, .xDelete = &destroy, .xTokenize = &tokenize};
  return api->xCreateTokenizer(api, kName, original.release(), &methods,
                               [](void* context) { delete static_cast<Original*>(context); });
}

}  // namespace earshot::core
