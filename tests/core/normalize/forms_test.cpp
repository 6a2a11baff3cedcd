#include <string>

#include <gmock/gmock.h>

#include "mapped.hpp"

namespace earshot::core {
namespace {

using testing::Eq;
using testing::Optional;

/// What a form makes of an item's members, as the record's thread_id.
std::optional<std::string> value_of(const std::string& form, const std::string& members,
                                    const std::string& page = "{}",
                                    const std::string& config = "{}") {
  return record_of(R"("thread_id":)" + form,
                   {.item = item_with(members), .page = page, .config = config})
      .thread_id;
}

TEST(PointerForm, ReadsTheItem) {
  EXPECT_THAT(value_of(R"("/a")", R"("a":"x")"), Optional(Eq("x")));
  EXPECT_THAT(value_of(R"("/a/b/1")", R"("a":{"b":["x","y"]})"), Optional(Eq("y")));
  EXPECT_THAT(value_of(R"("/a~1b/c~0d")", R"("a/b":{"c~d":"x"})"), Optional(Eq("x")));
  EXPECT_EQ(value_of(R"("/a/b")", R"("a":"x")"), std::nullopt);
  EXPECT_EQ(value_of(R"("/a")", R"("a":null)"), std::nullopt);
  EXPECT_EQ(value_of(R"("/a")", R"("a":"")"), std::nullopt);
}

TEST(PointerForm, ReadsRefs) {
  EXPECT_THAT(value_of(R"("$page/meta/id")", R"("a":1)", R"({"meta":{"id":"p"}})"),
              Optional(Eq("p")));
  EXPECT_EQ(value_of(R"("$survey/id")", R"("a":1)"), std::nullopt);
}

TEST(PointerForm, KeepsNumbersAsTheyAreWritten) {
  EXPECT_THAT(value_of(R"("/a")", R"("a":9007199254740993)"), Optional(Eq("9007199254740993")));
  EXPECT_THAT(value_of(R"("/a")", R"("a":123456789012345678901234567890)"),
              Optional(Eq("123456789012345678901234567890")));
  EXPECT_THAT(value_of(R"("/a")", R"("a":1.50)"), Optional(Eq("1.50")));
  EXPECT_THAT(value_of(R"("/a")", R"("a":true)"), Optional(Eq("true")));
}

TEST(PointerForm, CutsNothingOfArraysAndObjects) {
  EXPECT_THAT(value_of(R"("/a")", R"("a":[1,{"b":"c"}])"), Optional(Eq(R"([1,{"b":"c"}])")));
}

TEST(PointerForm, ReadsRowsOfCells) {
  const auto mapping =
      compiled(R"({"kind":"row","source_id":"/0","created_at":"/2","title":"/1"})");
  const Mapped mapped = apply(*mapping, {.item = R"(["r7","Hello","2026-03-01"])"});
  ASSERT_TRUE(mapped.record.has_value()) << mapped.rejected;
  EXPECT_EQ(mapped.record->source_id, "r7");
  EXPECT_EQ(mapped.record->title, "Hello");
}

TEST(PointerForm, ReadsTheWholeItem) {
  EXPECT_THAT(record_of(R"("title":"")").title,
              Eq(R"({"id":1,"created_at":"2026-03-01T00:00:00Z"})"));
}

TEST(PointerForm, TakesTheFirstOfDoubledMembers) {
  EXPECT_THAT(value_of(R"("/a")", R"("a":"first","a":"second")"), Optional(Eq("first")));
}

TEST(ConstantForm, IsItself) {
  EXPECT_THAT(value_of(R"({"const":"x"})", R"("a":1)"), Optional(Eq("x")));
  EXPECT_EQ(value_of(R"({"const":null})", R"("a":1)"), std::nullopt);
}

TEST(TemplateForm, PutsTextTogether) {
  EXPECT_THAT(value_of(R"({"template":"https://{subdomain}.acme.example/{/a/id}?p={$page/n}"})",
                       R"("a":{"id":9007199254740993})", R"({"n":2})", R"({"subdomain":"me"})"),
              Optional(Eq("https://me.acme.example/9007199254740993?p=2")));
}

TEST(TemplateForm, IsNothingWhereAPartIsMissing) {
  EXPECT_EQ(value_of(R"({"template":"{/channel}:{/ts}"})", R"("channel":"C1")"), std::nullopt);
  EXPECT_EQ(value_of(R"({"template":"{subdomain}"})", R"("a":1)"), std::nullopt);
}

TEST(FirstForm, SkipsWhatIsAbsentNullOrEmpty) {
  EXPECT_THAT(value_of(R"({"first":["/a","/b","/c",{"const":"x"}]})", R"("b":null,"c":"")"),
              Optional(Eq("x")));
  EXPECT_THAT(value_of(R"({"first":["/a",{"template":"{/b}!"}]})", R"("b":"y")"),
              Optional(Eq("y!")));
  EXPECT_EQ(value_of(R"({"first":["/a","/b"]})", R"("c":1)"), std::nullopt);
}

TEST(MapForm, TranslatesWithoutRegardToCase) {
  constexpr const char* kForm = R"({"at":"/a","map":{"high":"H","2":"two","true":"yes"}})";
  EXPECT_THAT(value_of(kForm, R"("a":"HIGH")"), Optional(Eq("H")));
  EXPECT_THAT(value_of(kForm, R"("a":2)"), Optional(Eq("two")));
  EXPECT_THAT(value_of(kForm, R"("a":true)"), Optional(Eq("yes")));
  EXPECT_EQ(value_of(kForm, R"("a":"low")"), std::nullopt);
}

TEST(MapForm, FallsBackToElse) {
  constexpr const char* kForm = R"({"at":"/a","map":{"x":"X","none":null},"else":"other"})";
  EXPECT_THAT(value_of(kForm, R"("a":"y")"), Optional(Eq("other")));
  EXPECT_THAT(value_of(kForm, R"("b":"y")"), Optional(Eq("other")));
  EXPECT_EQ(value_of(kForm, R"("a":"none")"), std::nullopt);
}

TEST(MapForm, FollowsAnySource) {
  constexpr const char* kForm =
      R"({"first":["/a","/b"],"map":{"gold":"enterprise"},"else":"free"})";
  EXPECT_THAT(value_of(kForm, R"("b":"Gold")"), Optional(Eq("enterprise")));
  EXPECT_THAT(value_of(kForm, R"("b":"tin")"), Optional(Eq("free")));
}

TEST(FirstMatchForm, TakesTheFirstDeclaredWordThatOccurs) {
  constexpr const char* kForm = R"({"at":"/a","first_match":{"bug":"B","idea":"I"},"else":"E"})";
  EXPECT_THAT(value_of(kForm, R"("a":["idea","x","BUG"])"), Optional(Eq("B")));
  EXPECT_THAT(value_of(kForm, R"("a":["idea"])"), Optional(Eq("I")));
  EXPECT_THAT(value_of(kForm, R"("a":"Idea")"), Optional(Eq("I")));
  EXPECT_THAT(value_of(kForm, R"("a":["debug"])"), Optional(Eq("E")));
  EXPECT_THAT(value_of(kForm, R"("a":[])"), Optional(Eq("E")));
  EXPECT_THAT(value_of(kForm, R"("b":1)"), Optional(Eq("E")));
}

TEST(FirstMatchForm, TakesTheWordsOutOfObjects) {
  constexpr const char* kForm =
      R"({"at":"/tags","take":"/name","first_match":{"bug":"B","idea":"I"},"else":"E"})";
  EXPECT_THAT(value_of(kForm, R"("tags":[{"id":1,"name":"Idea"},{"id":2,"name":"x"}])"),
              Optional(Eq("I")));
  EXPECT_THAT(value_of(kForm, R"("tags":[{"id":1},"bug"])"), Optional(Eq("E")));
}

TEST(LookupForm, FindsAnElementOfARefByKey) {
  constexpr const char* kForm =
      R"({"lookup":"$page/users","key":"/id","equals":"/user","take":"/email"})";
  constexpr const char* kPage =
      R"({"users":[{"id":9007199254740992,"email":"a@example.com"},
                   {"id":9007199254740993,"email":"b@example.com"},
                   {"id":9007199254740993,"email":"c@example.com"}]})";
  EXPECT_THAT(value_of(kForm, R"("user":9007199254740993)", kPage), Optional(Eq("b@example.com")));
  EXPECT_THAT(value_of(kForm, R"("user":"9007199254740993")", kPage),
              Optional(Eq("b@example.com")));
  EXPECT_EQ(value_of(kForm, R"("user":3)", kPage), std::nullopt);
  EXPECT_EQ(value_of(kForm, R"("user":null)", kPage), std::nullopt);
  EXPECT_EQ(value_of(kForm, R"("user":1)"), std::nullopt);
}

