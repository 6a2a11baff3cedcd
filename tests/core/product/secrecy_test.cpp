#include <earshot/core/base/text.hpp>

#include "product_fixture.hpp"

namespace earshot::core {
namespace {

constexpr const char* kCanary = "c4nary/with+odd chars";

class ProductSecrecy : public ProductTest {
 protected:
  ProductSecrecy() { account.credentials.emplace("api_token", Secret(kCanary)); }

  static void expect_clean(const std::string& text) {
    EXPECT_EQ(text.find("c4nary"), std::string::npos) << text;
    EXPECT_EQ(text.find(base64_encode(std::string("agent@example.com:") + kCanary)),
              std::string::npos)
        << text;
  }

  /// The product says in its error what it was sent.
  void echo_everything(int status) {
    transport.handler = [status](const HttpRequest& request) {
      std::string body = R"({"error":{"message":"bad )" +
                         std::string(request.headers.get("authorization")) + " " + request.target +
                         " " + kCanary + R"("}})";
      return reply(status, std::move(body));
    };
  }
};

TEST_F(ProductSecrecy, MasksWhatTheProductEchoes) {
  manifest.auth = {{.title = "a",
                    .scheme = AuthAlternative::Scheme::basic,
                    .username = "agent@example.com",
                    .password = "{api_token}"}};
  echo_everything(401);
  const auto answer = get();
  ASSERT_TRUE(answer);
  EXPECT_NE(answer->error.message.find("[secret]"), std::string::npos);
  expect_clean(answer->error.message);
  expect_clean(logged());
}

TEST_F(ProductSecrecy, MasksCredentialsInTheQuery) {
  manifest.auth = {{.title = "a",
                    .scheme = AuthAlternative::Scheme::query,
                    .name = "key",
                    .value = "{api_token}"}};
  echo_everything(422);
  const auto answer = get("/tickets?page=1");
  ASSERT_TRUE(answer);
  EXPECT_NE(transport.sent[0].request.target.find("c4nary"), std::string::npos);
  expect_clean(answer->error.message);
  const std::string log = logged();
  EXPECT_NE(log.find("/tickets?page=1 422"), std::string::npos) << log;
  expect_clean(log);
}

TEST_F(ProductSecrecy, MasksBeforeItCuts) {
  manifest.auth = {{.title = "a", .token = "{api_token}"}};
  for (std::size_t padding = 270; padding <= 300; padding += 3) {
    const std::string body = R"({"message":")" + std::string(padding, 'x') + kCanary + R"("})";
    transport.handler = [body](const HttpRequest&) { return reply(400, body); };
    expect_clean(get()->error.message);
  }
}

TEST_F(ProductSecrecy, MasksWhatTheTransportSays) {
  manifest.auth = {{.title = "a", .token = "{api_token}"}};
  transport.handler = [](const HttpRequest&) {
    return broken(SentState::maybe, std::string("lost while sending ") + kCanary);
  };
  const auto answer = get();
  ASSERT_FALSE(answer);
  expect_clean(answer.error().message);
  expect_clean(logged());
}

TEST_F(ProductSecrecy, MasksMembersOfJsonSecrets) {
  account.credentials.emplace(
      "service_account", Secret(R"({"type":"service","private_key":"c4nary-0123456789abcdef"})"));
  manifest.auth = {{.title = "a", .token = "{service_account/private_key}"}};
  transport.handler = [](const HttpRequest&) {
    return reply(400, R"({"message":"c4nary-0123456789abcdef is no key"})");
  };
  expect_clean(get()->error.message);
}

TEST_F(ProductSecrecy, ShowsHandedRequestsToItsObserver) {
  manifest.auth = {{.title = "a", .token = "{api_token}"}};
  std::vector<std::string> seen;
  ProductClient& observed = client();
  on_loop([&] {
    observed.on_send([&](const HttpRequest& request) { seen.push_back(request.target); });
  });
  ASSERT_TRUE(get("/a"));
  EXPECT_EQ(seen, std::vector<std::string>{"/a"});
}

}  // namespace
}  // namespace earshot::core
