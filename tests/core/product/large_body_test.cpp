/// Large answers are parsed beside the loop.

#include <latch>

#include "product_fixture.hpp"

namespace earshot::core {
namespace {

constexpr std::size_t kLarge = std::size_t{2} << 20;

class LargeBody : public ProductTest {
 protected:
  LargeBody() {
    parsers = std::make_unique<ThreadPool>("parser", 1, 256U << 10);
    transport.handler = [](const HttpRequest& request) {
      if (request.target != "/large") return reply(200, R"({"size":"small"})");
      return reply(200, R"({"size":"large","filler":")" + std::string(kLarge, 'x') + R"("})");
    };
  }
  ~LargeBody() override { parsers.reset(); }

  /// Keeps the one thread that parses busy until `resume`.
  void hold_parser() {
    parsers->run([this] { resume_.wait(); });
  }
  void resume() { resume_.count_down(); }
  /// Lets what was parsed come back to the loop.
  void await_parser() {
    std::latch parsed(1);
    parsers->run([&] { parsed.count_down(); });
    parsed.wait();
    settle();
  }

 private:
  std::latch resume_{1};
};

TEST_F(LargeBody, IsParsedWhileTheLoopGoesOn) {
  hold_parser();
  const auto large = start({.path = "/large"});
  const auto small = start({.path = "/small"});
  ASSERT_TRUE(*small) << "the later request waits for nobody";
  EXPECT_FALSE(*large) << "its body waits for the thread that parses";
  resume();
  await_parser();
  ASSERT_TRUE(*large);
  ASSERT_TRUE(**large);
  EXPECT_EQ((**large)->json->root().member("size").text(), "large");
}

TEST_F(LargeBody, IsJudgedAsAnyOther) {
  manifest.errors = {{.status = 200,
                      .at = "/size",
                      .equals = "\"large\"",
                      .outcome = ErrorRule::Class::forbidden}};
  const auto large = start({.path = "/large"});
  await_parser();
  ASSERT_TRUE(*large);
  ASSERT_TRUE(**large);
  EXPECT_EQ((**large)->error.code, Code::forbidden);
}

TEST_F(LargeBody, OfARequestThatWasGivenUpIsDropped) {
  hold_parser();
  const auto large = start({.path = "/large"});
  cancel_all();
  resume();
  await_parser();
  EXPECT_FALSE(*large);
}

}  // namespace
}  // namespace earshot::core