TEST(LookupForm, FindsAnElementOfTheItem) {
  EXPECT_THAT(value_of(R"({"lookup":"/people","equals":"/by","take":"/name","else":"nobody"})",
                       R"("by":2,"people":[{"id":1,"name":"A"},{"id":2,"name":"B"}])"),
              Optional(Eq("B")));
}

TEST(LookupForm, IndexesEachPageOnItsOwn) {
  const auto mapping = compiled(
      R"({"source_id":"/id","created_at":"/at",
          "title":{"lookup":"$page/users","equals":"/user","take":"/name"}})");
  const auto item = parsed(R"({"id":1,"at":0,"user":7})");
  const auto first = parsed(R"({"users":[{"id":7,"name":"one"}]})");
  const auto second = parsed(R"({"users":[{"id":8,"name":"two"}]})");
  Mapping::Session session(*mapping);
  const auto title_on = [&](const JsonDocument& page) {
    return session.apply({.item = item->root(), .refs = {{"page", page.root()}}}).record->title;
  };
  EXPECT_EQ(title_on(*first), "one");
  EXPECT_EQ(title_on(*second), "");
  EXPECT_EQ(title_on(*first), "one");
}

TEST(FindForm, FindsAPairById) {
  constexpr const char* kForm =
      R"({"find":"/fields","id":360000100003,"take":"/value","map":{"plan_e":"enterprise"}})";
  EXPECT_THAT(
      value_of(kForm, R"("fields":[{"id":1,"value":"x"},{"id":360000100003,"value":"plan_e"}])"),
      Optional(Eq("enterprise")));
  EXPECT_EQ(value_of(kForm, R"("fields":[{"id":360000100003,"value":null}])"), std::nullopt);
  EXPECT_EQ(value_of(kForm, R"("fields":{})"), std::nullopt);
  EXPECT_THAT(value_of(R"({"find":"/fields","key":"/name","id":"plan","take":"/text"})",
                       R"("fields":[{"name":"plan","text":"pro"}])"),
              Optional(Eq("pro")));
}

