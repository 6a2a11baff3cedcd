#include <gmock/gmock.h>

#include <earshot/core/json/writer.hpp>

#include "core/json/parsed.hpp"

namespace earshot::core {
namespace {

using testing::HasSubstr;

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

TEST(JsonLimits, AllowTheirDepthAndNoMore) {
  EXPECT_TRUE(JsonDocument::parse(nested(512)));
  const Error error = refused(nested(513));
  EXPECT_EQ(error.code, Code::limit);
  EXPECT_THAT(error.message, HasSubstr("deeper than 512 levels"));
}

TEST(JsonLimits, StopAHundredThousandLevels) {
  EXPECT_EQ(refused(nested(100'000)).code, Code::limit);
  EXPECT_EQ(refused(std::string(100'000, '[')).code, Code::limit);
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(refused(objects).code, Code::limit);
}

TEST(JsonLimits, NeedNoStackWhereDepthIsAllowed) {
  constexpr std::size_t kDeep = 1'000'000;
  const auto document = JsonDocument::parse(nested(kDeep), {.depth = kDeep, .nodes = kDeep});
  ASSERT_TRUE(document);
  EXPECT_EQ(document.value()->root().dump().size(), 2 * kDeep);
}

TEST(JsonLimits, CountDepthNotSiblings) {
  EXPECT_TRUE(JsonDocument::parse("[[],[],[[]],{\"a\":[]}]", {.depth = 3, .nodes = 100}));
  EXPECT_EQ(refused("[[[[]]]]", {.depth = 3, .nodes = 100}).code, Code::limit);
}

TEST(JsonLimits, AllowTheirNodesAndNoMore) {
  EXPECT_TRUE(JsonDocument::parse("[1,2,3]", {.depth = 1, .nodes = 4}));
  const Error error = refused("[1,2,3,4]", {.depth = 1, .nodes = 4});
  EXPECT_EQ(error.code, Code::limit);
  EXPECT_THAT(error.message, HasSubstr("more than 4 values"));
  EXPECT_TRUE(JsonDocument::parse(R"({"a":1})", {.depth = 1, .nodes = 3}));
  EXPECT_EQ(refused(R"({"a":1,"b":2})", {.depth = 1, .nodes = 3}).code, Code::limit);
}

TEST(JsonLimits, HoldSixteenMegabytesOfTickets) {
  constexpr std::size_t kSize = 16 * 1024 * 1024;
  std::string text = R"({"tickets":[)";
  std::size_t count = 0;
  for (; text.size() < kSize; ++count) {
    if (count > 0) text += ',';
    text += "{\"id\":" + std::to_string(count) + R"(,"subject":"Printer \u2019s on fire",)" +
            R"("tags":["a","b"],"description":")" + std::string(2000, 'd') + "\"}";
  }
  text += "]}";
  const auto document = parsed(std::move(text));
  const JsonValue tickets = document->root().member("tickets");
  EXPECT_EQ(tickets.size(), count);
  std::size_t seen = 0;
  for (const JsonValue ticket : tickets) {
    ASSERT_EQ(ticket.member("id").integer(), static_cast<std::int64_t>(seen++));
    ASSERT_EQ(ticket.member("description").text().size(), 2000u);
  }
  EXPECT_EQ(seen, count);
  EXPECT_GT(document->footprint(), kSize);
  EXPECT_LT(document->footprint(), 4 * kSize);
}

TEST(JsonLimits, HoldOneStringOfSixteenMegabytes) {
  const std::string content(16 * 1024 * 1024, 's');
  EXPECT_EQ(parsed("\"" + content + "\"")->root().text(), content);
}

}  // namespace
}  // namespace earshot::core
