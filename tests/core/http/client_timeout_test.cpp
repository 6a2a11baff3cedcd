#include <chrono>
#include <future>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/http/client.hpp>

#include "client_fixture.hpp"
#include "raw_server.hpp"

namespace earshot::core {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

/// A client whose time passes only here.
class HttpClientTimeout : public testing::Test {
 protected:
  /// A request that waits for long in every stage.
  static HttpRequest patient(std::uint16_t port) {
    HttpRequest request = get(port);
    request.timeouts = {.connect = hours(1), .first_byte = hours(1), .idle = hours(1)};
    return request;
  }

  /// Lets time pass, a second at a time, until there is a result.
  TransportResult pass_time_for(std::future<TransportResult> result) {
    while (result.wait_for(milliseconds(1)) != std::future_status::ready) {
      clock_.advance(seconds(1));
      passed_ += seconds(1);
    }
    return result.get();
  }
  TransportResult pass_time_for(HttpRequest request) {
    return pass_time_for(client_.start(std::move(request)));
  }

  VirtualClock clock_{Time{}};
  Micros passed_{0};
  ClientRig client_{clock_, {}};
};

TEST_F(HttpClientTimeout, EndsTheWaitForTheFirstByte) {
  RawServer server([](RawConnection& connection, int) { connection.read_all(); });
  HttpRequest request = patient(server.port());
  request.timeouts.first_byte = seconds(10);
  const TransportError error = failure(pass_time_for(request));
  EXPECT_EQ(error.error.code, Code::network);
  EXPECT_EQ(error.sent, SentState::maybe);
  EXPECT_THAT(error.error.message, HasSubstr("did not begin to answer within 10 s"));
  EXPECT_GE(passed_, seconds(10));
}

TEST_F(HttpClientTimeout, EndsTheWaitForTheRest) {
  RawServer server([](RawConnection& connection, int) {
    connection.read_head();
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123");
    connection.read_all();
  });
  HttpRequest request = patient(server.port());
  request.timeouts.idle = seconds(7);
  const TransportError error = failure(pass_time_for(request));
  EXPECT_EQ(error.error.code, Code::network);
  EXPECT_THAT(error.error.message, HasSubstr("for 7 s"));
}

TEST_F(HttpClientTimeout, EndsUploadsThatStandStill) {
  std::promise<void> over;
  RawServer server([done = over.get_future().share()](RawConnection&, int) { done.wait(); });
  HttpRequest request = patient(server.port());
  request.timeouts.idle = seconds(30);
  request.method = "POST";
  request.body = std::string(32'000'000, 'x');
  const TransportError error = failure(pass_time_for(request));
  EXPECT_EQ(error.error.code, Code::network);
  EXPECT_THAT(error.error.message, HasSubstr("for 30 s"));
  over.set_value();
}

TEST_F(HttpClientTimeout, BoundsTheWhole) {
  std::promise<void> over;
  RawServer server([done = over.get_future().share()](RawConnection& connection, int) {
    connection.read_head();
    connection.write("HTTP/1.1 200 OK\r\n\r\n");
    while (done.wait_for(milliseconds(1)) != std::future_status::ready && connection.write("x")) {
    }
  });
  HttpRequest request = patient(server.port());
  request.timeouts.total = seconds(100);
  const TransportError error = failure(pass_time_for(request));
  EXPECT_EQ(error.error.code, Code::network);
  EXPECT_THAT(error.error.message, HasSubstr("took longer than"));
  over.set_value();
}

TEST_F(HttpClientTimeout, EndsHandshakesThatStandStill) {
  std::promise<void> greeted;
  RawServer server([&greeted](RawConnection& connection, int) {
    connection.read_some();
    greeted.set_value();
    connection.read_all();
  });
  HttpRequest request = patient(server.port());
  request.timeouts.connect = seconds(10);
  request.origin.scheme = "https";
  auto result = client_.start(request);
  greeted.get_future().wait();
  const TransportError error = failure(pass_time_for(std::move(result)));
  EXPECT_EQ(error.error.code, Code::network);
  EXPECT_EQ(error.sent, SentState::not_sent);
  EXPECT_THAT(error.error.message, HasSubstr("was not reached in time (at: tls)"));
}

TEST_F(HttpClientTimeout, ClosesConnectionsThatStayIdle) {
  std::promise<void> closed;
  RawServer server([&closed](RawConnection& connection, int) {
    connection.read_head();
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    connection.read_all();
    closed.set_value();
  });
  EXPECT_EQ(answer(client_.fetch(get(server.port()))).status, 200);
  clock_.advance(minutes(2));
  closed.get_future().wait();
}

}  // namespace
}  // namespace earshot::core
