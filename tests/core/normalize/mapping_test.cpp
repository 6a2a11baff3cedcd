#include <string>

#include <gmock/gmock.h>

#include "mapped.hpp"

namespace earshot::core {
namespace {

using testing::Eq;
using testing::HasSubstr;
using testing::Optional;

constexpr std::int64_t kMarch = 1'772'323'200'000'000;  // 2026-03-01T00:00:00Z

Time at(std::int64_t micros) {
  return Time(Micros(micros));
}

TEST(Mapping, FillsEveryField) {
  const Record record = record_of(
      R"("kind":"conversation","title":"/subject","content":"/body","customer_id":"/user/id",
         "customer_email":"/user/email","customer_name":"/user/name","customer_tier":"/plan",
         "category":"/about","severity":"/priority","status":"/state",
         "rating":{"value":"/stars","max":5},"language":"/lang","thread_id":"/thread",
         "updated_at":"/changed","version":"/rev","url":"/link","metadata":{"tags":"/tags"})",
      {.item = item_with(
           R"("subject":"S","body":"B","user":{"id":7,"email":"u@example.com","name":"U"},
              "plan":"Business","about":"PRAISE","priority":"high","state":"solved","stars":4.5,
              "lang":"en","thread":"T","changed":"2026-03-02T00:00:00Z","rev":42,
              "link":"https://acme.example/1","tags":["a",1])")});
  EXPECT_EQ(record.kind, RecordKind::conversation);
  EXPECT_EQ(record.source_id, "1");
  EXPECT_EQ(record.title, "S");
  EXPECT_EQ(record.content, "B");
  EXPECT_THAT(record.customer_id, Optional(Eq("7")));
  EXPECT_THAT(record.customer_email, Optional(Eq("u@example.com")));
  EXPECT_THAT(record.customer_name, Optional(Eq("U")));
  EXPECT_EQ(record.customer_tier, CustomerTier::business);
  EXPECT_EQ(record.category, Category::praise);
  EXPECT_EQ(record.severity, Severity::high);
  EXPECT_EQ(record.status, RecordStatus::solved);
  EXPECT_THAT(record.rating, Optional(Eq(Rating{4.5, 5})));
  EXPECT_THAT(record.language, Optional(Eq("en")));
  EXPECT_THAT(record.thread_id, Optional(Eq("T")));
  EXPECT_EQ(record.created_at, at(kMarch));
  EXPECT_EQ(record.updated_at, at(kMarch + 86'400'000'000));
  EXPECT_EQ(record.version, 42'000'000);
  EXPECT_THAT(record.url, Optional(Eq("https://acme.example/1")));
  EXPECT_EQ(record.metadata, R"({"tags":["a",1]})");
}

TEST(Mapping, LeavesWhatIsNotMappedAtItsDefault) {
  const Record record = record_of(R"("title":"/subject")");
  EXPECT_EQ(record.kind, RecordKind::ticket);
  EXPECT_EQ(record.title, "");
  EXPECT_EQ(record.customer_id, std::nullopt);
  EXPECT_EQ(record.category, Category::other);
  EXPECT_EQ(record.severity, std::nullopt);
  EXPECT_EQ(record.status, RecordStatus::open);
  EXPECT_EQ(record.rating, std::nullopt);
  EXPECT_EQ(record.updated_at, record.created_at);
  EXPECT_EQ(record.version, kMarch);
  EXPECT_EQ(record.metadata, "{}");
}

TEST(Mapping, KeepsIdsBeyondDoubles) {
  const auto mapping = compiled(R"({"source_id":"/id","created_at":"/at"})");
  const Mapped mapped = apply(*mapping, {.item = R"({"id":9007199254740993,"at":1772323200})"});
  ASSERT_TRUE(mapped.record.has_value());
  EXPECT_EQ(mapped.record->source_id, "9007199254740993");
  EXPECT_EQ(mapped.source_id, "9007199254740993");
}

TEST(Mapping, ComposesIdsThatAreNotUnique) {
  const auto mapping = compiled(
      R"({"source_id":{"template":"{/channel}:{/ts}"},"created_at":"/at"})", {}, "message");
  const Mapped mapped =
      apply(*mapping, {.item = R"({"channel":"C1","ts":"17.000100","at":"2026-03-01"})"});
  ASSERT_TRUE(mapped.record.has_value());
  EXPECT_EQ(mapped.record->source_id, "C1:17.000100");
}

TEST(Mapping, RejectsAnItemWithoutId) {
  const auto mapping = compiled(R"({"source_id":"/id","created_at":"/at"})");
  for (const char* item : {R"({"at":1})", R"({"id":null,"at":1})", R"({"id":"","at":1})"}) {
    const Mapped mapped = apply(*mapping, {.item = item});
    EXPECT_FALSE(mapped.record.has_value());
    EXPECT_EQ(mapped.rejected, "source_id: /id is missing or empty");
  }
  EXPECT_THAT(apply(*mapping, {.item = R"({"id":{"a":1},"at":1})"}).rejected,
              HasSubstr("which is no id"));
}

TEST(Mapping, RejectsAnItemWithoutReadableCreation) {
  const auto mapping = compiled(R"({"source_id":"/id","created_at":"/at"})");
  const Mapped mapped = apply(*mapping, {.item = R"({"id":5,"at":"yesterday"})"});
  EXPECT_FALSE(mapped.record.has_value());
  EXPECT_EQ(mapped.rejected, "created_at: /at holds \"yesterday\", which is no time");
  EXPECT_EQ(mapped.source_id, "5");
  EXPECT_EQ(apply(*mapping, {.item = R"({"id":5})"}).rejected,
            "created_at: /at is missing or empty");
}

TEST(Mapping, SaysThatNothingIsMapped) {
  const auto mapping = compiled(R"({"created_at":"/at"})");
  EXPECT_EQ(apply(*mapping, {.item = R"({"id":5,"at":1})"}).rejected,
            "source_id: neither mapped nor computed by the plugin");
}

TEST(Mapping, TakesCreationForAnUnreadableUpdate) {
  const Record record =
      record_of(R"("updated_at":"/changed")", {.item = item_with(R"("changed":"soon")")});
  EXPECT_EQ(record.updated_at, record.created_at);
}

TEST(Mapping, ReadsTimesInAnyDocumentedForm) {
  const auto created = [](const std::string& value) {
    const auto mapping = compiled(R"({"source_id":"/id","created_at":"/at"})");
    const Mapped mapped = apply(*mapping, {.item = R"({"id":1,"at":)" + value + "}"});
    return mapped.record ? mapped.record->created_at : Time{};
  };
  EXPECT_EQ(created("1772323200"), at(kMarch));
  EXPECT_EQ(created("1772323200000"), at(kMarch));
  EXPECT_EQ(created("\"1772323200\""), at(kMarch));
  EXPECT_EQ(created("\"2026-03-01T01:00:00+01:00\""), at(kMarch));
}

TEST(Mapping, NamesWordsItDoesNotKnow) {
  const auto mapping = compiled(
      R"({"source_id":"/id","created_at":"/created_at","severity":{"at":"/p","map":{"p1":"urgent"}},
          "category":{"at":"/c","map":{"b":"bug_report"},"else":"support"},"status":"/s",
          "customer_tier":{"at":"/t","else":"free"},
          "metadata":{"lane":{"at":"/l","map":{"a":"fast"}}}})");
  const Mapped mapped = apply(
      *mapping, {.item = item_with(R"("p":"p9","c":"zzz","s":"frozen","t":"diamond","l":"b")")});
  ASSERT_TRUE(mapped.record.has_value());
  std::vector<std::string> unknown;
  for (const UnknownValue& one : mapped.unknown_values)
    unknown.push_back(one.field + "=" + one.value);
  EXPECT_THAT(unknown, testing::UnorderedElementsAre("severity=p9", "category=zzz", "status=frozen",
                                                     "customer_tier=diamond", "metadata.lane=b"));
  EXPECT_EQ(mapped.record->severity, std::nullopt);
  EXPECT_EQ(mapped.record->category, Category::support);
  EXPECT_EQ(mapped.record->status, RecordStatus::open);
  EXPECT_EQ(mapped.record->customer_tier, CustomerTier::free);
}

TEST(Mapping, CountsNothingWhereNothingStands) {
  const auto mapping = compiled(
      R"({"source_id":"/id","created_at":"/created_at","severity":{"at":"/p","map":{"p1":"urgent"}},
          "status":"/s","category":{"at":"/tags","first_match":{"bug":"bug_report"}}})");
  const Mapped mapped = apply(*mapping, {.item = item_with(R"("p":null,"s":"","tags":["x"])")});
  EXPECT_TRUE(mapped.unknown_values.empty());
}

TEST(Mapping, KeepsIdAndTimesAloneOfWhatTheProductDeleted) {
  const Record record = record_of(
      R"("title":"/subject","content":"/body","status":{"at":"/state","map":{"gone":"deleted"}},
         "customer_id":"/user","customer_email":"/mail","customer_name":"/name",
         "customer_tier":{"const":"enterprise"},"language":"/lang","thread_id":"/user",
         "url":"/mail","category":{"const":"bug_report"},"severity":{"const":"high"},
         "rating":{"value":"/user","max":"/user"},"updated_at":"/changed",
         "metadata":{"status":"/state"})",
      {.item = item_with(R"("subject":"S","body":"B","state":"GONE","user":7,"mail":"a@example.com",
                            "name":"A","lang":"en","changed":"2026-03-02T00:00:00Z")"),
       .computed = {{"metadata.tags", "[\"vip\"]", ComputedField::Format::json}}});
  EXPECT_EQ(record.status, RecordStatus::deleted);
  EXPECT_EQ(record.source_id, "1");
  EXPECT_EQ(record.created_at, at(kMarch));
  EXPECT_EQ(record.updated_at, at(kMarch + 86'400'000'000));
  EXPECT_EQ(record.version, kMarch + 86'400'000'000);
  EXPECT_EQ(record.title + record.content, "");
  for (const auto& personal : {record.customer_id, record.customer_email, record.customer_name,
                               record.language, record.thread_id, record.url})
    EXPECT_EQ(personal, std::nullopt);
  EXPECT_EQ(record.customer_tier, std::nullopt);
  EXPECT_EQ(record.category, Category::other);
  EXPECT_EQ(record.severity, std::nullopt);
  EXPECT_EQ(record.rating, std::nullopt);
  EXPECT_EQ(record.metadata, "{}");
}

TEST(Mapping, TakesOnlyIdAndTimeOfATombstone) {
  const Record record = record_of(
      R"("title":"/subject","customer_id":"/user","updated_at":"/gone_at","status":"/state")",
      {.item =
           item_with(R"("subject":"S","user":7,"gone_at":"2026-03-02T00:00:00Z","state":"open")"),
       .tombstone = true});
  EXPECT_EQ(record.status, RecordStatus::deleted);
  EXPECT_EQ(record.source_id, "1");
  EXPECT_EQ(record.title, "");
  EXPECT_EQ(record.customer_id, std::nullopt);
  EXPECT_EQ(record.updated_at, at(kMarch + 86'400'000'000));
  EXPECT_EQ(record.version, kMarch + 86'400'000'000);
}

TEST(Mapping, AcceptsATombstoneWithoutTime) {
  const auto mapping =
      compiled(R"({"source_id":"/id","created_at":"/created","updated_at":"/updated"})");
  const Mapped none = apply(*mapping, {.item = R"({"id":5})", .tombstone = true});
  ASSERT_TRUE(none.record.has_value()) << none.rejected;
  EXPECT_EQ(none.record->created_at, Time{});
  const Mapped one =
      apply(*mapping, {.item = R"({"id":5,"updated":"2026-03-01"})", .tombstone = true});
  ASSERT_TRUE(one.record.has_value()) << one.rejected;
  EXPECT_EQ(one.record->created_at, at(kMarch));
}

TEST(Mapping, NeedsAnIdForATombstoneToo) {
  const auto mapping = compiled(R"({"source_id":"/id","created_at":"/created"})");
  EXPECT_FALSE(apply(*mapping, {.item = "{}", .tombstone = true}).record.has_value());
}

TEST(Mapping, PrefersOverrideToComputedToManifest) {
  const Sample sample{.item = item_with(R"("a":"manifest","b":"operator")"),
                      .computed = {{"title", "plugin"}, {"content", "plugin"}}};
  const Record record =
      record_of(R"("title":"/a","content":"/a","language":"/a")", sample, R"({"title":"/b"})");
  EXPECT_EQ(record.title, "operator");
  EXPECT_EQ(record.content, "plugin");
  EXPECT_THAT(record.language, Optional(Eq("manifest")));
}

TEST(Mapping, LetsTheOperatorAddAField) {
  const Record record = record_of(
      R"("title":"/a")",
      {.item = item_with(R"("custom_fields":[{"id":360000100003,"value":"Enterprise"}])")},
      R"({"customer_tier":{"find":"/custom_fields","id":360000100003,"take":"/value"}})");
  EXPECT_EQ(record.customer_tier, CustomerTier::enterprise);
}

TEST(Mapping, MergesMetadataByName) {
  const Record record =
      record_of(R"("metadata":{"a":"/a","b":"/b","c":"/c","n":"/n"})",
                {.item = item_with(R"("a":1,"b":2,"c":3,"n":null,"x":"operator")"),
                 .computed = {{"metadata.b", "{\"deep\":[true]}", ComputedField::Format::json},
                              {"metadata.c", "plugin"},
                              {"metadata.d", "<b>bold</b>", ComputedField::Format::html}}},
                R"({"metadata":{"c":"/x","e":"/x"}})");
  EXPECT_EQ(record.metadata,
            R"({"a":1,"b":{"deep":[true]},"c":"operator","e":"operator","d":"bold"})");
}

TEST(Mapping, KeepsComputedTextThatIsNoJson) {
  const Record record = record_of(
      R"("title":"/a")", {.computed = {{"metadata.x", "{broken", ComputedField::Format::json}}});
  EXPECT_EQ(record.metadata, R"({"x":"{broken"})");
}

TEST(Mapping, WorksOnComputedFieldsAlone) {
  const auto mapping = compiled(R"({"title":"/subject"})");
  const Mapped mapped =
      apply(*mapping, {.item = "",
                       .computed = {{"source_id", "c-1"},
                                    {"created_at", "2026-03-01T00:00:00Z"},
                                    {"title", "T"},
                                    {"content", "<p>Hello</p>", ComputedField::Format::html},
                                    {"category", "PRAISE"},
                                    {"rating.value", "9"},
                                    {"rating.max", "10"}}});
  ASSERT_TRUE(mapped.record.has_value()) << mapped.rejected;
  EXPECT_EQ(mapped.record->source_id, "c-1");
  EXPECT_EQ(mapped.record->title, "T");
  EXPECT_EQ(mapped.record->content, "Hello");
  EXPECT_EQ(mapped.record->category, Category::praise);
  EXPECT_THAT(mapped.record->rating, Optional(Eq(Rating{9, 10})));
}

TEST(Mapping, CleansTextFromAnywhere) {
  const Record record = record_of(R"("title":"/t")", {.item = item_with(R"("t":"a\u0000b")"),
                                                      .computed = {{"content", "x\xFFy"}}});
  EXPECT_EQ(record.title,
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(record.content,
            "x\xEF\xBF\xBD"
            "y");
}

TEST(Mapping, CleansTextThatIsKeptAsJson) {
  const Record record =
      record_of(R"("title":"/t","metadata":{"nested":"/t","said":{"const":"x"}})",
                {.item = item_with(R"("t":{"a\u0000":"b\u0000"})"),
                 .computed = {{"metadata.word", std::string("c\0d", 3)},
                              {"metadata.list", R"(["\u0000"])", ComputedField::Format::json}}});
  EXPECT_EQ(record.title, R"({"a\ufffd":"b\ufffd"})");
  EXPECT_EQ(record.metadata,
            R"({"nested":{"a\ufffd":"b\ufffd"},"said":"x","word":"c\ufffdd","list":["\ufffd"]})");
}

TEST(Mapping, RatesOnlyByNumbers) {
  const auto rating = [](const std::string& members) {
    return record_of(R"("rating":{"value":{"at":"/s","map":{"good":1,"bad":0}},"max":{"const":1}})",
                     {.item = item_with(members)})
        .rating;
  };
  EXPECT_THAT(rating(R"("s":"good")"), Optional(Eq(Rating{1, 1})));
  EXPECT_THAT(rating(R"("s":"bad")"), Optional(Eq(Rating{0, 1})));
  EXPECT_EQ(rating(R"("s":"unoffered")"), std::nullopt);
  EXPECT_EQ(
      record_of(R"("rating":{"value":"/s","max":5})", {.item = item_with(R"("s":"many")")}).rating,
      std::nullopt);
}

TEST(Mapping, OrdersByTheMappedVersion) {
  const auto version = [](const std::string& value) {
    return record_of(R"("version":"/v")", {.item = item_with("\"v\":" + value)}).version;
  };
  EXPECT_EQ(version("\"2026-03-01T00:00:00.5Z\""), kMarch + 500'000);
  EXPECT_EQ(version("\"seven\""), kMarch);
  EXPECT_EQ(version("-7"), -7);
  EXPECT_EQ(version("1772323200000000001"), 1'772'323'200'000'000'001);
}

TEST(Mapping, ComparesVersionsOfAllUnits) {
  const auto version = [](const std::string& value) {
    return record_of(R"("version":"/v")", {.item = item_with("\"v\":" + value)}).version;
  };
  for (const char* unit : {"1772323200", "1772323200000", "1772323200000000"})
    EXPECT_EQ(version(unit), kMarch) << unit;
}

/// An item that was stored by one of them must not look newer, or older, by the next.
TEST(Mapping, KeepsTheScaleOfVersionsAcrossOverrides) {
  const Sample counted{.item = item_with(R"("changed":"2026-03-01T00:00:00Z","v":1772323200)")};
  const Sample without{.item = item_with(R"("changed":"2026-03-01T00:00:00Z")")};
  const std::string by_seconds = R"("updated_at":"/changed","version":"/v")";
  EXPECT_EQ(record_of(by_seconds, counted).version, kMarch);
  EXPECT_EQ(record_of(by_seconds, counted, R"({"version":"/changed"})").version, kMarch);
  EXPECT_EQ(record_of(by_seconds, without).version, kMarch);
  EXPECT_EQ(record_of(R"("updated_at":"/changed")", counted, R"({"version":"/v"})").version,
            kMarch);
  EXPECT_EQ(record_of(R"("updated_at":"/changed")", counted).version, kMarch);
}

TEST(Mapping, KeepsTheOrderOfCountedVersions) {
  std::int64_t last = -1;
  for (const char* count : {"0", "1", "2", "4096", "99999999999"}) {
    const std::int64_t version = Mapping::version_of(count).value_or(-1);
    EXPECT_GT(version, last) << count;
    last = version;
  }
}

TEST(Mapping, KnowsTheWindowAndKindItWasGiven) {
  const auto by_creation = compiled(R"({"kind":"call","window":"created_at"})");
  EXPECT_TRUE(by_creation->window_on_created());
  EXPECT_EQ(by_creation->kind(), RecordKind::call);
  EXPECT_FALSE(compiled("{}")->window_on_created());
  EXPECT_EQ(compiled("{}", {}, "review")->kind(), RecordKind::review);
}

TEST(Mapping, ChangesItsRevisionWithItsText) {
  const auto plain = compiled(R"({"title":"/a"})")->revision();
  EXPECT_EQ(compiled(R"({ "title": "/a" })")->revision(), plain);
  EXPECT_NE(compiled(R"({"title":"/b"})")->revision(), plain);
  EXPECT_NE(compiled(R"({"title":"/a"})", R"({"content":"/b"})")->revision(), plain);
}

TEST(Mapping, KnowsWhatAPluginMayCompute) {
  for (const char* name : {"content", "source_id", "rating.value", "metadata.x"}) {
    EXPECT_TRUE(Mapping::is_field(name)) << name;
  }
  for (const char* name : {"contents", "metadata.", "kind", "rating", ""}) {
    EXPECT_FALSE(Mapping::is_field(name)) << name;
  }
}

}  // namespace
}  // namespace earshot::core
