#include "product_fixture.hpp"

namespace earshot::core {
namespace {

using Class = ErrorRule::Class;

struct StatusCase {
  int status;
  Class outcome;
  Code code;
};

class ProductStatus : public ProductTest, public testing::WithParamInterface<StatusCase> {};

TEST_P(ProductStatus, IsJudgedWithoutRules) {
  account.retry.max_retries = 0;
  answers({reply(GetParam().status, R"({"error":{"title":"Sorry","message":"No."}})")});
  const auto answer = get("/tickets/1?secret=x");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->outcome, GetParam().outcome);
  EXPECT_EQ(answer->error.code, GetParam().code);
  EXPECT_EQ(answer->error.status, GetParam().status);
  const std::string expected =
      "GET /tickets/1 was answered " + std::to_string(GetParam().status) + ": Sorry: No.";
  EXPECT_EQ(answer->error.message.substr(0, expected.size()), expected);
  EXPECT_EQ(transport.sent.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Table, ProductStatus,
                         testing::Values(StatusCase{400, Class::fail, Code::upstream},
                                         StatusCase{401, Class::auth, Code::auth},
                                         StatusCase{403, Class::forbidden, Code::forbidden},
                                         StatusCase{404, Class::not_found, Code::not_found},
                                         StatusCase{408, Class::retry, Code::upstream},
                                         StatusCase{409, Class::fail, Code::conflict},
                                         StatusCase{410, Class::not_found, Code::not_found},
                                         StatusCase{422, Class::fail, Code::upstream},
                                         StatusCase{425, Class::retry, Code::upstream},
                                         StatusCase{500, Class::retry, Code::upstream},
                                         StatusCase{503, Class::retry, Code::upstream}));

class ProductJudging : public ProductTest {};

TEST_F(ProductJudging, TakesEmptyAnswersWhereNoneIsDue) {
  answers({reply(204, ""), reply(304, ""), reply(201, "")});
  EXPECT_EQ(get()->outcome, Class::empty);
  EXPECT_EQ(get()->error.code, Code::ok);
  EXPECT_EQ(run({.method = "POST", .path = "/a"})->outcome, Class::empty);
}

TEST_F(ProductJudging, AsksAgainWhereAPageStandsInTheWay) {
  answers({reply(200, "<html>Be right back</html>", {{"Content-Type", "text/html"}}),
           reply(200, ""), reply(200, R"({"tickets":[]})")});
  const auto answer = get();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->outcome, Class::ok);
  EXPECT_EQ(answer->attempts, 3U);
}

TEST_F(ProductJudging, AsksOnceWhereAskingAgainIsNotSafe) {
  answers({reply(200, "<html>"), reply(200, "{}")});
  const auto answer = run({.method = "POST", .path = "/a"});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error.code, Code::bad_data);
  EXPECT_EQ(transport.sent.size(), 1U);
}

struct NoJsonCase {
  std::string body;
  const char* type;
  const char* words;  ///< What it came with.
};
class ProductNoJson : public ProductTest, public testing::WithParamInterface<NoJsonCase> {};

TEST_P(ProductNoJson, IsToldBySizeAndKind) {
  account.retry.max_retries = 1;
  transport.handler = [](const HttpRequest&) {
    return reply(200, GetParam().body, {{"Content-Type", GetParam().type}});
  };
  const auto answer = get("/tickets?secret=x");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error.code, Code::bad_data);
  EXPECT_EQ(answer->error.message, std::string("GET /tickets: the product answered 200 with ") +
                                       GetParam().words + " (tried 2 times)");
  EXPECT_EQ(answer->json, nullptr);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, ProductNoJson,
    testing::Values(NoJsonCase{"<!DOCTYPE html><title>Sign in</title>", "text/html; charset=utf-8",
                               "37 bytes that are no JSON but an HTML page (text/html; "
                               "charset=utf-8); check the address of the account"},
                    NoJsonCase{"\xEF\xBB\xBF \n<HTML>", "text/html",
                               "11 bytes that are no JSON but an HTML page (text/html); check the "
                               "address of the account"},
                    NoJsonCase{"<?xml version=\"1.0\"?><a/>", "application/xml",
                               "25 bytes that are no JSON but XML (application/xml); check the "
                               "address of the account"},
                    NoJsonCase{"Service moved", "text/plain",
                               "13 bytes that are no JSON but plain text (text/plain); check the "
                               "address of the account"},
                    NoJsonCase{"\x1f\x8b\x08", "application/octet-stream",
                               "3 bytes that are no JSON but compressed data "
                               "(application/octet-stream); check the address of the account"},
                    NoJsonCase{std::string("a\0b", 3), "application/octet-stream",
                               "3 bytes that are no JSON but binary data "
                               "(application/octet-stream); check the address of the account"},
                    NoJsonCase{
                        " \n", "application/json",
                        "an empty body (application/json); check the address of the account"}));

