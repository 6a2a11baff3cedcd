#include "sandbox/sandbox.hpp"

#include <filesystem>
#include <string>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/http/message.hpp>
#include <earshot/core/json/document.hpp>

namespace earshot::sandbox {
namespace {

/// What a server on 127.0.0.1 sends back on one connection.
std::string answer_from(std::uint16_t port, const std::string& request) {
  const int socket_fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(socket_fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(send(socket_fd, request.data(), request.size(), 0),
            static_cast<ssize_t>(request.size()));
  std::string answer;
  char buffer[4096];
  for (ssize_t got = 0; (got = recv(socket_fd, buffer, sizeof buffer, 0)) > 0;) {
    answer.append(buffer, static_cast<std::size_t>(got));
  }
  close(socket_fd);
  return answer;
}

std::string get(const std::string& url, const std::string& more = "") {
  const auto parsed = core::parse_url(url);
  EXPECT_TRUE(parsed);
  return answer_from(parsed->origin.port,
                     fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{}\r\n",
                                 parsed->target, parsed->origin.authority(), more));
}

SandboxOptions small() {
  SandboxOptions options;
  options.setup.items = 20;
  options.setup.now = *core::parse_time("2026-03-02T10:15:19Z");
  return options;
}

TEST(Sandbox, ReadyLineLeadsToTheTruth) {
  const core::SystemClock clock;
  const auto sandbox = Sandbox::start(small(), clock);
  ASSERT_TRUE(sandbox) << sandbox.error().message;
  const std::string line = sandbox.value()->ready_line();
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto ready = core::JsonDocument::parse(line);
  ASSERT_TRUE(ready);
  const core::JsonValue root = ready.value()->root();
  EXPECT_TRUE(root.member("ready").truthy());
  const core::JsonValue zendesk = root.at("/products/zendesk");
  EXPECT_EQ(zendesk.member("base_url").text(), sandbox.value()->base_url("zendesk"));
  EXPECT_EQ(zendesk.at("/config/subdomain").text(), "acme");
  EXPECT_EQ(zendesk.at("/credentials/api_token").text().size(), 40U);
  EXPECT_GE(zendesk.member("alternatives").size(), 3U);

  const std::string truth = get(std::string(zendesk.member("truth_url").text()));
  EXPECT_TRUE(truth.starts_with("HTTP/1.1 200")) << truth;
  EXPECT_NE(truth.find("\"count\":20"), std::string::npos);
}

TEST(Sandbox, CompressesForThoseWhoAcceptIt) {
  const core::SystemClock clock;
  SandboxOptions options = small();
  options.gzip = true;
  options.setup.items = 300;
  const auto sandbox = Sandbox::start(options, clock);
  ASSERT_TRUE(sandbox);
  const std::string url = sandbox.value()->base_url("zendesk") + "/_sandbox/truth";
  EXPECT_NE(get(url, "Accept-Encoding: gzip\r\n").find("\r\ncontent-encoding: gzip\r\n"),
            std::string::npos);
  EXPECT_EQ(get(url).find("content-encoding"), std::string::npos);
}

TEST(Sandbox, CertificateGoesWithIt) {
  const core::SystemClock clock;
  SandboxOptions options = small();
  options.tls = true;
  std::string file;
  {
    const auto sandbox = Sandbox::start(options, clock);
    ASSERT_TRUE(sandbox);
    const auto ready = core::JsonDocument::parse(sandbox.value()->ready_line());
    ASSERT_TRUE(ready);
    const core::JsonValue zendesk = ready.value()->root().at("/products/zendesk");
    EXPECT_TRUE(zendesk.member("base_url").text().starts_with("https://127.0.0.1:"));
    file = zendesk.member("ca_file").text();
    EXPECT_TRUE(std::filesystem::exists(file));
  }
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(Sandbox, TakenPortIsAnError) {
  const core::SystemClock clock;
  const auto first = Sandbox::start(small(), clock);
  ASSERT_TRUE(first);
  SandboxOptions options = small();
  options.port = core::parse_url(first.value()->base_url("zendesk") + "/")->origin.port;
  EXPECT_FALSE(Sandbox::start(options, clock));
}

}  // namespace
}  // namespace earshot::sandbox
