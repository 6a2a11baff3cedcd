#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include <earshot/sdk/testing.hpp>

const earshot::sdk::ManifestText earshot_manifest_text{"{}", "probe", ""};

namespace earshot::sdk::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

/// Does one of everything, as the configuration's `do` says.
class Probe final : public BaseIntegration {
 public:
  Result<Account> authenticate(Call& call) override {
    EAR_TRY(const Page me, call.get("/v1/me"));
    EAR_TRY(std::string id, me.text("/id"));
    return Account{.id = std::move(id), .name = std::string(me.header("Content-Type"))};
  }

  Result<void> fetch_feedback(Call& call, const FetchRequest& request) override {
    const std::string what = call.config().text_or("/do", "");
    if (what == "wrong config") return drop(call.config().integer("/do"));
    if (what == "empty cursor") return call.checkpoint("");
    if (what == "missing page") return drop(call.get("/v1/nothing"));
    if (what == "missing items") return drop(call.emit_page(*call.get(first()), "/none", "note"));
    if (what == "absent items")
      return drop(
          call.emit_page(*call.get(first()), "/none", "note", {.flags = EAR_EMIT_ABSENT_OK}));
    if (what == "wrong report") return call.report("colour", "red");
    if (what == "problem")
      return call.problem("board", {.code = Code::not_found, .message = "gone"});
    if (what == "any status") {
      EAR_TRY(const Page page,
              call.send({.path = "/v1/notes", .query = {{"after", "102"}, {"limit", "100"}}}));
      return call.total(static_cast<std::uint64_t>(page.status()));
    }
    if (what == "all at once") {
      const std::vector<Request> both{{.path = "/v1/notes?limit=100&after=0"},
                                      {.path = "/v1/nothing"}};
      EAR_TRY(const auto pages, call.send_all(both));
      return call.total(static_cast<std::uint64_t>(pages[0].has_value()) * 10 +
                        static_cast<std::uint64_t>(pages[1].has_value()));
    }
    return emit_one(call, request);
  }

  Result<Webhook> register_webhook(Call& call, std::string_view url, const Value& state) override {
    EAR_CHECK(call.secret_put("signing", url));
    return Webhook::registered(state.text_or("/hook_id", "new"));
  }

 private:
  static std::string first() { return path("/v1/notes", {{"after", "0"}, {"limit", "100"}}); }
  template <typename T>
  static Result<void> drop(const Result<T>& result) {
    if (result) return {};
    return result.error();
  }
  static Result<void> emit_one(Call& call, const FetchRequest& request) {
    EAR_TRY(const Page page, call.get(first()));
    const std::string from = request.from ? rfc3339(*request.from) : "open";
    EAR_CHECK(call.emit(page, "/notes/1", "note", {.fields = {field("metadata.from", from)}}));
    EAR_CHECK(call.checkpoint("board", "7"));
    return call.sleep(std::chrono::hours(1));
  }
};

}  // namespace
}  // namespace earshot::sdk::testing

EARSHOT_PLUGIN(earshot::sdk::testing::Probe)