TEST_F(ProductJudging, AsksAgainForJsonThatWasCut) {
  answers({reply(200, R"({"tickets":[{"id":1)"), reply(200, R"({"tickets":[]})")});
  const auto answer = get();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->outcome, Class::ok);
  ASSERT_NE(answer->json, nullptr);
  EXPECT_TRUE(answer->json->root().member("tickets").is_array());
}

TEST_F(ProductJudging, GivesUpOnJsonThatStaysBroken) {
  transport.handler = [](const HttpRequest&) { return reply(200, "{"); };
  const auto answer = get();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error.code, Code::bad_data);
  EXPECT_TRUE(answer->error.message.starts_with(
      "GET /tickets: the product answered 200 with 1 bytes that are no JSON but broken JSON "
      "(application/json): "))
      << answer->error.message;
  EXPECT_EQ(answer->attempts, 4U);
}

TEST_F(ProductJudging, TakesAnythingWhereNoJsonIsAskedFor) {
  answers({reply(200, "a,b\n", {{"Content-Type", "text/csv"}})});
  const auto answer = run({.path = "/export.csv", .expect_json = false});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->outcome, Class::ok);
  EXPECT_EQ(answer->response.body, "a,b\n");
}

struct WordsCase {
  const char* body;
  const char* words;
};
class ProductWords : public ProductTest, public testing::WithParamInterface<WordsCase> {};

