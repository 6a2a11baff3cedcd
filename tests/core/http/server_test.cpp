#include <atomic>
#include <future>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/base/time.hpp>
#include <earshot/core/http/server.hpp>

#include "client_fixture.hpp"
#include "raw_server.hpp"

namespace earshot::core {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

HttpReply echo(const HttpIncoming& request) {
  return {.headers = {{"X-Method", request.method}}, .body = request.target + "|" + request.body};
}

/// Sends the bytes and reads until the server closes.
std::string ask(const HttpServer& server, std::string_view bytes) {
  RawConnection connection = RawConnection::to(server.port());
  connection.write(bytes);
  return connection.read_all();
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  const auto server = serve(echo);
  const std::string answers = ask(*server,
                                  "GET /1 HTTP/1.1\r\n\r\nPOST /2 HTTP/1.1\r\nContent-Length: 3"
                                  "\r\n\r\nabcGET /3 HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answers, HasSubstr("\r\n\r\n/1|HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answers, HasSubstr("\r\n\r\n/2|abcHTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answers, EndsWith("\r\n\r\n/3|"));
}

TEST(HttpServer, ReadsChunkedBodies) {
  const auto server = serve(echo);
  EXPECT_THAT(ask(*server,
                  "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                  "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
              EndsWith("\r\n\r\n/c|abcde"));
}

TEST(HttpServer, AsksForBodiesThatWaitToBeAskedFor) {
  const auto server = serve(echo);
  RawConnection connection = RawConnection::to(server->port());
  connection.write(
      "POST /e HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(connection.read_head(), "HTTP/1.1 100 Continue\r\n\r\n");
  connection.write("ok");
  EXPECT_THAT(connection.read_all(), EndsWith("/e|ok"));
}

TEST(HttpServer, SendsNoBodyWhereNoneBelongs) {
  const auto server = serve([](const HttpIncoming& request) {
    return HttpReply{.status = request.target == "/204" ? 204 : 200, .body = "body"};
  });
  const std::string head = ask(*server, "HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("Content-Length: 4\r\n"));
  EXPECT_THAT(head, EndsWith("\r\n\r\n"));
  const std::string none = ask(*server, "GET /204 HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(none, Not(HasSubstr("Content-Length")));
  EXPECT_THAT(none, EndsWith("\r\n\r\n"));
}

TEST(HttpServer, DatesItsAnswers) {
  const auto server = serve(echo);
  ClientRig client;
  const HttpResponse response = answer(client.fetch(get(server->port())));
  EXPECT_TRUE(parse_http_date(response.headers.get("Date"))) << response.headers.get("Date");
}

TEST(HttpServer, LeavesOutFieldsThatWouldSplitTheAnswer) {
  const auto server = serve([](const HttpIncoming&) {
    return HttpReply{.headers = {{"X-Bad", "1\r\nX-Injected: 1"}, {"X-Good", "2"}}};
  });
  ClientRig client;
  const HttpResponse response = answer(client.fetch(get(server->port())));
  EXPECT_FALSE(response.headers.has("X-Injected"));
  EXPECT_EQ(response.headers.get("X-Good"), "2");
}

TEST(HttpServer, RefusesLargeBodies) {
  const auto server = serve(echo, {.max_request_body = 10});
  EXPECT_THAT(ask(*server, "POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n01234567890"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(ask(*server,
                  "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0"
                  "\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(ask(*server, "POST / HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n"),
              StartsWith("HTTP/1.1 413 "));
}

TEST(HttpServer, RefusesLargeHeads) {
  const auto server = serve(echo);
  EXPECT_THAT(ask(*server, "GET / HTTP/1.1\r\nX-A: " + std::string(70'000, 'a') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431 "));
  std::string fields;
  for (int i = 0; i < 201; ++i) fields += "X-A: 1\r\n";
  EXPECT_THAT(ask(*server, "GET / HTTP/1.1\r\n" + fields + "\r\n"), StartsWith("HTTP/1.1 431 "));
}

TEST(HttpServer, RefusesWhatIsNoHttp) {
  const auto server = serve(echo);
  EXPECT_THAT(ask(*server, "\x16\x03\x01\x02 hello\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(ask(*server, "GET / HTTP/3.9\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
}

TEST(HttpServer, BoundsConnections) {
  const auto server = serve(echo, {.max_connections = 1});
  RawConnection first = RawConnection::to(server->port());
  first.write("GET /1 HTTP/1.1\r\n\r\n");
  EXPECT_FALSE(first.read_head().empty());
  RawConnection second = RawConnection::to(server->port());
  second.write("GET /2 HTTP/1.1\r\nConnection: close\r\n\r\n");
  first.write("GET /3 HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(first.read_all(), EndsWith("/3|"));
  first.close();
  EXPECT_THAT(second.read_all(), EndsWith("/2|"));
}

TEST(HttpServer, MisbehavesOnPurpose) {
  const auto server = serve([](const HttpIncoming& request) {
    HttpReply reply{.body = "0123456789"};
    if (request.target == "/cut") reply.cut_body_after = 4;
    reply.reset = request.target == "/reset";
    if (request.target == "/slow") reply.delay = std::chrono::milliseconds(1);
    return reply;
  });
  const std::string cut = ask(*server, "GET /cut HTTP/1.1\r\n\r\n");
  EXPECT_THAT(cut, HasSubstr("Content-Length: 10\r\n"));
  EXPECT_THAT(cut, EndsWith("\r\n\r\n0123"));
  EXPECT_EQ(ask(*server, "GET /reset HTTP/1.1\r\n\r\n"), "");
  EXPECT_THAT(ask(*server, "GET /slow HTTP/1.1\r\nConnection: close\r\n\r\n"),
              EndsWith("0123456789"));
}

TEST(HttpServer, TellsThatItsPortIsTaken) {
  const auto server = serve(echo);
  const auto second = HttpServer::start({.port = server->port()}, echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::network);
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(server->port())));
}

TEST(HttpServer, TellsThatItsCertificateCannotBeUsed) {
  const auto server = HttpServer::start({.tls = true, .certificate_pem = "none"}, echo);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, Code::config);
}

TEST(HttpServer, ClosesItsConnectionsWhenItGoes) {
  auto server = serve(echo);
  RawConnection connection = RawConnection::to(server->port());
  connection.write("GET / HTTP/1.1\r\n\r\n");
  EXPECT_FALSE(connection.read_head().empty());
  server.reset();
  EXPECT_EQ(connection.read_all(), "/|");
}

}  // namespace
}  // namespace earshot::core
