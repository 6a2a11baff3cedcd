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

/// Answers the first request of each connection with these bytes and closes.
RawServer::Script says(std::string bytes) {
  return [bytes = std::move(bytes)](RawConnection& connection, int) {
    if (!connection.read_head().empty()) connection.write(bytes);
  };
}

TransportError failure_of(const std::string& bytes, std::uint64_t max_body = 1'000'000) {
  RawServer server(says(bytes));
  ClientRig client;
  HttpRequest request = get(server.port());
  request.max_body = max_body;
  const TransportError error = failure(client.fetch(request));
  EXPECT_THAT(error.error.message, HasSubstr("127.0.0.1"));
  return error;
}

TEST(HttpClientFailure, TellsTruncatedBodies) {
  const TransportError known = failure_of("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1234");
  EXPECT_EQ(known.error.code, Code::network);
  EXPECT_EQ(known.sent, SentState::maybe);
  EXPECT_THAT(known.error.message, HasSubstr("4 of 10 bytes"));
  EXPECT_EQ(failure_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc").error.code,
            Code::network);
  EXPECT_EQ(failure_of("HTTP/1.1 200 OK\r\nContent-Le").error.code, Code::network);
}

TEST(HttpClientFailure, TellsWhatIsNoHttp) {
  for (const char* bytes : {"SSH-2.0-x\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                            "HTTP/1.1 101 Switching Protocols\r\n\r\n"}) {
    EXPECT_EQ(failure_of(bytes).error.code, Code::bad_data) << bytes;
  }
}

TEST(HttpClientFailure, BoundsInterimAnswers) {
  std::string bytes;
  for (int i = 0; i < 100; ++i) bytes += "HTTP/1.1 102 Processing\r\n\r\n";
  EXPECT_EQ(failure_of(bytes).error.code, Code::bad_data);
}

TEST(HttpClientFailure, BoundsHeads) {
  const std::string line = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";
  EXPECT_EQ(failure_of(line + "X-A: " + std::string(70'000, 'a') + "\r\n\r\n").error.code,
            Code::limit);
  std::string fields;
  for (int i = 0; i < 201; ++i) fields += "X-A: 1\r\n";
  EXPECT_EQ(failure_of(line + fields + "\r\n").error.code, Code::limit);
}

TEST(HttpClientFailure, BoundsChunkHeadsAndTrailers) {
  const std::string line = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(failure_of(line + "5;" + std::string(400'000, 'x')).error.code, Code::limit);
  EXPECT_EQ(failure_of(line + "0\r\nX-A: " + std::string(400'000, 'x')).error.code, Code::limit);
}

TEST(HttpClientFailure, BelievesNoDeclaredSize) {
  const TransportError error =
      failure_of("HTTP/1.1 200 OK\r\nContent-Length: 5368709120\r\n\r\nabc", 64ULL << 20);
  EXPECT_EQ(error.error.code, Code::limit);
  EXPECT_EQ(error.sent, SentState::maybe);
}

TEST(HttpClientFailure, BoundsBodiesOfEveryKind) {
  const std::string body(2000, 'x');
  EXPECT_EQ(failure_of("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + body, 1999).error.code,
            Code::limit);
  EXPECT_EQ(failure_of("HTTP/1.1 200 OK\r\n\r\n" + body, 1999).error.code, Code::limit);
  EXPECT_EQ(failure_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + body +
                           "\r\n0\r\n\r\n",
                       1999)
                .error.code,
            Code::limit);
  EXPECT_EQ(failure_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff0\r\n")
                .error.code,
            Code::limit);
}

TEST(HttpClientFailure, BoundsWhatDecompresses) {
  const auto server = serve([](const HttpIncoming&) {
    return HttpReply{.headers = {{"Content-Encoding", "gzip"}},
                     .body = gzip_bytes(std::string(5'000'000, '\0'))};
  });
  ClientRig client;
  HttpRequest request = get(server->port());
  request.max_body = 1'000'000;
  EXPECT_EQ(failure(client.fetch(request)).error.code, Code::limit);
  request.max_body = 5'000'000;
  EXPECT_EQ(answer(client.fetch(request)).body.size(), 5'000'000U);
}

TEST(HttpClientFailure, TellsBrokenCompression) {
  const auto server = serve([](const HttpIncoming&) {
    std::string whole = gzip_bytes("a text");
    whole.resize(whole.size() - 3);
    return HttpReply{.headers = {{"Content-Encoding", "gzip"}}, .body = whole};
  });
  ClientRig client;
  EXPECT_EQ(failure(client.fetch(get(server->port()))).error.code, Code::bad_data);
}

TEST(HttpClientFailure, TellsResets) {
  const auto server = serve([](const HttpIncoming&) { return HttpReply{.reset = true}; });
  ClientRig client;
  const TransportError error = failure(client.fetch(get(server->port())));
  EXPECT_EQ(error.error.code, Code::network);
  EXPECT_EQ(error.sent, SentState::maybe);
}

TEST(HttpClientFailure, TellsRefusedConnections) {
  std::uint16_t port = 0;
  {
    RawServer gone([](RawConnection&, int) {});
    port = gone.port();
  }
  ClientRig client;
  const TransportError error = failure(client.fetch(get(port)));
  EXPECT_EQ(error.error.code, Code::network);
  EXPECT_EQ(error.sent, SentState::not_sent);
  EXPECT_THAT(error.error.message, HasSubstr("cannot connect to 127.0.0.1:"));
}

TEST(HttpClientFailure, TellsUnknownNames) {
  ClientRig client;
  const TransportError error = failure(client.fetch(get(80, "/", "product.invalid")));
  EXPECT_EQ(error.error.code, Code::network);
  EXPECT_EQ(error.sent, SentState::not_sent);
  EXPECT_THAT(error.error.message, HasSubstr("cannot resolve product.invalid"));
}

/// Serves one request, and drops the connection on the next.
void serve_once(RawConnection& connection, int /*index*/) {
  if (connection.read_head().empty()) return;
  connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  static_cast<void>(connection.read_head());
}

TEST(HttpClientFailure, ReplacesConnectionsThatDieBeforeTheAnswer) {
  RawServer server(serve_once);
  ClientRig client;
  EXPECT_EQ(answer(client.fetch(get(server.port()))).body, "ok");
  EXPECT_EQ(answer(client.fetch(get(server.port()))).body, "ok");
  EXPECT_EQ(server.connections(), 2);
}

TEST(HttpClientFailure, RepeatsNothingThatMayHaveBeenDone) {
  RawServer server(serve_once);
  ClientRig client;
  EXPECT_EQ(answer(client.fetch(get(server.port()))).body, "ok");
  HttpRequest request = get(server.port());
  request.method = "POST";
  const TransportError error = failure(client.fetch(request));
  EXPECT_EQ(error.error.code, Code::network);
  EXPECT_EQ(error.sent, SentState::maybe);
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpClientFailure, ReplacesADeadConnectionOnce) {
  RawServer server([](RawConnection& connection, int index) {
    if (index == 0) return serve_once(connection, index);
    static_cast<void>(connection.read_head());
  });
  ClientRig client;
  EXPECT_EQ(answer(client.fetch(get(server.port()))).body, "ok");
  EXPECT_EQ(failure(client.fetch(get(server.port()))).error.code, Code::network);
  EXPECT_EQ(server.connections(), 2);
}

TEST(HttpClientFailure, ReachesPublicAddressesOnly) {
  ClientRig client;
  for (const char* host : {"127.0.0.1",       "localhost",       "0.0.0.0",    "10.1.2.3",
                           "100.64.0.1",      "169.254.169.254", "172.16.0.1", "172.31.255.255",
                           "192.168.1.1",     "192.0.2.1",       "198.18.0.1", "203.0.113.9",
                           "224.0.0.1",       "255.255.255.255", "::",         "::1",
                           "::ffff:10.0.0.1", "fe80::1",         "fc00::1",    "ff02::1",
                           "64:ff9b::7f00:1", "2002:7f00:1::",   "2001::1",    "2001:db8::1",
                           "::127.0.0.1"}) {
    HttpRequest request = get(9, "/", host);
    request.public_only = true;
    const TransportError error = failure(client.fetch(request));
    EXPECT_EQ(error.error.code, Code::network) << host;
    EXPECT_EQ(error.sent, SentState::not_sent) << host;
    EXPECT_THAT(error.error.message, HasSubstr("not at a public address"));
  }
}

TEST(HttpClientFailure, SharesNoConnectionWithRequestsForPublicAddresses) {
  const auto server = serve([](const HttpIncoming&) { return HttpReply{}; });
  ClientRig client;
  answer(client.fetch(get(server->port())));
  HttpRequest request = get(server->port());
  request.public_only = true;
  EXPECT_THAT(failure(client.fetch(request)).error.message, HasSubstr("not at a public address"));
}

}  // namespace
}  // namespace earshot::core
