#include <algorithm>

#include "product_fixture.hpp"

namespace earshot::core {
namespace {

using namespace std::chrono_literals;

class ProductOAuth : public ProductTest {
 protected:
  ProductOAuth() {
    manifest.auth = {{.title = "OAuth client",
                      .scheme = AuthAlternative::Scheme::oauth2_client_credentials,
                      .token_url = "{api}/oauth/tokens",
                      .scope = "read",
                      .required = {"client_id", "client_secret"}}};
    account.config["client_id"] = "earshot app";
    account.credentials.emplace("client_secret", Secret("s3cr3t&value"));
    transport.latency = 10ms;
    transport.handler = [this](const HttpRequest& request) { return answer(request); };
  }

  static bool is_token_request(const HttpRequest& request) {
    return request.target == "/oauth/tokens";
  }

  TransportResult answer(const HttpRequest& request) {
    if (is_token_request(request)) return token_answer(++tokens_made);
    const std::string expected = "Bearer token-" + std::to_string(good_token);
    return request.headers.get("authorization") == expected ? reply(200) : reply(401);
  }

  [[nodiscard]] std::size_t token_requests() const {
    return static_cast<std::size_t>(
        std::count_if(transport.sent.begin(), transport.sent.end(),
                      [](const auto& sent) { return is_token_request(sent.request); }));
  }

  std::vector<std::shared_ptr<std::optional<Answer>>> start_many(int count) {
    std::vector<std::shared_ptr<std::optional<Answer>>> all;
    for (int i = 0; i < count; ++i) all.push_back(start({.path = "/tickets"}));
    return all;
  }

  std::function<TransportResult(int)> token_answer = [](int number) {
    return reply(200, R"({"access_token":"token-)" + std::to_string(number) +
                          R"(","token_type":"bearer","expires_in":3600})");
  };
  int tokens_made = 0;
  int good_token = 1;
};

TEST_F(ProductOAuth, FetchesATokenOnceAndUsesItAgain) {
  EXPECT_EQ(get()->outcome, ErrorRule::Class::ok);
  EXPECT_EQ(get()->outcome, ErrorRule::Class::ok);
  EXPECT_EQ(token_requests(), 1U);
  const HttpRequest& request = transport.sent[0].request;
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.headers.get("content-type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(request.headers.get("authorization"), "");
  EXPECT_EQ(request.body,
            "grant_type=client_credentials&client_id=earshot%20app&client_secret=s3cr3t%26value&"
            "scope=read");
}

TEST_F(ProductOAuth, AsksInJsonWhereTheManifestSaysSo) {
  manifest.auth[0].token_request_json = true;
  EXPECT_EQ(get()->outcome, ErrorRule::Class::ok);
  EXPECT_EQ(transport.sent[0].request.body,
            R"({"grant_type":"client_credentials","client_id":"earshot app",)"
            R"("client_secret":"s3cr3t&value","scope":"read"})");
}

TEST_F(ProductOAuth, MakesOneTokenRequestForAllWhoWait) {
  const auto all = start_many(64);
  advance(1s);
  for (const auto& one : all) {
    ASSERT_TRUE(*one);
    EXPECT_EQ((**one)->outcome, ErrorRule::Class::ok);
  }
  EXPECT_EQ(token_requests(), 1U);
}

TEST_F(ProductOAuth, RefreshesOnceForSixtyFourRefusals) {
  ASSERT_TRUE(get());
  good_token = 2;
  const auto all = start_many(64);
  advance(1s);
  for (const auto& one : all) {
    ASSERT_TRUE(*one);
    EXPECT_EQ((**one)->outcome, ErrorRule::Class::ok);
  }
  EXPECT_EQ(token_requests(), 2U);
  EXPECT_EQ(client().counts().retries, 0U);
}

TEST_F(ProductOAuth, ReportsAuthWhereANewTokenIsRefusedToo) {
  good_token = 1000;
  const auto answer = get();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error.code, Code::auth);
  EXPECT_EQ(token_requests(), 2U);
  EXPECT_EQ(transport.sent.size(), 4U);
}

TEST_F(ProductOAuth, RenewsATokenBeforeItExpires) {
  ASSERT_TRUE(get());
  good_token = 2;
  advance(3539s, 100s);
  EXPECT_EQ(token_requests(), 1U);
  advance(2s, 1s);
  EXPECT_EQ(get()->outcome, ErrorRule::Class::ok);
  EXPECT_EQ(token_requests(), 2U);
}

TEST_F(ProductOAuth, KeepsAShortLivedTokenForHalfItsLife) {
  token_answer = [](int number) {
    return reply(200,
                 R"({"access_token":"token-)" + std::to_string(number) + R"(","expires_in":20})");
  };
  ASSERT_TRUE(get());
  ASSERT_TRUE(get());
  EXPECT_EQ(token_requests(), 1U);
}

