#include <map>

#include "product_fixture.hpp"

namespace earshot::core {
namespace {

using namespace std::chrono_literals;

/// A shelf in memory.
class MemoryShelf final : public AnswerShelf {
 public:
  explicit MemoryShelf(Loop& loop) : loop_(loop) {}

  void find(const std::string& key, Found found) override {
    ++asked;
    const auto kept = answers.find(key);
    loop_.after(Micros(0), [answer = kept == answers.end() ? std::optional<KeptAnswer>()
                                                           : std::optional(kept->second),
                            found = std::move(found)]() mutable { found(std::move(answer)); });
  }
  void keep(const std::string& key, KeptAnswer answer) override {
    answers.insert_or_assign(key, std::move(answer));
  }

  std::map<std::string, KeptAnswer> answers;
  int asked = 0;

 private:
  Loop& loop_;
};

class ProductCache : public ProductTest {
 protected:
  ProductCache() {
    manifest.cache = {{.match = "/contacts/*", .ttl = 1h}};
    manifest.limits = {{.bucket = "account", .match = {}, .requests = 100, .per = 10h}};
    transport.latency = 10ms;
    transport.handler = [this](const HttpRequest& request) { return answer(request); };
  }

  TransportResult answer(const HttpRequest& request) const {
    const std::string etag = "\"" + std::to_string(version) + "\"";
    if (request.headers.get("if-none-match") == etag) return reply(304, "", {{"ETag", etag}});
    return reply(200, R"({"version":)" + std::to_string(version) + "}", {{"ETag", etag}});
  }

  /// The version that a contact is answered to have.
  std::int64_t contact(std::string path = "/contacts/7") {
    with_shelf();
    const auto got = get(std::move(path));
    EXPECT_TRUE(got);
    EXPECT_EQ(got->outcome, ErrorRule::Class::ok);
    EXPECT_EQ(got->response.status, 200);
    return got && got->json ? got->json->root().member("version").integer().value_or(-1) : -1;
  }

  void with_shelf() {
    ProductClient& made = client();
    on_loop([&] { made.use_shelf(shelf); });
  }

  std::size_t drawn() {
    std::uint64_t left = 0;
    on_loop([&] { left = limiter->view(clock.tick()).front().left; });
    return 100 - left;
  }

