#include "sandbox/fault.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace earshot::sandbox {
namespace {

core::Result<Fault> from_text(std::string_view spec) {
  return parse_fault(spec);
}

TEST(FaultSpec, ReadsTextAndJsonAlike) {
  const auto text =
      from_text("slow,on=/api/*,times=2,after=3,retry_after=4,delay_ms=50,executed=true");
  const auto document = core::JsonDocument::parse(
      R"({"fault":"slow","on":"/api/*","times":2,"after":3,"retry_after":4,"delay_ms":50,"executed":true})");
  ASSERT_TRUE(document);
  const auto json = parse_fault(document.value()->root());
  for (const auto* fault : {&text, &json}) {
    ASSERT_TRUE(*fault);
    EXPECT_EQ((*fault)->kind, FaultKind::slow);
    EXPECT_EQ((*fault)->on, "/api/*");
    EXPECT_EQ((*fault)->times, 2U);
    EXPECT_EQ((*fault)->after, 3U);
    EXPECT_EQ((*fault)->retry_after, std::chrono::seconds(4));
    EXPECT_EQ((*fault)->delay, std::chrono::milliseconds(50));
    EXPECT_TRUE((*fault)->executed);
  }
}

TEST(FaultSpec, SaysWhatIsWrong) {
  EXPECT_EQ(from_text("explode").error().message,
            "unknown fault 'explode': there are rate_limit, error500, error503, reset, slow, "
            "truncate, invalid_json, duplicate_page, mutate_while_paging");
  EXPECT_EQ(from_text("slow,times=often").error().message,
            "'times' takes a whole number from 0 to 1000000000");
  EXPECT_EQ(from_text("slow,time=1").error().message,
            "a fault has no member 'time': there are fault, on, executed, times, after, "
            "retry_after, delay_ms");
  EXPECT_EQ(from_text("slow,often").error().message, "'often' is no name=value");
}

TEST(FaultPlan, StrikesAfterSomeAndSoOften) {
  FaultPlan plan;
  plan.add(*from_text("error500,on=/a/*,after=1,times=2"));
  std::vector<bool> struck;
  for (int request = 0; request < 5; ++request)
    struck.push_back(plan.next("/a/b", false) != nullptr);
  EXPECT_EQ(struck, (std::vector<bool>{false, true, true, false, false}));
  EXPECT_EQ(plan.next("/b", false), nullptr);
}

TEST(FaultPlan, DuplicateWaitsForAPageBefore) {
  FaultPlan plan;
  plan.add(*from_text("duplicate_page"));
  EXPECT_EQ(plan.next("/a", false), nullptr);
  EXPECT_NE(plan.next("/a", true), nullptr);
  EXPECT_EQ(plan.next("/a", true), nullptr);
}

}  // namespace
}  // namespace earshot::sandbox
