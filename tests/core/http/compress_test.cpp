#include <string>

#include <gtest/gtest.h>

#include <earshot/core/http/compress.hpp>

namespace earshot::core {
namespace {

std::string sample() {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "ticket " + std::to_string(i * 7919 % 10'007) + ";";
  return text;
}

/// The bare deflate stream within a zlib one.
std::string bare(const std::string& zlib) {
  return zlib.substr(2, zlib.size() - 6);
}

TEST(Decompress, UndoesEachCoding) {
  const std::string text = sample();
  const std::uint64_t limit = text.size();
  EXPECT_EQ(decompress("gzip", gzip_bytes(text), limit).value(), text);
  EXPECT_EQ(decompress("X-GZIP", gzip_bytes(text), limit).value(), text);
  EXPECT_EQ(decompress("deflate", deflate_bytes(text), limit).value(), text);
  EXPECT_EQ(decompress("deflate", bare(deflate_bytes(text)), limit).value(), text);
  EXPECT_EQ(decompress("identity", text, limit).value(), text);
}

TEST(Decompress, UndoesEmptyAndHighlyCompressedText) {
  EXPECT_EQ(decompress("gzip", gzip_bytes(""), 0).value(), "");
  const std::string zeros(10'000'000, '\0');
  EXPECT_EQ(decompress("gzip", gzip_bytes(zeros), zeros.size()).value(), zeros);
  EXPECT_EQ(decompress("deflate", deflate_bytes(zeros), zeros.size()).value(), zeros);
}

TEST(Decompress, JoinsGzipMembers) {
  std::string members = gzip_bytes("one ");
  members += gzip_bytes(std::string(100'000, 'x'));
  members += gzip_bytes(" three");
  EXPECT_EQ(decompress("gzip", members, 1'000'000).value(),
            "one " + std::string(100'000, 'x') + " three");
}

TEST(Decompress, StopsAtTheLimit) {
  const std::string bomb = gzip_bytes(std::string(50'000'000, '\0'));
  EXPECT_EQ(decompress("gzip", bomb, 1'000'000).error().code, Code::limit);
  EXPECT_EQ(decompress("gzip", gzip_bytes("12345"), 4).error().code, Code::limit);
  EXPECT_EQ(decompress("deflate", deflate_bytes("12345"), 4).error().code, Code::limit);
  EXPECT_EQ(decompress("identity", "12345", 4).error().code, Code::limit);
  EXPECT_EQ(decompress("gzip", gzip_bytes("12") + gzip_bytes("345"), 4).error().code, Code::limit);
}

TEST(Decompress, RefusesEveryTruncation) {
  const std::string whole = gzip_bytes("a text that is not long");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto plain = decompress("gzip", whole.substr(0, size), 1000);
    ASSERT_FALSE(plain) << size;
    EXPECT_EQ(plain.error().code, Code::bad_data) << size;
  }
}

TEST(Decompress, RefusesBrokenInput) {
  std::string broken = gzip_bytes(sample());
  broken[broken.size() / 2] = static_cast<char>(broken[broken.size() / 2] ^ 0x40);
  EXPECT_EQ(decompress("gzip", broken, 1'000'000).error().code, Code::bad_data);
  EXPECT_EQ(decompress("gzip", "plain text", 1000).error().code, Code::bad_data);
  EXPECT_EQ(decompress("gzip", gzip_bytes("x") + "trailing", 1000).error().code, Code::bad_data);
  EXPECT_EQ(decompress("deflate", "plain text", 1000).error().code, Code::bad_data);
  EXPECT_EQ(decompress("br", "x", 1000).error().code, Code::bad_data);
  EXPECT_EQ(decompress("gzip, gzip", "x", 1000).error().code, Code::bad_data);
}

TEST(Deflate, ComesBackAndIsSmaller) {
  const std::string text = sample();
  const std::string small = deflate_bytes(text);
  EXPECT_LT(small.size(), text.size() / 2);
  EXPECT_EQ(inflate_bytes(small, text.size()).value(), text);
  EXPECT_EQ(inflate_bytes(small, text.size() - 1).error().code, Code::limit);
  EXPECT_EQ(inflate_bytes(small.substr(1), text.size()).error().code, Code::bad_data);
}

}  // namespace
}  // namespace earshot::core