TEST_F(ProductOAuth, TellsWhyTheProductGivesNoToken) {
  token_answer = [](int) {
    return reply(400, R"({"error":"invalid_client","error_description":"unknown s3cr3t&value"})");
  };
  const auto all = start_many(3);
  advance(1s);
  for (const auto& one : all) {
    ASSERT_TRUE(*one);
    ASSERT_FALSE(**one);
    EXPECT_EQ((*one)->error().code, Code::auth);
    EXPECT_EQ((*one)->error().message,
              "no OAuth token: POST /oauth/tokens was answered 400: invalid_client: unknown "
              "[secret]; check client id and secret");
  }
  EXPECT_EQ(token_requests(), 1U);
}

TEST_F(ProductOAuth, CallsARefusalOfTheClientAuth) {
  for (const int status : {400, 401, 403, 409, 422}) {
    token_answer = [status](int) { return reply(status, R"({"error":"invalid_client"})"); };
    const auto answer = get();
    ASSERT_FALSE(answer) << status;
    EXPECT_EQ(answer.error().code, Code::auth) << status;
    EXPECT_TRUE(answer.error().message.ends_with("; check client id and secret"))
        << answer.error().message;
  }
}

TEST_F(ProductOAuth, BlamesNotTheCredentialsForWhatSaysNothingAboutThem) {
  struct Failure {
    TransportResult answer;
    Code code;
  };
  const auto local = [](Code code) {
    return TransportResult{
        .response = {},
        .error = TransportError{{.code = code, .message = "failed here"}, SentState::maybe}};
  };
  for (const Failure& failure :
       {Failure{reply(200, "<html>Sign in</html>", {{"Content-Type", "text/html"}}),
                Code::bad_data},
        Failure{reply(200, "{cut"), Code::bad_data}, Failure{reply(200, ""), Code::bad_data},
        Failure{reply(204, ""), Code::bad_data}, Failure{reply(302, ""), Code::upstream},
        Failure{reply(404), Code::not_found}, Failure{reply(410), Code::not_found},
        Failure{reply(500), Code::upstream}, Failure{reply(503), Code::upstream},
        Failure{local(Code::limit), Code::limit}, Failure{local(Code::internal), Code::internal},
        Failure{local(Code::network), Code::network}}) {
    token_answer = [&](int) { return failure.answer; };
    const auto answer = get();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, failure.code) << answer.error().message;
    EXPECT_EQ(answer.error().message.find("client id"), std::string::npos)
        << answer.error().message;
  }
}

TEST_F(ProductOAuth, RetriesTokenRequestsAsOthers) {
  token_answer = [](int number) {
    if (number == 1) return reply(503);
    return reply(200, R"({"access_token":"token-1"})");
  };
  EXPECT_EQ(get()->outcome, ErrorRule::Class::ok);
  EXPECT_EQ(token_requests(), 2U);
}

TEST_F(ProductOAuth, LimitsTokenRequestsAsOthers) {
  manifest.limits = {{.bucket = "account", .match = {}, .requests = 1, .per = 30s}};
  const auto answer = get();
  ASSERT_TRUE(answer);
  EXPECT_GT(answer->waited, 29s);
  EXPECT_GE(transport.sent[1].at - transport.sent[0].at, 30s);
}

TEST_F(ProductOAuth, ReportsAnUnreachableTokenEndpointAsNetwork) {
  token_answer = [](int) { return broken(SentState::not_sent, "no route"); };
  const auto answer = get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::network);
}

TEST_F(ProductOAuth, RefusesAnswersWithoutAUsableToken) {
  for (const char* body : {"{}", R"({"access_token":""})", R"({"access_token":"a\r\nX: y"})"}) {
    token_answer = [body](int) { return reply(200, body); };
    const auto answer = get();
    ASSERT_FALSE(answer) << body;
    EXPECT_EQ(answer.error().code, Code::bad_data) << body;
  }
}

TEST_F(ProductOAuth, LetsOneWhoWaitsGoWithoutTroublingOthers) {
  const auto first = start({.path = "/a"});
  const auto second = start({.path = "/b"});
  cancel(0);
  advance(1s);
  EXPECT_FALSE(*first);
  ASSERT_TRUE(*second);
  EXPECT_EQ((**second)->outcome, ErrorRule::Class::ok);
  EXPECT_EQ(token_requests(), 1U);
}

TEST_F(ProductOAuth, StopsTheFetchWhenNobodyWaitsAnyMore) {
  const auto only = start({.path = "/a"});
  cancel_all();
  advance(1s);
  EXPECT_FALSE(*only);
  good_token = 2;  // the first was made, but nobody heard of it
  EXPECT_EQ(get()->outcome, ErrorRule::Class::ok);
  EXPECT_EQ(token_requests(), 2U);
}

}  // namespace
}  // namespace earshot::core
