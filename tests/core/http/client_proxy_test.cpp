#include <cstdlib>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/http/client.hpp>

#include "client_fixture.hpp"
#include "raw_server.hpp"
#include "temp_file.hpp"

namespace earshot::core {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// A proxy that notes what it is asked and answers everything with the same bytes.
class Proxy {
 public:
  explicit Proxy(std::string reply)
      : server_([this, reply = std::move(reply)](RawConnection& connection, int) {
          head_.set_value(connection.read_head());
          connection.write(reply);
          connection.read_all();
        }) {}

  [[nodiscard]] std::string url(const std::string& userinfo = "") const {
    return "http://" + userinfo + "127.0.0.1:" + std::to_string(server_.port());
  }
  [[nodiscard]] std::string head() { return head_.get_future().get(); }

 private:
  std::promise<std::string> head_;
  RawServer server_;
};

constexpr const char* kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

TEST(HttpClientProxy, ForwardsWithAbsoluteTargets) {
  Proxy proxy(kOk);
  ClientRig client({.http_proxy = proxy.url("user:p%40ss@")});
  EXPECT_EQ(answer(client.fetch(get(8080, "/a?b", "product.example"))).body, "ok");
  const std::string head = proxy.head();
  EXPECT_THAT(head, StartsWith("GET http://product.example:8080/a?b HTTP/1.1\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nHost: product.example:8080\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nProxy-Authorization: Basic dXNlcjpwQHNz\r\n"));
}

TEST(HttpClientProxy, TunnelsWhatIsEncrypted) {
  Proxy proxy("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
  ClientRig client({.https_proxy = proxy.url("user:secret@")});
  HttpRequest request = get(443, "/", "product.example");
  request.origin.scheme = "https";
  request.headers = {{"Authorization", "Bearer token"}};
  const TransportError error = failure(client.fetch(request));
  EXPECT_EQ(error.sent, SentState::not_sent);
  EXPECT_THAT(error.error.message, HasSubstr("asks for credentials"));
  EXPECT_THAT(error.error.message, Not(HasSubstr("secret")));
  const std::string head = proxy.head();
  EXPECT_THAT(head, StartsWith("CONNECT product.example:443 HTTP/1.1\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nProxy-Authorization: Basic "));
  EXPECT_THAT(head, Not(HasSubstr("token")));
}

/// Carries bytes from one connection to the other until the first ends.
void relay(RawConnection& from, RawConnection& to) {
  for (std::string piece = from.read_some(); !piece.empty(); piece = from.read_some()) {
    if (!to.write(piece)) break;
  }
  from.shut_down();
  to.shut_down();
}

TEST(HttpClientProxy, CarriesTlsThroughTheTunnel) {
  const auto made = make_self_signed("product.example").value();
  const TempFile ca(made.certificate_pem);
  const auto product =
      serve([](const HttpIncoming& request) { return HttpReply{.body = request.target}; },
            {.tls = true, .certificate_pem = made.certificate_pem, .key_pem = made.key_pem});
  RawServer proxy([&product](RawConnection& client, int) {
    client.read_head();
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    RawConnection server = RawConnection::to(product->port());
    std::thread back([&] { relay(server, client); });
    relay(client, server);
    back.join();
  });
  ClientRig client(
      {.ca_file = ca.path(), .https_proxy = "http://127.0.0.1:" + std::to_string(proxy.port())});
  for (const char* target : {"/1", "/2"}) {
    HttpRequest request = get(443, target, "product.example");
    request.origin.scheme = "https";
    EXPECT_EQ(answer(client.fetch(request)).body, target);
  }
  EXPECT_EQ(proxy.connections(), 1);
}

TEST(HttpClientProxy, TellsWhatIsNoTunnel) {
  for (const char* reply : {"HTTP/1.1 502 Bad Gateway\r\n\r\n", "220 mail.example\r\n",
                            "HTTP/1.1 200 OK\r\n\r\nnot TLS at all"}) {
    Proxy proxy(reply);
    ClientRig client({.https_proxy = proxy.url()});
    HttpRequest request = get(443, "/", "product.example");
    request.origin.scheme = "https";
    EXPECT_EQ(failure(client.fetch(request)).sent, SentState::not_sent) << reply;
  }
}

TEST(HttpClientProxy, LeavesOutWhatNoProxyNames) {
  for (const char* no_proxy : {"product.invalid", ".invalid", "x.example, invalid", "*",
                               "*.invalid", "product.invalid:8080"}) {
    ClientRig client({.http_proxy = "http://127.0.0.1:1", .no_proxy = no_proxy});
    EXPECT_THAT(failure(client.fetch(get(8080, "/", "product.invalid"))).error.message,
                HasSubstr("cannot resolve product.invalid"))
        << no_proxy;
  }
  for (const char* no_proxy : {"", "duct.invalid", "product.invalid:80", "example"}) {
    ClientRig client({.http_proxy = "http://127.0.0.1:1", .no_proxy = no_proxy});
    EXPECT_THAT(failure(client.fetch(get(8080, "/", "product.invalid"))).error.message,
                HasSubstr("the proxy 127.0.0.1:1"))
        << no_proxy;
  }
}

TEST(HttpClientProxy, ReachesThisMachineDirectly) {
  const auto server = serve([](const HttpIncoming&) { return HttpReply{.body = "direct"}; });
  ClientRig client({.http_proxy = "http://127.0.0.1:1"});
  EXPECT_EQ(answer(client.fetch(get(server->port()))).body, "direct");
}

TEST(HttpClientProxy, RefusesSettingsThatAreNoProxy) {
  for (const char* setting : {"socks5://user:secret@127.0.0.1", "https://127.0.0.1:1", "http://"}) {
    ClientRig client({.http_proxy = setting});
    const TransportError error = failure(client.fetch(get(80, "/", "product.example")));
    EXPECT_EQ(error.error.code, Code::config) << setting;
    EXPECT_EQ(error.sent, SentState::not_sent) << setting;
    EXPECT_THAT(error.error.message, Not(HasSubstr("secret")));
  }
}

TEST(HttpClientProxy, HidesNoAddressesFromTheCheck) {
  Proxy proxy(kOk);
  ClientRig client({.http_proxy = proxy.url(), .https_proxy = proxy.url()});
  HttpRequest request = get(80, "/", "10.0.0.1");
  request.public_only = true;
  EXPECT_EQ(failure(client.fetch(request)).sent, SentState::not_sent);
  request.origin.scheme = "https";
  EXPECT_THAT(failure(client.fetch(request)).error.message, HasSubstr("not at a public address"));
}

TEST(ProxiesFromEnvironment, ReadsEitherCase) {
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY",
                           "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}) {
    ::unsetenv(name);
  }
  ::setenv("HTTPS_PROXY", "http://one.example:1", 1);
  ::setenv("all_proxy", "http://all.example:2", 1);
  ::setenv("no_proxy", "example.com", 1);
  HttpClientOptions options;
  proxies_from_environment(options);
  EXPECT_EQ(options.https_proxy, "http://one.example:1");
  EXPECT_EQ(options.http_proxy, "http://all.example:2");
  EXPECT_EQ(options.no_proxy, "example.com");
}

}  // namespace
}  // namespace earshot::core
