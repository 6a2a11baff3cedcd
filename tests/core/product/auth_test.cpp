#include "product_fixture.hpp"

namespace earshot::core {
namespace {

using Scheme = AuthAlternative::Scheme;

class ProductAuth : public ProductTest {};

TEST_F(ProductAuth, SendsBasicCredentialsFromTemplates) {
  manifest.auth = {{.title = "API token",
                    .scheme = Scheme::basic,
                    .username = "{email}/token",
                    .password = "{api_token}",
                    .required = {"email", "api_token"}}};
  account.config["email"] = "agent@example.com";
  account.credentials.emplace("api_token", Secret("6wiIBWbGkBMo1mRDMuVwkw1EPsNkeUj95PIz2akv"));
  ASSERT_TRUE(get());
  EXPECT_EQ(sent_header(0, "authorization"),
            "Basic YWdlbnRAZXhhbXBsZS5jb20vdG9rZW46NndpSUJXYkdrQk1vMW1SRE11VndrdzFFUHNOa2VVajk1UE"
            "l6MmFrdg==");
}

TEST_F(ProductAuth, SendsBearerHeaderAndQueryCredentials) {
  account.credentials.emplace("token", Secret("t0ken&more"));
  manifest.auth = {{.title = "a", .scheme = Scheme::bearer, .token = "{token}"}};
  ASSERT_TRUE(get());
  EXPECT_EQ(sent_header(0, "authorization"), "Bearer t0ken&more");
}

TEST_F(ProductAuth, SendsCredentialsInADeclaredHeader) {
  account.credentials.emplace("key", Secret("k1"));
  account.credentials.emplace("token", Secret("t1"));
  manifest.auth = {{.title = "a",
                    .scheme = Scheme::header,
                    .name = "Authorization",
                    .value = "OAuth oauth_consumer_key=\"{key}\", oauth_token=\"{token}\""}};
  ASSERT_TRUE(get());
  EXPECT_EQ(sent_header(0, "authorization"), "OAuth oauth_consumer_key=\"k1\", oauth_token=\"t1\"");
}

TEST_F(ProductAuth, SendsCredentialsInTheQueryEncoded) {
  account.credentials.emplace("token", Secret("t0ken&more"));
  manifest.auth = {{.title = "a", .scheme = Scheme::query, .name = "api_key", .value = "{token}"}};
  ASSERT_TRUE(get("/tickets?page=2"));
  EXPECT_EQ(transport.sent[0].request.target, "/tickets?page=2&api_key=t0ken%26more");
  EXPECT_EQ(sent_header(0, "authorization"), "");
}

TEST_F(ProductAuth, SendsNoCredentialsWhereToldSo) {
  account.credentials.emplace("token", Secret("t0ken"));
  manifest.auth = {{.title = "a", .scheme = Scheme::bearer, .token = "{token}"}};
  ASSERT_TRUE(run({.path = "/health", .authorize = false}));
  EXPECT_EQ(sent_header(0, "authorization"), "");
}

TEST_F(ProductAuth, ChoosesTheFirstAlternativeThatIsComplete) {
  manifest.auth = {{.title = "token", .scheme = Scheme::basic, .required = {"email", "api_token"}},
                   {.title = "access", .scheme = Scheme::bearer, .required = {"access_token"}}};
  account.credentials.emplace("access_token", Secret("abcd"));
  const auto chosen = choose_auth(account);
  ASSERT_TRUE(chosen);
  EXPECT_EQ((*chosen)->title, "access");
}

TEST_F(ProductAuth, TellsWhatEachAlternativeLacks) {
  manifest.auth = {{.title = "API token", .scheme = Scheme::basic, .required = {"email", "token"}},
                   {.title = "OAuth", .scheme = Scheme::bearer, .required = {"access_token"}}};
  account.config["email"] = "agent@example.com";
  const auto answer = get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::config);
  EXPECT_EQ(answer.error().message,
            "no credentials are complete; configure one of: API token (lacks token); OAuth (lacks "
            "access_token)");
  EXPECT_TRUE(transport.sent.empty());
}

TEST_F(ProductAuth, RefusesCredentialsThatWouldSplitAHeader) {
  account.credentials.emplace("token", Secret("abc\r\nX-Evil: 1"));
  manifest.auth = {{.title = "a", .scheme = Scheme::bearer, .token = "{token}"}};
  const auto answer = get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::config);
  EXPECT_EQ(answer.error().message, "'token' holds a line break or control character; remove it");
}

TEST_F(ProductAuth, RefusesHeadersThatAreTheHosts) {
  for (const char* name : {"Host", "content-length", "Cookie", "bad name"}) {
    const auto answer = run({.path = "/a", .headers = {{name, "1"}}});
    ASSERT_FALSE(answer) << name;
    EXPECT_EQ(answer.error().code, Code::misuse) << name;
  }
  EXPECT_FALSE(run({.path = "/a", .headers = {{"X-Note", "a\r\nb"}}}));
}

TEST_F(ProductAuth, ExpandsTemplatesOfConfigSecretsAndEndpoints) {
  account.credentials.emplace("service_account",
                              Secret(R"({"client_email":"robot@example.com","private_key":"k"})"));
  const auto text = [&](std::string_view source) {
    const auto expanded = expand_template(source, account);
    return expanded ? expanded->reveal() : "error: " + expanded.error().message;
  };
  EXPECT_EQ(text("a{subdomain}b"), "ashopb");
  EXPECT_EQ(text("{api}/oauth"), "https://shop.example.com/oauth");
  EXPECT_EQ(text("{service_account/client_email}"), "robot@example.com");
  EXPECT_EQ(text("{nothing}"), "error: 'nothing' is not configured");
  EXPECT_EQ(expand_template("{nothing}", account).error().code, Code::not_found);
  EXPECT_EQ(expand_template("{open", account).error().code, Code::config);
}

TEST_F(ProductAuth, SendsTheIdempotencyKeyInTheDeclaredHeader) {
  manifest.idempotency_header = "Idempotency-Key";
  ASSERT_TRUE(run({.method = "POST", .path = "/a", .idempotency_key = "k-1"}));
  EXPECT_EQ(sent_header(0, "idempotency-key"), "k-1");
}

}  // namespace
}  // namespace earshot::core
