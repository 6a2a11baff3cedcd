#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/http/client.hpp>
#include <earshot/core/http/server.hpp>

#include "client_fixture.hpp"
#include "raw_server.hpp"
#include "temp_file.hpp"

namespace earshot::core {
namespace {

using testing::HasSubstr;

/// A TLS server with a certificate of its own making, and that certificate as a file.
class TlsServer {
 public:
  explicit TlsServer(const std::string& host, Micros lifetime = std::chrono::hours(24))
      : made_(make_self_signed(host, lifetime).value()),
        ca_(made_.certificate_pem),
        server_(serve(
            [](const HttpIncoming& request) {
              return HttpReply{.body = request.target + std::string(200'000, 'x')};
            },
            {.tls = true, .certificate_pem = made_.certificate_pem, .key_pem = made_.key_pem})) {}

  [[nodiscard]] HttpRequest request(const std::string& host) const {
    HttpRequest request = get(server_->port(), "/secure", host);
    request.origin.scheme = "https";
    return request;
  }
  [[nodiscard]] HttpClientOptions trusting() const { return {.ca_file = ca_.path()}; }

 private:
  SelfSigned made_;
  TempFile ca_;
  std::unique_ptr<HttpServer> server_;
};

TEST(HttpClientTls, TrustsTheAuthoritiesOfTheFile) {
  const TlsServer server("localhost");
  ClientRig client(server.trusting());
  for (const char* host : {"localhost", "127.0.0.1", "localhost"}) {
    EXPECT_EQ(answer(client.fetch(server.request(host))).body,
              "/secure" + std::string(200'000, 'x'));
  }
}

TEST(HttpClientTls, RefusesUnknownAuthorities) {
  const TlsServer server("localhost");
  ClientRig client;
  const TransportError error = failure(client.fetch(server.request("localhost")));
  EXPECT_EQ(error.error.code, Code::network);
  EXPECT_EQ(error.sent, SentState::not_sent);
  EXPECT_THAT(error.error.message, HasSubstr("localhost"));
  EXPECT_THAT(error.error.message, HasSubstr("http.tls.ca_file"));
}

TEST(HttpClientTls, RefusesCertificatesOfOthers) {
  const TlsServer server("product.example");
  ClientRig client(server.trusting());
  const TransportError error = failure(client.fetch(server.request("localhost")));
  EXPECT_EQ(error.error.code, Code::network);
  EXPECT_EQ(error.sent, SentState::not_sent);
  EXPECT_THAT(error.error.message,
              HasSubstr("the certificate of localhost is for product.example, 127.0.0.1"));
}

TEST(HttpClientTls, RefusesExpiredCertificates) {
  const TlsServer server("localhost", std::chrono::hours(-1));
  ClientRig client(server.trusting());
  const TransportError error = failure(client.fetch(server.request("localhost")));
  EXPECT_EQ(error.sent, SentState::not_sent);
  EXPECT_THAT(error.error.message, HasSubstr("has expired"));
}

TEST(HttpClientTls, TellsServersWithoutTls) {
  const auto server = serve([](const HttpIncoming&) { return HttpReply{}; });
  ClientRig client;
  HttpRequest request = get(server->port());
  request.origin.scheme = "https";
  const TransportError error = failure(client.fetch(request));
  EXPECT_EQ(error.error.code, Code::network);
  EXPECT_EQ(error.sent, SentState::not_sent);
  EXPECT_THAT(error.error.message, HasSubstr("cannot agree on TLS with 127.0.0.1"));
}

TEST(HttpClientTls, TellsThatTheFileCannotBeRead) {
  const TlsServer server("localhost");
  ClientRig client({.ca_file = "/nonexistent/ca.pem"});
  const TransportError error = failure(client.fetch(server.request("localhost")));
  EXPECT_EQ(error.error.code, Code::config);
  EXPECT_THAT(error.error.message, HasSubstr("/nonexistent/ca.pem"));
}

TEST(MakeSelfSigned, RefusesWhatIsNoHost) {
  for (const char* host : {"", "a,DNS:b", "a b", "a\nb"}) {
    const auto made = make_self_signed(host);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Code::misuse);
  }
}

}  // namespace
}  // namespace earshot::core
