#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/http/client.hpp>

#include "client_fixture.hpp"
#include "raw_server.hpp"
#include "temp_file.hpp"

namespace earshot::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> outcomes(const std::vector<ProbeStage>& stages) {
  std::vector<std::string> texts;
  for (const ProbeStage& stage : stages)
    texts.push_back(stage.name + (stage.ok ? " ok" : " failed"));
  return texts;
}

Url url_of(std::uint16_t port, std::string scheme, std::string host) {
  return {.origin = {.scheme = std::move(scheme), .host = std::move(host), .port = port},
          .target = "/"};
}

TEST(ProbeConnection, GoesThroughAllStages) {
  const auto made = make_self_signed("localhost").value();
  const TempFile ca(made.certificate_pem);
  const auto server =
      serve([](const HttpIncoming&) { return HttpReply{.status = 401, .body = "who?"}; },
            {.tls = true, .certificate_pem = made.certificate_pem, .key_pem = made.key_pem});
  const auto stages =
      probe_connection(url_of(server->port(), "https", "localhost"), {.ca_file = ca.path()});
  ASSERT_THAT(outcomes(stages), ElementsAre("dns ok", "tcp ok", "tls ok", "http ok"));
  EXPECT_THAT(stages[0].detail, HasSubstr("127.0.0.1"));
  EXPECT_THAT(stages[2].detail, HasSubstr("certificate for localhost"));
  EXPECT_THAT(stages[3].detail, HasSubstr("status 401"));
}

TEST(ProbeConnection, StopsWhereItFails) {
  const auto plain = serve([](const HttpIncoming&) { return HttpReply{.reset = true}; });
  EXPECT_THAT(outcomes(probe_connection(url_of(plain->port(), "http", "127.0.0.1"), {})),
              ElementsAre("dns ok", "tcp ok", "http failed"));
  EXPECT_THAT(outcomes(probe_connection(url_of(plain->port(), "https", "127.0.0.1"), {})),
              ElementsAre("dns ok", "tcp ok", "tls failed"));
  const auto unknown = probe_connection(url_of(443, "https", "product.invalid"), {});
  ASSERT_THAT(outcomes(unknown), ElementsAre("dns failed"));
  EXPECT_THAT(unknown[0].detail, HasSubstr("cannot resolve product.invalid"));
}

TEST(ProbeConnection, TellsRefusedConnections) {
  std::uint16_t port = 0;
  {
    RawServer gone([](RawConnection&, int) {});
    port = gone.port();
  }
  EXPECT_THAT(outcomes(probe_connection(url_of(port, "http", "127.0.0.1"), {})),
              ElementsAre("dns ok", "tcp failed"));
}

}  // namespace
}  // namespace earshot::core
