/// Every fault of docs/reference/bad-days.md: the program says what the page says it says, ends
/// with the page's exit code, and once the fault is gone everything is there.

#include "bad_days.hpp"

#include <algorithm>
#include <cctype>

#include <gtest/gtest.h>

#include <earshot/core/base/text.hpp>

namespace earshot::scenario {
namespace {

constexpr int kSignalled = 128;  ///< What shells add to the signal that ended a program.
constexpr std::size_t kStoredBefore = 30;

const Faults& all_faults() {
  static const Faults all = [] {
    Faults faults;
    for (Faults some : {configuration_faults(), access_faults(), plugin_faults(), product_faults(),
                        machine_faults()})
      faults.merge(some);
    return faults;
  }();
  return all;
}

/// True if `output` has `text`, in which "…" stands for anything.
bool says(const std::string& output, std::string text) {
  for (std::size_t at = 0; (at = text.find("…")) != std::string::npos;)
    text.replace(at, std::string_view("…").size(), "*");
  return core::glob_match("*" + text + "*", output);
}

TEST_P(BadDays, AreToldAndLoseNothing) {
  const BadDay& day = GetParam();
  const auto fault = all_faults().find(day.fault);
  ASSERT_NE(fault, all_faults().end()) << "nobody knows how to bring this about: " << day.fault;
  serve(60);
  write_config({.page_size = 10});
  sync({"--limit", "30"});

  const Finished told = fault->second.strike(*this);
  const int exit_code = told.signal == 0 ? told.exit_code : kSignalled + told.signal;
  EXPECT_EQ(exit_code, day.exit_code) << told.out << told.err;
  EXPECT_TRUE(says(told.out + told.err, day.text))
      << "expected: " << day.text << "\nsaid: " << told.out << told.err;

  write_config({.page_size = 10});
  fault->second.mend(*this);
  control().remove("/_sandbox/faults");
  EXPECT_GE(ids_of(exported()).size(), kStoredBefore);
  const auto last = sync();
  EXPECT_EQ(text(*last, "outcome"), "completed");
  expect_oracle();
}

INSTANTIATE_TEST_SUITE_P(Page, BadDays, testing::ValuesIn(read_bad_days()),
                         [](const testing::TestParamInfo<BadDay>& row) {
                           std::string name = row.param.fault;
                           const auto kept = [](unsigned char c) { return std::isalnum(c) != 0; };
                           std::replace_if(
                               name.begin(), name.end(),
                               [&](char c) { return !kept(static_cast<unsigned char>(c)); }, '_');
                           return name;
                         });

TEST(BadDaysPage, TellsOfEveryFaultAndItsRemedy) {
  std::vector<std::string> rows;
  for (const BadDay& day : read_bad_days()) {
    rows.push_back(day.fault);
    EXPECT_FALSE(day.remedy.empty()) << day.fault;
  }
  std::sort(rows.begin(), rows.end());
  std::vector<std::string> faults;
  for (const auto& [name, fault] : all_faults()) faults.push_back(name);
  EXPECT_EQ(rows, faults);
}

}  // namespace
}  // namespace earshot::scenario
