#include <algorithm>

#include <gmock/gmock.h>

#include <earshot/core/product/token_keeper.hpp>

#include "product_fixture.hpp"

namespace earshot::core {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// Keeps tokens in memory, for any number of clients, and gives turns one after the other.
class MemoryKeeper final : public TokenKeeper {
 public:
  explicit MemoryKeeper(Loop& loop) : loop_(loop) {}

  void take(const Secret& first, Given given) override {
    if (kept.refresh.empty()) kept.refresh = first;
    waiting_.push_back(std::move(given));
    give_next();
  }

  KeptTokens kept{};
  std::vector<std::string> saved{};  ///< Refresh tokens, in order.
  Result<void> save_answer{};
  std::string given_up{};

 private:
  class Turn final : public TokenTurn {
   public:
    explicit Turn(MemoryKeeper& keeper) : keeper_(keeper) {}
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() override {
      keeper_.taken_ = false;
      keeper_.give_next();
    }
    [[nodiscard]] const KeptTokens& tokens() const override { return keeper_.kept; }
    void save(const KeptTokens& tokens, Callback<void(Result<void>)> done) override {
      if (keeper_.save_answer) {
        keeper_.kept = tokens;
        keeper_.saved.push_back(tokens.refresh.reveal());
      }
      keeper_.answer(std::move(done), keeper_.save_answer);
    }
    void give_up(const Error& why, Callback<void(Result<void>)> done) override {
      keeper_.given_up = why.message;
      keeper_.answer(std::move(done), {});
    }

   private:
    MemoryKeeper& keeper_;
  };

  void give_next() {
    if (taken_ || waiting_.empty()) return;
    taken_ = true;
    loop_.after(Micros(0), [this] {
      Given given = std::move(waiting_.front());
      waiting_.pop_front();
      std::unique_ptr<TokenTurn> turn = std::make_unique<Turn>(*this);
      given(std::move(turn));
    });
  }
  void answer(Callback<void(Result<void>)> done, Result<void> result) {
    loop_.after(Micros(0), [done = std::move(done), result = std::move(result)]() mutable {
      done(std::move(result));
    });
  }

  Loop& loop_;
  bool taken_ = false;
  std::deque<Given> waiting_;
};

/// A product whose refresh tokens rotate: "r1" gives access "a1" and "r2", that gives "a2" ...
class ProductRefresh : public ProductTest {
 protected:
  ProductRefresh() {
    manifest.auth = {{.title = "OAuth refresh token",
                      .scheme = AuthAlternative::Scheme::oauth2_refresh_token,
                      .token_url = "{api}/oauth/tokens",
                      .token_request_json = true,
                      .required = {"client_id", "client_secret", "refresh_token"}}};
    account.config["client_id"] = "earshot app";
    account.credentials.emplace("client_secret", Secret("s3cr3t-value"));
    account.credentials.emplace("refresh_token", Secret("r1"));
    account.tokens = keeper;
    transport.latency = 10ms;
    transport.handler = [this](const HttpRequest& request) { return answer(request); };
  }

  TransportResult answer(const HttpRequest& request) {
    if (request.target == "/oauth/tokens") return token_answer(request);
    const std::string good = "Bearer a" + std::to_string(given);
    return request.headers.get("authorization") == good ? reply(200) : reply(401);
  }

  TransportResult token_answer(const HttpRequest& request) {
    ++token_requests;
    const std::string expected = R"("refresh_token":"r)" + std::to_string(given + 1) + '"';
    if (request.body.find(expected) == std::string::npos) {
      return reply(400, R"({"error":"invalid_grant","error_description":"It was revoked."})");
    }
    ++given;
    const std::string number = std::to_string(given);
    const std::string next = std::to_string(given + 1);
    return reply(200, R"({"access_token":"a)" + number + R"(","refresh_token":"r)" + next +
                          R"(","expires_in":3600})");
  }

  std::shared_ptr<MemoryKeeper> keeper = std::make_shared<MemoryKeeper>(loop);
  int token_requests = 0;
  int given = 0;  ///< Access tokens given; the last is good.
};

TEST_F(ProductRefresh, KeepsTheNewTokensBeforeItUsesThem) {
  std::vector<std::string> saved_by_then;
  const auto inner = transport.handler;
  transport.handler = [&](const HttpRequest& request) {
    if (request.target == "/tickets") saved_by_then = keeper->saved;
    return inner(request);
  };
  EXPECT_EQ(get()->outcome, ErrorRule::Class::ok);
  EXPECT_EQ(saved_by_then, (std::vector<std::string>{"r1", "r2"}));
  EXPECT_EQ(keeper->kept.access.reveal(), "a1");
  EXPECT_GT(keeper->kept.expires, clock.now() + 3590s);
  EXPECT_LE(keeper->kept.expires, clock.now() + 3600s);
  EXPECT_EQ(transport.sent[0].request.body,
            R"({"grant_type":"refresh_token","refresh_token":"r1","client_id":"earshot app",)"
            R"("client_secret":"s3cr3t-value"})");
}