TEST_P(ProductWords, AreFoundInDocumentedShapes) {
  answers({reply(422, GetParam().body)});
  EXPECT_EQ(get()->error.message, std::string("GET /tickets was answered 422") + GetParam().words);
}
INSTANTIATE_TEST_SUITE_P(
    Shapes, ProductWords,
    testing::Values(
        WordsCase{R"({"error":{"title":"Forbidden","message":"You may not."}})",
                  ": Forbidden: You may not."},
        WordsCase{R"({"error":"RecordInvalid","description":"Record validation errors"})",
                  ": RecordInvalid: Record validation errors"},
        WordsCase{R"({"error":"invalid_client","error_description":"Unknown client"})",
                  ": invalid_client: Unknown client"},
        WordsCase{
            R"({"errors":[{"code":"RateLimitExceeded","title":"Slow down","detail":"10/min"}]})",
            ": Slow down: 10/min"},
        WordsCase{R"({"errors":["one","two"]})", ": one"},
        WordsCase{R"({"error":"Couldn't authenticate you"})", ": Couldn't authenticate you"},
        WordsCase{R"({"message":"Line one\nline\u0000two"})", ": Line one line\xEF\xBF\xBDtwo"},
        WordsCase{R"({"other":1})", ""}, WordsCase{"[]", ""}, WordsCase{"not json", ""}));

TEST_F(ProductJudging, ShortensWhatTheProductSays) {
  answers({reply(400, "{\"message\":\"" + std::string(5000, 'x') + "\"}"),
           reply(400, "Number of allowed requests exceeded", {{"Content-Type", "text/plain"}})});
  EXPECT_LT(get()->error.message.size(), 400U);
  EXPECT_EQ(get()->error.message,
            "GET /tickets was answered 400: Number of allowed requests exceeded");
}

class ProductRules : public ProductTest {
 protected:
  Class judged(int status, const char* body) {
    account.retry.max_retries = 0;
    answers({reply(status, body)});
    const auto answer = get();
    return answer ? answer->outcome : Class::fail;
  }
};

TEST_F(ProductRules, GoByStatusPathBodyAndPointer) {
  manifest.errors = {{.status = 404, .match = "/tickets*", .outcome = Class::empty},
                     {.body_contains = "maintenance", .outcome = Class::retry},
                     {.at = "/ok", .equals = "false", .outcome = Class::forbidden},
                     {.status = 400, .at = "/cursor", .outcome = Class::bad_cursor}};
  EXPECT_EQ(judged(404, "{}"), Class::empty);
  EXPECT_EQ(judged(200, R"({"note":"in maintenance"})"), Class::retry);
  EXPECT_EQ(judged(200, R"({"ok":false})"), Class::forbidden);
  EXPECT_EQ(judged(200, R"({"ok":true})"), Class::ok);
  EXPECT_EQ(judged(400, R"({"cursor":null})"), Class::bad_cursor);
  EXPECT_EQ(judged(400, "{}"), Class::fail);
}

TEST_F(ProductRules, TakeTheFirstThatMatches) {
  manifest.errors = {{.status = 403, .at = "/plan", .outcome = Class::fail},
                     {.status = 403, .outcome = Class::not_found},
                     {.status = 403, .outcome = Class::auth}};
  EXPECT_EQ(judged(403, R"({"plan":1})"), Class::fail);
  EXPECT_EQ(judged(403, "{}"), Class::not_found);
}

TEST_F(ProductRules, TranslateTheProductsCodes) {
  ErrorRule rule{.status = 200,
                 .at = "/ok",
                 .equals = "false",
                 .code_at = "/error",
                 .codes = {{"invalid_auth", Class::auth}, {"missing_scope", Class::forbidden}},
                 .message_at = "/response_metadata/messages/0"};
  manifest.errors = {rule};
  EXPECT_EQ(judged(200, R"({"ok":false,"error":"invalid_auth"})"), Class::auth);
  EXPECT_EQ(judged(200, R"({"ok":false,"error":"missing_scope"})"), Class::forbidden);
  EXPECT_EQ(judged(200, R"({"ok":false,"error":"something_new"})"), Class::fail);
  EXPECT_EQ(judged(200, R"({"ok":true})"), Class::ok);
}

TEST_F(ProductRules, WithCodesAloneLeaveAnswersWithoutACodeAlone) {
  manifest.errors = {{.code_at = "/error", .codes = {{"gone", Class::not_found}}}};
  EXPECT_EQ(judged(200, R"({"tickets":[]})"), Class::ok);
  EXPECT_EQ(judged(200, R"({"error":"gone"})"), Class::not_found);
}

TEST_F(ProductRules, TakeTheMessageFromWhereTheySay) {
  manifest.errors = {{.status = 200,
                      .at = "/ok",
                      .equals = "false",
                      .outcome = Class::fail,
                      .message_at = "/why/0"}};
  answers({reply(200, R"({"ok":false,"error":"e","why":["the channel is archived"]})")});
  EXPECT_EQ(get()->error.message, "GET /tickets was answered 200: the channel is archived");
}

TEST_F(ProductRules, WithWordsAloneKeepTheClassOfTheStatus) {
  manifest.errors = {{.message_at = "/why"}};
  account.retry.max_retries = 0;
  answers({reply(404, R"({"why":"gone"})"), reply(500, R"({"why":"down"})"), reply(200, "{}")});
  const auto gone = get();
  EXPECT_EQ(gone->outcome, Class::not_found);
  EXPECT_EQ(gone->error.message, "GET /tickets was answered 404: gone");
  EXPECT_EQ(get()->outcome, Class::retry);
  EXPECT_EQ(get()->outcome, Class::ok);
}

TEST_F(ProductRules, ThatFindAFaultInTheBodyMakeAGoodStatusFail) {
  manifest.errors = {{.at = "/fault", .message_at = "/fault"}};
  answers({reply(200, R"({"fault":"no"})"), reply(404, R"({"fault":"no"})")});
  EXPECT_EQ(get()->outcome, Class::fail);
  EXPECT_EQ(get()->outcome, Class::not_found);
}

TEST_F(ProductRules, KeepTheClassOfTheStatusForCodesTheyDoNotKnow) {
  manifest.errors = {{.code_at = "/code", .codes = {{"slow", Class::rate_limited}}}};
  answers({reply(403, R"({"code":"other"})"), reply(200, R"({"code":"other"})")});
  EXPECT_EQ(get()->outcome, Class::forbidden);
  EXPECT_EQ(get()->outcome, Class::fail);
}

TEST_F(ProductRules, GoBeforeRetries) {
  manifest.errors = {{.status = 500, .outcome = Class::fail}};
  answers({reply(500)});
  EXPECT_EQ(get()->outcome, Class::fail);
  EXPECT_EQ(transport.sent.size(), 1U);
}

}  // namespace
}  // namespace earshot::core
