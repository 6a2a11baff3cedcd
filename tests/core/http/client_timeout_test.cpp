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
  /// Lets time pass, a second at a time, until there is a result.
  TransportResult pass_time_for(HttpRequest request) {
    auto result = client_.start(std::move(request));
    while (result.wait_for(milliseconds(1)) != std::future_status::ready) {
      clock_.advance(seconds(1));
      passed_ += seconds(1);
    }
    return result.get();
  }

  VirtualClock clock_{Time{}};
  Micros passed_{0};
  ClientRig client_{clock_, {}};
};

TEST_F(HttpClientTimeout, EndsTheWaitForTheFirstByte) {
  RawServer server([](RawConnection& connection, int) { connection.read_all(); });
  HttpRequest request = get(server.port());
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
  HttpRequest request = get(server.port());
  request.timeouts.first_byte = hours(1);
  request.timeouts.idle = seconds(7);
  const TransportError error = failure(pass_time_for(request));
  EXPECT_EQ(error.error.code, Code::network);
  EXPECT_THAT(error.error.message, HasSubstr("for 7 s"));
  EXPECT_LT(passed_, hours(1));
}

TEST_F(HttpClientTimeout, EndsUploadsThatStandStill) {
  std::promise<void> over;
  RawServer server([done = over.get_future().share()](RawConnection&, int) { done.wait(); });
  HttpRequest request = get(server.port());
  request.method = "POST";
  request.body = std::string(32'000'000, 'x');
  const TransportError error = failure(pass_time_for(request));
  EXPECT_EQ(error.error.code, Code::network);
  EXPECT_EQ(error.sent, SentState::maybe);
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
  HttpRequest request = get(server.port());
  request.timeouts.total = seconds(100);
  const TransportError error = failure(pass_time_for(request));
  EXPECT_EQ(error.error.code, Code::network);
  EXPECT_THAT(error.error.message, HasSubstr("took longer than"));
  over.set_value();
}

TEST_F(HttpClientTimeout, EndsHandshakesThatStandStill) {
  RawServer server([](RawConnection& connection, int) { connection.read_all(); });
  HttpRequest request = get(server.port());
  request.origin.scheme = "https";
  const TransportError error = failure(pass_time_for(request));
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