  std::shared_ptr<MemoryShelf> shelf = std::make_shared<MemoryShelf>(loop);
  int version = 1;
};

TEST_F(ProductCache, AnswersWithinTheTtlWithoutARequest) {
  EXPECT_EQ(contact(), 1);
  version = 2;
  advance(59min, 1min);
  EXPECT_EQ(contact(), 1);
  EXPECT_EQ(transport.sent.size(), 1U);
  EXPECT_EQ(drawn(), 1U);
  EXPECT_EQ(client().counts().cache_hits, 1U);
  EXPECT_EQ(client().counts().cache_misses, 1U);
}

TEST_F(ProductCache, RevalidatesAStaleAnswerAndRenewsIt) {
  EXPECT_EQ(contact(), 1);
  advance(1h, 1min);
  EXPECT_EQ(contact(), 1);
  ASSERT_EQ(transport.sent.size(), 2U);
  EXPECT_EQ(sent_header(1, "if-none-match"), "\"1\"");
  advance(59min, 1min);
  EXPECT_EQ(contact(), 1) << "the 304 renewed the TTL";
  EXPECT_EQ(transport.sent.size(), 2U);
  EXPECT_EQ(client().counts().cache_revalidated, 1U);
  EXPECT_EQ(client().counts().cache_hits, 1U);
}

TEST_F(ProductCache, TakesWhatChangedMeanwhile) {
  EXPECT_EQ(contact(), 1);
  version = 2;
  advance(1h, 1min);
  EXPECT_EQ(contact(), 2);
  EXPECT_EQ(contact(), 2);
  EXPECT_EQ(transport.sent.size(), 2U);
  EXPECT_EQ(client().counts().cache_misses, 2U);
}

TEST_F(ProductCache, AsksByDateWhereThereIsNoETag) {
  const std::string date = "Mon, 02 Mar 2026 11:00:00 GMT";
  transport.handler = [&](const HttpRequest& request) {
    if (request.headers.get("if-modified-since") == date) return reply(304, "");
    return reply(200, R"({"version":1})", {{"Last-Modified", date}});
  };
  EXPECT_EQ(contact(), 1);
  advance(1h, 1min);
  EXPECT_EQ(contact(), 1);
  EXPECT_EQ(client().counts().cache_revalidated, 1U);
}

TEST_F(ProductCache, AsksAnewWhereTheProductGaveNoValidator) {
  transport.handler = [](const HttpRequest&) { return reply(200, R"({"version":1})"); };
  EXPECT_EQ(contact(), 1);
  advance(1h, 1min);
  EXPECT_EQ(contact(), 1);
  EXPECT_EQ(sent_header(1, "if-none-match"), "");
  EXPECT_EQ(client().counts().cache_misses, 2U);
}

TEST_F(ProductCache, DistrustsAnswersFromTheFuture) {
  EXPECT_EQ(contact(), 1);
  clock.step_calendar(-2h);
  EXPECT_EQ(contact(), 1);
  EXPECT_EQ(transport.sent.size(), 2U);
}

TEST_F(ProductCache, SharesOneRequestAmongThoseWhoAskAtOnce) {
  with_shelf();
  std::vector<std::shared_ptr<std::optional<Answer>>> all;
  for (int i = 0; i < 20; ++i) all.push_back(start({.path = "/contacts/7"}));
  advance(1s);
  for (const auto& one : all) {
    ASSERT_TRUE(*one);
    EXPECT_EQ((**one)->json->root().member("version").integer(), 1);
  }
  EXPECT_EQ(transport.sent.size(), 1U);
  EXPECT_EQ(client().counts().cache_hits, 19U);
  EXPECT_EQ(client().counts().cache_misses, 1U);
}

TEST_F(ProductCache, LetsOneWhoWaitsGoWithoutTroublingOthers) {
  with_shelf();
  const auto first = start({.path = "/contacts/7"});
  const auto second = start({.path = "/contacts/7"});
  cancel(0);
  advance(1s);
  EXPECT_FALSE(*first);
  ASSERT_TRUE(*second);
  EXPECT_TRUE(**second);
  EXPECT_EQ(transport.sent.size(), 1U);
}

TEST_F(ProductCache, StopsTheRequestWhenNobodyWaitsAnyMore) {
  with_shelf();
  transport.latency = 10s;
  const auto only = start({.path = "/contacts/7"});
  advance(1s);
  cancel_all();
  advance(20s, 1s);
  EXPECT_FALSE(*only);
  EXPECT_TRUE(shelf->answers.empty());
  EXPECT_EQ(contact(), 1);
  EXPECT_EQ(transport.sent.size(), 2U);
}

TEST_F(ProductCache, TellsApartWhatMayBeAnsweredDifferently) {
  with_shelf();
  EXPECT_TRUE(get("/contacts/7?fields=a"));
  EXPECT_TRUE(get("/contacts/7?fields=b"));
  EXPECT_TRUE(run({.path = "/contacts/7", .headers = {{"Acme-Version", "2"}}}));
  EXPECT_TRUE(run({.path = "/contacts/7", .headers = {{"Acme-Version", "3"}}}));
  EXPECT_TRUE(run({.path = "/contacts/7", .headers = {{"acme-version", "3"}}}));
  EXPECT_EQ(transport.sent.size(), 4U);
}

TEST_F(ProductCache, LeavesOtherRequestsAlone) {
  with_shelf();
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(get("/tickets"));
    EXPECT_TRUE(run({.method = "POST", .path = "/contacts/7"}));
    EXPECT_TRUE(run({.path = "/contacts/7", .headers = {{"If-None-Match", "\"0\""}}}));
  }
  EXPECT_EQ(transport.sent.size(), 6U);
  EXPECT_EQ(shelf->asked, 0);
}

TEST_F(ProductCache, KeepsGoodJsonOnly) {
  const std::vector<TransportResult> unkept{
      reply(404, R"({"error":"gone"})"),
      reply(200, R"({"version":1})", {{"Cache-Control", "private, no-store"}}),
      reply(200, R"({"version":1})", {{"Vary", "*"}}),
      reply(200, "\"" + std::string(2U << 20, 'x') + "\""),
      reply(204, ""),
  };
  with_shelf();
  for (const TransportResult& one : unkept) {
    transport.handler = [&](const HttpRequest&) { return one; };
    EXPECT_TRUE(get("/contacts/7"));
    EXPECT_TRUE(shelf->answers.empty()) << one.response->status;
  }
}

TEST_F(ProductCache, PassesFailuresToAllWhoAsked) {
  with_shelf();
  account.retry.max_retries = 0;
  transport.handler = [](const HttpRequest&) { return broken(SentState::not_sent, "no route"); };
  const auto first = start({.path = "/contacts/7"});
  const auto second = start({.path = "/contacts/7"});
  advance(20s, 1s);
  for (const auto& one : {first, second}) {
    ASSERT_TRUE(*one);
    ASSERT_FALSE(**one);
    EXPECT_EQ((*one)->error().code, Code::network);
  }
}

TEST_F(ProductCache, AsksAnewWhereWhatIsKeptIsNoJson) {
  EXPECT_EQ(contact(), 1);
  for (auto& entry : shelf->answers) entry.second.body = "{\"cut";
  EXPECT_EQ(contact(), 1);
  advance(1h, 1min);
  for (auto& entry : shelf->answers) entry.second.body = "{\"cut";
  EXPECT_EQ(contact(), 1);
  EXPECT_EQ(transport.sent.size(), 4U);
}

}  // namespace
}  // namespace earshot::core