TEST(JoinForm, JoinsWhatIsWanted) {
  constexpr const char* kForm =
      R"({"join":"/parts","where":{"at":"/type","in":["comment","note"]},"take":"/body",
          "separator":"\n\n"})";
  EXPECT_THAT(value_of(kForm, R"("parts":[{"type":"comment","body":"one"},
                                          {"type":"assignment","body":"hidden"},
                                          {"type":"NOTE","body":"two"},{"type":"note","body":null}])"),
              Optional(Eq("one\n\ntwo")));
  EXPECT_EQ(value_of(kForm, R"("parts":[])"), std::nullopt);
}

TEST(JoinForm, JoinsTextsThemselves) {
  EXPECT_THAT(value_of(R"({"join":"/tags","separator":", "})", R"("tags":["a",2,"b",[]])"),
              Optional(Eq("a, 2, b")));
  EXPECT_THAT(value_of(R"({"join":"/tags"})", R"("tags":["a","b"])"), Optional(Eq("a\nb")));
}

TEST(JoinForm, MakesEachPartReadable) {
  EXPECT_THAT(value_of(R"({"join":"/parts","take":"/body","format":"html","separator":"\n--\n"})",
                       R"("parts":[{"body":"<p>one</p>"},{"body":"<p>two &amp; three</p>"}])"),
              Optional(Eq("one\n--\ntwo & three")));
}

TEST(FormatForm, TurnsHtmlIntoText) {
  EXPECT_THAT(value_of(R"({"at":"/a","format":"html"})", R"("a":"<p>Hi<br>there</p>")"),
              Optional(Eq("Hi\nthere")));
  EXPECT_THAT(value_of(R"({"at":"/a","format":"text"})", R"("a":"<p>Hi</p>")"),
              Optional(Eq("<p>Hi</p>")));
}

}  // namespace
}  // namespace earshot::core