TEST_F(ProductRefresh, RefreshesOnceForSixtyFourRefusals) {
  ASSERT_TRUE(get());
  given = 100;  // the product takes a1 no more
  keeper->kept.refresh = Secret("r101");
  std::vector<std::shared_ptr<std::optional<Answer>>> all;
  for (int i = 0; i < 64; ++i) all.push_back(start({.path = "/tickets"}));
  advance(1s);
  for (const auto& one : all) {
    ASSERT_TRUE(*one);
    EXPECT_EQ((**one)->outcome, ErrorRule::Class::ok);
  }
  EXPECT_EQ(token_requests, 2);
}

TEST_F(ProductRefresh, GoesOnWithAnAccessTokenThatIsStillGood) {
  given = 7;
  keeper->kept = {.refresh = Secret("r8"), .access = Secret("a7"), .expires = clock.now() + 1h};
  EXPECT_EQ(get()->outcome, ErrorRule::Class::ok);
  EXPECT_EQ(token_requests, 0);
}

TEST_F(ProductRefresh, RefreshesWhatHasExpiredSince) {
  given = 7;
  keeper->kept = {.refresh = Secret("r8"), .access = Secret("a7"), .expires = clock.now()};
  EXPECT_EQ(get()->outcome, ErrorRule::Class::ok);
  EXPECT_EQ(token_requests, 1);
}

TEST_F(ProductRefresh, TakesOverWhatAnotherClientGotMeanwhile) {
  std::unique_ptr<ProductClient> other;
  std::unique_ptr<ProductClient::Operation> asked;
  std::optional<Answer> answered;
  std::unique_ptr<Log> log = std::make_unique<Log>(LogOptions{.level = LogLevel::off});
  ASSERT_TRUE(get());
  given = 100;
  keeper->kept.refresh = Secret("r101");
  on_loop([&] {
    other = std::make_unique<ProductClient>(loop, transport, *limiter, *log, account, 2);
    asked = other->send({.path = "/tickets"}, [&](Answer answer) { answered = std::move(answer); });
  });
  const auto mine = start({.path = "/tickets"});
  advance(1s);
  ASSERT_TRUE(*mine && answered);
  EXPECT_EQ((**mine)->outcome, ErrorRule::Class::ok);
  EXPECT_EQ((*answered)->outcome, ErrorRule::Class::ok);
  EXPECT_EQ(token_requests, 2);
  on_loop([&] {
    asked.reset();
    other.reset();
  });
}

TEST_F(ProductRefresh, GivesUpWhereTheTokenWasRevoked) {
  given = 5;
  const auto answer = get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::auth);
  EXPECT_THAT(answer.error().message, HasSubstr("needs_reauth"));
  EXPECT_THAT(answer.error().message, HasSubstr("It was revoked."));
  EXPECT_EQ(keeper->given_up, answer.error().message);
  EXPECT_EQ(token_requests, 1);
}

TEST_F(ProductRefresh, DoesNotGiveUpForFailuresThatPass) {
  account.retry.max_retries = 0;
  for (const int status : {500, 503, 429}) {
    transport.handler = [&](const HttpRequest&) { return reply(status, R"({"error":"later"})"); };
    const auto answer = get();
    EXPECT_FALSE(answer && answer->outcome == ErrorRule::Class::ok) << status;
    EXPECT_EQ(keeper->given_up, "") << status;
    EXPECT_EQ(keeper->kept.refresh.reveal(), "r1") << status;
  }
}

TEST_F(ProductRefresh, DoesNotAskWhereNothingCanBeSaved) {
  keeper->save_answer = Error{.code = Code::internal, .message = "the disk is full"};
  const auto answer = get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message, "the disk is full");
  EXPECT_EQ(token_requests, 0);
}

TEST_F(ProductRefresh, FinishesARefreshForWhichNobodyWaitsAnyMore) {
  transport.latency = 10s;
  const auto only = start({.path = "/tickets"});
  advance(1s);
  cancel_all();
  advance(20s, 1s);
  EXPECT_FALSE(*only);
  EXPECT_EQ(keeper->kept.refresh.reveal(), "r2");
  EXPECT_EQ(keeper->kept.access.reveal(), "a1");
}

TEST_F(ProductRefresh, KeepsATokenThatDoesNotRotate) {
  transport.handler = [](const HttpRequest& request) {
    return request.target == "/oauth/tokens" ? reply(200, R"({"access_token":"a1"})") : reply(200);
  };
  EXPECT_EQ(get()->outcome, ErrorRule::Class::ok);
  EXPECT_EQ(keeper->kept.refresh.reveal(), "r1");
}

TEST_F(ProductRefresh, NeedsAPlaceToKeepTokens) {
  account.tokens.reset();
  const auto answer = get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::config);
  EXPECT_EQ(transport.sent.size(), 0U);
}

}  // namespace
}  // namespace earshot::core