namespace earshot::sdk::testing {
namespace {

const std::filesystem::path kCassettes = CASSETTES;

Outcome fetch(std::string_view what) {
  FakeHost host;
  host.config(json::object({{"do", what}}).text()).play(kCassettes / "first_run.har");
  return host.fetch();
}

TEST(FakeHost, ReportsWhatAuthenticateFound) {
  FakeHost host;
  const Outcome outcome = host.play(kCassettes / "authenticate.har").authenticate();
  EXPECT_EQ(outcome.code, Code::ok) << outcome.message;
  EXPECT_THAT(outcome.reports, UnorderedElementsAre(Pair("account_id", "71"),
                                                    Pair("account_name", "application/json")));
}

TEST(FakeHost, TurnsARefusalIntoTheCodeOfItsStatus) {
  FakeHost host;
  const Outcome outcome = host.play(kCassettes / "auth_fail.har").authenticate();
  EXPECT_EQ(outcome.code, Code::auth);
  EXPECT_THAT(outcome.message, HasSubstr("GET /v1/me answered 401"));
}

TEST(FakeHost, RecordsItemsFieldsAndCheckpoints) {
  FakeHost host;
  host.play(kCassettes / "first_run.har");
  const Outcome outcome = host.fetch({.from = Time(std::chrono::seconds(0)), .to = {}});
  ASSERT_EQ(outcome.code, Code::ok) << outcome.message;
  ASSERT_EQ(outcome.items.size(), 1U);
  EXPECT_EQ(outcome.items[0].mapping, "note");
  EXPECT_THAT(outcome.items[0].json, HasSubstr(R"({"id":102,"text":"Dark mode, please!")"));
  EXPECT_THAT(outcome.items[0].fields, ElementsAre(Pair("metadata.from", "1970-01-01T00:00:00Z")));
  ASSERT_EQ(outcome.checkpoints.size(), 1U);
  EXPECT_EQ(outcome.checkpoints[0].stream, "board");
  EXPECT_EQ(outcome.checkpoints[0].items, 1U);
  EXPECT_THAT(host.cursors(), ElementsAre(Pair("board", "7")));
  EXPECT_THAT(outcome.unused, ElementsAre("GET /v1/notes?after=102&limit=100",
                                          "GET /v1/notes?after=102&limit=100"));
}

TEST(FakeHost, AsksAgainAfterARefusalForRate) {
  FakeHost host;
  host.config(R"({"do": "any status"})").play(kCassettes / "first_run.har");
  const Outcome outcome = host.fetch();
  EXPECT_EQ(outcome.reports.at("total"), "200") << outcome.message;
}

TEST(FakeHost, AnswersEachOfSeveralRequests) {
  EXPECT_EQ(fetch("all at once").reports.at("total"), "10");
}

TEST(FakeHost, FindsWhatBreaksTheContract) {
  EXPECT_EQ(fetch("empty cursor").code, Code::misuse);
  EXPECT_EQ(fetch("wrong report").code, Code::misuse);
  EXPECT_EQ(fetch("missing items").code, Code::bad_data);
  EXPECT_EQ(fetch("absent items").code, Code::ok);
  EXPECT_EQ(fetch("missing page").code, Code::network);
  EXPECT_EQ(fetch("missing page").message, "no recorded answer for GET /v1/nothing");
}

TEST(FakeHost, BlamesTheConfigurationForWhatIsWrongInIt) {
  const Outcome outcome = fetch("wrong config");
  EXPECT_EQ(outcome.code, Code::config) << outcome.message;
  EXPECT_EQ(outcome.message, "expected an integer at /do, found a string");
}

TEST(FakeHost, KeepsProblemsOfStreams) {
  EXPECT_THAT(fetch("problem").problems, ElementsAre(Pair("board", "gone")));
}

TEST(FakeHost, StopsAtAnySuspension) {
  FakeHost host;
  std::size_t completed = 0;
  for (std::size_t n = 1; n <= 5; ++n) {
    const Outcome outcome =
        host.play(kCassettes / "first_run.har").stop_at(n, Code::yielded).fetch();
    if (outcome.code == Code::ok)
      ++completed;
    else
      EXPECT_EQ(outcome.code, Code::yielded);
  }
  EXPECT_EQ(completed, 1U) << "request, emit, checkpoint and sleep may wait";
}

TEST(FakeHost, GivesTheStateToRegisterWebhook) {
  FakeHost host;
  const Outcome outcome = host.register_webhook("https://hooks.example.com/", R"({"hook_id":"7"})");
  EXPECT_THAT(outcome.reports, ElementsAre(Pair("hook_id", "7")));
  EXPECT_THAT(outcome.secrets, ElementsAre(Pair("signing", "https://hooks.example.com/")));
}

TEST(FakeHost, NamesACassetteThatCannotBeRead) {
  FakeHost host;
  const Outcome outcome = host.play("nowhere.har").fetch();
  EXPECT_EQ(outcome.code, Code::misuse);
  EXPECT_EQ(outcome.message, "nowhere.har cannot be read");
}

TEST(JsonTree, ReadsEscapesAndKeepsNumbersAsWritten) {
  const auto tree =
      JsonTree::parse(R"({"a/b":[1.50,9007199254740993,"\ud83d\ude00\u00e9\n",true,null]})");
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->text("/a~1b/1"), "9007199254740993");
  EXPECT_EQ(tree->text("/a~1b/2"), "\xF0\x9F\x98\x80\xC3\xA9\n");
  EXPECT_EQ((*tree)[tree->at(1, "/a~1b")].count, 5U);
  EXPECT_EQ(tree->at(1, "/none/0"), 0U);
  EXPECT_EQ(tree->dump(1),
            "{\"a/b\":[1.50,9007199254740993,\"\xF0\x9F\x98\x80\xC3\xA9\\n\",true,null]}");
}

TEST(JsonTree, RefusesWhatIsNoJson) {
  for (const char* text :
       {"", "{", "[1,]", R"({"a"})", R"("\x")", "tru", "1 2", "\"\n\"", R"({"a":1,})", "-a"})
    EXPECT_FALSE(JsonTree::parse(text)) << text;
  EXPECT_FALSE(JsonTree::parse(std::string(600, '[') + std::string(600, ']')));
  EXPECT_TRUE(JsonTree::parse(std::string(500, '[') + std::string(500, ']')));
}

}  // namespace
}  // namespace earshot::sdk::testing
