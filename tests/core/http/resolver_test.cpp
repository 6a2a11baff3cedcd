#include "resolver.hpp"

#include <future>
#include <string>

#include <gtest/gtest.h>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/runtime/loop.hpp>

namespace earshot::core {
namespace {

class ResolverTest : public testing::Test {
 protected:
  std::future<Resolver::Addresses> find(Resolver& resolver, std::string host) {
    auto promise = std::make_shared<std::promise<Resolver::Addresses>>();
    resolver.find(loop_, std::move(host), [promise](Resolver::Addresses addresses) {
      promise->set_value(std::move(addresses));
    });
    return promise->get_future();
  }

  SystemClock clock_;
  Loop loop_{clock_, "resolver-test"};
};

TEST_F(ResolverTest, HoldsNobodyUpBehindASilentNameServer) {
  std::promise<void> answered;
  Resolver resolver([silent = answered.get_future().share()](const std::string& host) {
    if (host == "silent.example") silent.wait();
    return Resolver::Addresses(std::vector<std::string>{"192.0.2.7"});
  });
  auto silent = find(resolver, "silent.example");
  EXPECT_EQ(find(resolver, "live.example").get().value().front(), "192.0.2.7");
  answered.set_value();
  EXPECT_TRUE(silent.get().has_value());
}

TEST_F(ResolverTest, AsksTheSystem) {
  Resolver resolver(look_up_host);
  const Resolver::Addresses here = find(resolver, "localhost").get();
  ASSERT_TRUE(here.has_value()) << here.error().message;
  EXPECT_TRUE(here->front() == "127.0.0.1" || here->front() == "::1") << here->front();
  EXPECT_EQ(find(resolver, "product.invalid").get().error().code, Code::network);
}

}  // namespace
}  // namespace earshot::core
