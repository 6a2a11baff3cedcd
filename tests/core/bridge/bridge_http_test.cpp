#include <algorithm>
#include <cstdint>

#include "bridge_fixture.hpp"

namespace earshot::core {
namespace {

using sdk::borrow;
using sdk::borrow_bytes;
using sdk::view;
using testing::HasSubstr;

using BridgeHttp = BridgeTest;

TEST_F(BridgeHttp, RefusesRequestsThatAreNotWellFormed) {
  ear_request unknown = get("/a");
  unknown.endpoint = borrow("nowhere");
  EXPECT_EQ(refusal(unknown).message, "request: the manifest declares no endpoint 'nowhere'");

  const std::vector<std::pair<std::string, std::string>> bad{{"X-A", "1\r\nX-B: 2"},
                                                             {"X A", "1"},
                                                             {"Authorization", "Bearer mine"},
                                                             {"Host", "evil.example"},
                                                             {"cookie", "a=b"}};
  for (const auto& [name, value] : bad) {
    const ear_pair header{borrow(name), borrow(value)};
    ear_request request = get("/a");
    request.headers = &header;
    request.header_count = 1;
    EXPECT_EQ(refusal(request).code, Code::misuse) << name;
  }
  EXPECT_EQ(refusal(get("/a b")).code, Code::misuse);
  EXPECT_EQ(refusal(get("/a\nb")).code, Code::misuse);
  ear_request sizeless = get("/a");
  sizeless.size = 0;
  EXPECT_EQ(refusal(sizeless).code, Code::misuse);
  ear_request arrayless = get("/a");
  arrayless.query_count = 1;
  EXPECT_EQ(refusal(arrayless).message, "request: a count without its array");
  EXPECT_TRUE(transport_.sent.empty());
}

TEST_F(BridgeHttp, ShowsTheAnswerThatAnErrorWasFoundIn) {
  handler_ = [](const HttpRequest&) {
    return HttpResponse{
        404, {{"Content-Type", "application/json"}}, R"({"error":"gone","id":"1020"})"};
  };
  run([](const ear_host& host, ear_call* handle) {
    sdk::Call call(&host, handle);
    const auto page = call.get("/a");
    EXPECT_FALSE(page.has_value());
    if (page) return ear_rc{EAR_OK};
    EXPECT_EQ(call.answer(page.error()).text_or("/id", ""), "1020");
    EXPECT_FALSE(call.answer({.code = Code::config, .message = "mine"}).exists());
    return ear_rc{EAR_OK};
  });
}

TEST_F(BridgeHttp, HoldsNoMoreThan64MiB) {
  handler_ = [](const HttpRequest&) {
    return HttpResponse{200, {}, std::string(std::size_t{30} << 20, 'x')};
  };
  run([](const ear_host& host, ear_call* call) {
    ear_request request = get("/a");
    request.flags = EAR_HTTP_RAW;
    ear_response first = answer();
    ear_response second = answer();
    ear_response third = answer();
    EXPECT_EQ(host.http(call, &request, &first), EAR_OK);
    EXPECT_EQ(host.http(call, &request, &second), EAR_OK);
    EXPECT_EQ(host.http(call, &request, &third), EAR_LIMIT);
    EXPECT_EQ(third.id, 0U) << "what is too much is not kept";
    EXPECT_EQ(host.alloc(call, std::size_t{8} << 20, 8), nullptr);
    host.release(call, first.id);
    EXPECT_NE(host.alloc(call, std::size_t{8} << 20, 8), nullptr);
    EXPECT_EQ(host.http(call, &request, &third), EAR_LIMIT);
    host.release(call, second.id);
    EXPECT_EQ(host.http(call, &request, &third), EAR_OK);
    return ear_rc{EAR_OK};
  });
}

TEST_F(BridgeHttp, AnswersManyRequestsInTheirOrder) {
  handler_ = [](const HttpRequest& request) {
    if (request.target == "/3")
      return HttpResponse{404, {{"Content-Type", "application/json"}}, R"({"error":"gone"})"};
    return HttpResponse{200, {}, R"({"path":")" + request.target + R"("})"};
  };
  run([](const ear_host& host, ear_call* call) {
    constexpr std::size_t kCount = 20;
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < kCount; ++i) paths.push_back("/" + std::to_string(i));
    std::vector<ear_request> requests;
    for (const std::string& path : paths) requests.push_back(get(path));
    std::vector<ear_response> responses(kCount, answer());
    std::vector<ear_rc> codes(kCount, EAR_INTERNAL);
    EXPECT_EQ(host.http_all(call, requests.data(), kCount, responses.data(), codes.data()), EAR_OK);
    for (std::size_t i = 0; i < kCount; ++i) {
      EXPECT_EQ(codes[i], i == 3 ? EAR_NOT_FOUND : EAR_OK);
      EXPECT_EQ(responses[i].status, i == 3 ? 404 : 200);
      EXPECT_THAT(std::string(view(responses[i].why)), i == 3 ? HasSubstr("gone") : HasSubstr(""));
      EXPECT_EQ(responses[i].why.size == 0, i != 3);
      const ear_value root = host.json->root(call, responses[i].id);
      const ear_str path = host.json->text(call, host.json->at(call, root, borrow("/path")));
      EXPECT_EQ(view(path), i == 3 ? "" : paths[i]);
    }
    EXPECT_THAT(std::string(view(host.why(call))), HasSubstr("gone"));
    return ear_rc{EAR_OK};
  });
}

TEST_F(BridgeHttp, SendsNoMoreOfABatchThatHoldsTooMuch) {
  handler_ = [](const HttpRequest&) {
    return HttpResponse{200, {}, std::string(std::size_t{20} << 20, 'x')};
  };
  run([this](const ear_host& host, ear_call* call) {
    constexpr std::size_t kCount = 40;
    ear_request request = get("/a");
    request.flags = EAR_HTTP_RAW;
    const std::vector<ear_request> requests(kCount, request);
    std::vector<ear_response> responses(kCount, answer());
    std::vector<ear_rc> codes(kCount, EAR_INTERNAL);
    EXPECT_EQ(host.http_all(call, requests.data(), kCount, responses.data(), codes.data()), EAR_OK);
    EXPECT_EQ(std::count(codes.begin(), codes.end(), EAR_OK), 3);
    EXPECT_EQ(std::count(codes.begin(), codes.end(), EAR_LIMIT), kCount - 3);
    EXPECT_THAT(std::string(view(responses.back().why)), HasSubstr("64 MiB"));
    EXPECT_LE(transport_.sent.size(), 8U + 3U) << "what was under way when it was too much";
    return ear_rc{EAR_OK};
  });
}

TEST_F(BridgeHttp, GivesTheAnswersOfErrorsBack) {
  const std::string large(std::size_t{8} << 20, ' ');
  handler_ = [&](const HttpRequest&) {
    return HttpResponse{404, {}, R"({"error":"gone","id":7})" + large};
  };
  run([](const ear_host& host, ear_call* handle) {
    sdk::Call call(&host, handle);
    for (int i = 0; i < 20; ++i) {
      const sdk::Result<sdk::Page> answer = call.get("/a");
      EXPECT_EQ(answer.error().code, Code::not_found) << answer.error().message;
      const auto& page = answer.error().page;
      EXPECT_EQ(page ? page->text_or("/id", "") : "no page", "7");
    }
    return ear_rc{EAR_OK};
  });
}

TEST_F(BridgeHttp, TakesAnyStatusAndAnyBodyWhereAsked) {
  handler_ = [](const HttpRequest& request) {
    return HttpResponse{request.target == "/text" ? 200 : 404, {}, "just text"};
  };
  run([](const ear_host& host, ear_call* handle) {
    sdk::Call call(&host, handle);
    EXPECT_EQ(call.get("/text").error().code, Code::bad_data);
    const sdk::Result<sdk::Page> text = call.raw("/text");
    EXPECT_EQ(text ? text->body() : text.error().message, "just text");
    EXPECT_EQ(call.raw("/gone").error().code, Code::not_found);
    const sdk::Result<sdk::Page> gone = call.send({.method = "DELETE", .path = "/gone"});
    EXPECT_EQ(gone ? gone->status() : 0, 404);
    return ear_rc{EAR_OK};
  });
}

TEST_F(BridgeHttp, SendsFormsAndParts) {
  const std::vector<std::pair<std::string, std::string>> fields{{"a b", "1&2"}, {"c", "é"}};
  std::vector<ear_part> parts;
  for (const auto& [name, value] : fields) {
    ear_part part{};
    part.size = sizeof part;
    part.name = borrow(name);
    part.bytes = borrow_bytes(value);
    parts.push_back(part);
  }
  ear_request form = get("/form");
  form.method = borrow("POST");
  form.body_kind = EAR_BODY_FORM;
  form.parts = parts.data();
  form.part_count = parts.size();
  EXPECT_EQ(refusal(form).code, Code::ok);
  EXPECT_EQ(transport_.sent.at(0).body, "a%20b=1%262&c=%C3%A9");
  form.body_kind = EAR_BODY_MULTIPART;
  parts[0].filename = borrow("x\"y.txt");
  EXPECT_EQ(refusal(form).code, Code::ok);
  const std::string type(transport_.sent.at(1).headers.get("content-type"));
  const std::string line = "--" + type.substr(type.find("boundary=") + 9);
  EXPECT_EQ(transport_.sent.at(1).body,
            line + "\r\nContent-Disposition: form-data; name=\"a b\"; filename=\"x%22y.txt\"\r\n" +
                "\r\n1&2\r\n" + line +
                "\r\nContent-Disposition: form-data; name=\"c\"\r\n\r\né\r\n" + line + "--\r\n");
}

TEST_F(BridgeHttp, RefusesPartsThatAreNotWellFormed) {
  ear_part part{};
  part.size = sizeof part;
  part.name = borrow("file");
  part.content_type = borrow("text/plain\r\nX-Injected: 1");
  ear_request request = get("/form");
  request.method = borrow("POST");
  request.body_kind = EAR_BODY_MULTIPART;
  request.parts = &part;
  request.part_count = 1;
  EXPECT_EQ(refusal(request).message, "request: the content_type of part 0 is not well formed");
  part.content_type = {};
  part.size = 0;
  EXPECT_EQ(refusal(request).message, "request: `size` of the first part is not set (ABI-3)");
  EXPECT_TRUE(transport_.sent.empty());
}

}  // namespace
}  // namespace earshot::core
