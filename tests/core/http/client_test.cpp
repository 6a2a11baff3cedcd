#include <atomic>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/http/client.hpp>
#include <earshot/core/http/compress.hpp>

#include "client_fixture.hpp"
#include "raw_server.hpp"

namespace earshot::core {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// A server that sends one and the same bytes to each request and closes.
RawServer::Script says(std::string bytes) {
  return [bytes = std::move(bytes)](RawConnection& connection, int) {
    if (!connection.read_head().empty()) connection.write(bytes);
  };
}

TEST(HttpClient, ReadsAnswersOfKnownLength) {
  const auto server = serve([](const HttpIncoming& request) {
    return HttpReply{.headers = {{"X-Kind", "plain"}}, .body = request.method + request.target};
  });
  ClientRig client;
  const HttpResponse response = answer(client.fetch(get(server->port(), "/a?b=c%20d")));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("x-kind"), "plain");
  EXPECT_EQ(response.body, "GET/a?b=c%20d");
}

TEST(HttpClient, KeepsConnectionsOpen) {
  RawServer server([](RawConnection& connection, int) {
    while (!connection.read_head().empty()) {
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
  });
  {
    ClientRig client;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(answer(client.fetch(get(server.port()))).body, "ok");
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpClient, ClosesConnectionsThatTheServerEnds) {
  RawServer server(says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"));
  ClientRig client;
  EXPECT_EQ(answer(client.fetch(get(server.port()))).body, "ok");
  EXPECT_EQ(answer(client.fetch(get(server.port()))).body, "ok");
  EXPECT_EQ(server.connections(), 2);
}

TEST(HttpClient, ReadsChunkedAnswers) {
  RawServer server(
      says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
           "5;note=x\r\nhello\r\n7\r\n, world\r\n0\r\nX-Trailer: 1\r\n\r\n"));
  ClientRig client;
  const HttpResponse response = answer(client.fetch(get(server.port())));
  EXPECT_EQ(response.body, "hello, world");
  EXPECT_FALSE(response.headers.has("X-Trailer"));
}

TEST(HttpClient, ReadsLargeChunkedAnswers) {
  RawServer server([](RawConnection& connection, int) {
    if (connection.read_head().empty()) return;
    connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 10; ++i) {
      connection.write("186a0\r\n" + std::string(100'000, static_cast<char>('a' + i)) + "\r\n");
    }
    connection.write("0\r\n\r\n");
  });
  ClientRig client;
  const std::string body = answer(client.fetch(get(server.port()))).body;
  ASSERT_EQ(body.size(), 1'000'000U);
  EXPECT_EQ(body.front(), 'a');
  EXPECT_EQ(body.back(), 'j');
}

TEST(HttpClient, ReadsAnswersThatEndWithTheConnection) {
  RawServer server(says("HTTP/1.0 200 OK\r\n\r\n" + std::string(300'000, 'x')));
  ClientRig client;
  EXPECT_EQ(answer(client.fetch(get(server.port()))).body, std::string(300'000, 'x'));
}

TEST(HttpClient, ReadsLargeAnswersWhole) {
  std::string page;
  for (int i = 0; page.size() < 3'000'000; ++i) page += std::to_string(i) + ",";
  const auto server = serve([&page](const HttpIncoming&) { return HttpReply{.body = page}; });
  ClientRig client;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(answer(client.fetch(get(server->port()))).body, page);
}

TEST(HttpClient, SkipsInterimAnswers) {
  RawServer server(
      says("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
           "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  ClientRig client;
  const HttpResponse response = answer(client.fetch(get(server.port())));
  EXPECT_EQ(response.status, 200);
  EXPECT_FALSE(response.headers.has("Link"));
}

TEST(HttpClient, ExpectsNoBodyWhereThereIsNone) {
  RawServer server([](RawConnection& connection, int) {
    for (std::string head = connection.read_head(); !head.empty(); head = connection.read_head()) {
      if (head.starts_with("HEAD ")) {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
      } else if (head.starts_with("GET /204")) {
        connection.write("HTTP/1.1 204 No Content\r\n\r\n");
      } else {
        connection.write("HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n");
      }
    }
  });
  {
    ClientRig client;
    HttpRequest head = get(server.port());
    head.method = "HEAD";
    EXPECT_EQ(answer(client.fetch(head)).headers.get("Content-Length"), "10");
    EXPECT_EQ(answer(client.fetch(get(server.port(), "/204"))).status, 204);
    EXPECT_EQ(answer(client.fetch(get(server.port(), "/304"))).status, 304);
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpClient, ExpectsNoBodyOfAHeadBehindAnInterimAnswer) {
  RawServer server([](RawConnection& connection, int) {
    while (!connection.read_head().empty()) {
      connection.write(
          "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
    }
  });
  {
    ClientRig client;
    HttpRequest head = get(server.port());
    head.method = "HEAD";
    for (int i = 0; i < 2; ++i) {
      const HttpResponse response = answer(client.fetch(head));
      EXPECT_EQ(response.status, 200);
      EXPECT_EQ(response.headers.get("Content-Length"), "10");
      EXPECT_EQ(response.body, "");
    }
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpClient, HandsRedirectsOn) {
  const auto server = serve([](const HttpIncoming&) {
    return HttpReply{.status = 302, .headers = {{"Location", "http://example.com/"}}};
  });
  ClientRig client;
  const HttpResponse response = answer(client.fetch(get(server->port())));
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(response.headers.get("Location"), "http://example.com/");
}

TEST(HttpClient, SendsWhatAServerNeeds) {
  std::string head;
  RawServer server([&head](RawConnection& connection, int) {
    head = connection.read_head();
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  {
    ClientRig client({.user_agent = "earshot/test"});
    HttpRequest request = get(server.port(), "/x");
    request.headers = {{"X-One", "1"}, {"Content-Length", "99"}, {"Transfer-Encoding", "chunked"}};
    answer(client.fetch(request));
  }
  EXPECT_THAT(head, StartsWith("GET /x HTTP/1.1\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nUser-Agent: earshot/test\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nAccept-Encoding: gzip, deflate\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nConnection: keep-alive\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nX-One: 1\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("Content-Length")));
  EXPECT_THAT(head, Not(HasSubstr("Transfer-Encoding")));
}

TEST(HttpClient, LeavesWhatTheRequestSays) {
  std::string head;
  RawServer server([&head](RawConnection& connection, int) {
    head = connection.read_head();
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  {
    ClientRig client;
    HttpRequest request = get(server.port());
    request.headers = {{"accept-encoding", "identity"}, {"host", "product.example"}};
    answer(client.fetch(request));
  }
  EXPECT_THAT(head, HasSubstr("host: product.example\r\n"));
  EXPECT_THAT(head, HasSubstr("accept-encoding: identity\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("gzip")));
}

TEST(HttpClient, SendsBodiesOfAnySize) {
  const std::string body(5'000'000, 'b');
  const auto server = serve([](const HttpIncoming& request) {
    return HttpReply{.body = request.method + std::to_string(request.body.size())};
  });
  ClientRig client;
  HttpRequest request = get(server->port());
  request.method = "POST";
  request.body = body;
  EXPECT_EQ(answer(client.fetch(request)).body, "POST5000000");
  request.body.clear();
  EXPECT_EQ(answer(client.fetch(request)).body, "POST0");
}

TEST(HttpClient, DecompressesAnswers) {
  const std::string plain(100'000, 'z');
  const auto server = serve([&plain](const HttpIncoming& request) {
    const bool gzip = request.target == "/gzip";
    return HttpReply{.headers = {{"Content-Encoding", gzip ? "gzip" : "deflate"}},
                     .body = gzip ? gzip_bytes(plain) : deflate_bytes(plain)};
  });
  ClientRig client;
  for (const char* target : {"/gzip", "/deflate"}) {
    const HttpResponse response = answer(client.fetch(get(server->port(), target)));
    EXPECT_EQ(response.body, plain);
    EXPECT_FALSE(response.headers.has("Content-Encoding"));
    EXPECT_FALSE(response.headers.has("Content-Length"));
  }
}

TEST(HttpClient, TakesTheAnswerOfAServerThatStopsReading) {
  const auto server =
      serve([](const HttpIncoming&) { return HttpReply{}; }, {.max_request_body = 1000});
  ClientRig client;
  HttpRequest request = get(server->port());
  request.method = "POST";
  request.body = std::string(1'000'000, 'b');
  EXPECT_EQ(answer(client.fetch(request)).status, 413);
}

TEST(HttpClient, NeverCallsBackInsideSend) {
  const auto server = serve([](const HttpIncoming&) { return HttpReply{}; });
  ClientRig client;
  for (const char* target : {"/fine", "not a target"}) {
    bool called = false;
    bool called_inside = false;
    std::promise<void> done;
    std::unique_ptr<Transport::Exchange> exchange;
    client.on_loop([&] {
      exchange = client.transport().send(get(server->port(), target), [&](TransportResult) {
        called = true;
        done.set_value();
      });
      called_inside = called;
    });
    done.get_future().wait();
    EXPECT_FALSE(called_inside);
    client.on_loop([&] { exchange.reset(); });
  }
}

TEST(HttpClient, MayBeAskedAgainFromItsCallback) {
  const auto server =
      serve([](const HttpIncoming& request) { return HttpReply{.body = request.target}; });
  ClientRig client;
  std::promise<std::string> second;
  std::unique_ptr<Transport::Exchange> exchange;
  client.on_loop([&] {
    exchange = client.transport().send(get(server->port(), "/1"), [&](TransportResult) {
      exchange = client.transport().send(get(server->port(), "/2"), [&](TransportResult result) {
        second.set_value(answer(std::move(result)).body);
      });
    });
  });
  EXPECT_EQ(second.get_future().get(), "/2");
  client.on_loop([&] { exchange.reset(); });
}

TEST(HttpClient, RefusesRequestsThatBreakTheProtocol) {
  ClientRig client;
  HttpRequest request = get(1);
  request.target = "/a b";
  EXPECT_EQ(failure(client.fetch(request)).error.code, Code::misuse);
  request.target = "/";
  request.headers = {{"X-A", "1\r\nX-B: 2"}};
  EXPECT_EQ(failure(client.fetch(request)).error.code, Code::misuse);
  request.headers = {{"X A", "1"}};
  EXPECT_EQ(failure(client.fetch(request)).error.code, Code::misuse);
  request.headers = {};
  request.method = "GET /";
  const TransportError error = failure(client.fetch(request));
  EXPECT_EQ(error.error.code, Code::misuse);
  EXPECT_EQ(error.sent, SentState::not_sent);
}

}  // namespace
}  // namespace earshot::core
