/// The program killed at every point where a crash could lose or double something, one after the
/// other; what it left must be whole, and the next sync complete it.

#include <algorithm>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <signal.h>

#include <earshot/core/base/text.hpp>

#include "core/store/old_schema.hpp"
#include "preload.hpp"
#include "scenario.hpp"

namespace earshot::scenario {
namespace {

/// After fetch, before write, before cursor, after commit.
constexpr const char* kPhases = "fwcd";
/// Every page written and every sync; a fetch comes when the store is open.
constexpr const char* kUntilFetch = "pf";
constexpr std::size_t kMostPoints = 500;

/// Syncs that die, each from the same store.
class Crashing : public Scenario {
 protected:
  using Scenario::Scenario;

  std::filesystem::path store() const { return data() / "earshot.db"; }

  /// Syncs what `keep` kept, up to that point; the kinds of all points passed.
  std::string sync_until(const CrashPoint& point) {
    std::filesystem::remove_all(data());
    std::filesystem::copy(kept(), data(), std::filesystem::copy_options::recursive);
    const std::filesystem::path log = folder() / "points";
    std::filesystem::remove(log);
    const Finished finished =
        Child(folder(), dying_at(point, log, command({"sync", "acme", "--quiet"}))).wait();
    EXPECT_TRUE(finished.signal == SIGKILL || finished.exit_code == 0)
        << finished.exit_code << finished.out << finished.err;
    killed_ = finished.signal == SIGKILL;
    return content("points");
  }
  [[nodiscard]] bool killed() const { return killed_; }

  void keep() { std::filesystem::copy(data(), kept(), std::filesystem::copy_options::recursive); }

  /// What is stored, every record with the hash of its content.
  [[nodiscard]] std::string records() const {
    return ask(store(),
               "SELECT group_concat(source_id || ' ' || version || ' ' || hex(hash), char(10)) "
               "FROM (SELECT * FROM records ORDER BY source_id)");
  }

  /// The next sync ends with the records of one that nobody killed, which the oracle confirmed.
  void expect_completed_to(const std::string& whole) {
    EXPECT_EQ(text(*sync(), "outcome"), "completed");
    EXPECT_EQ(records(), whole);
  }

  std::size_t pages_asked_for() {
    std::size_t pages = 0;
    for (const std::string& target : targets())
      pages += core::glob_match(product().item_pages, target.substr(0, target.find('?')));
    return pages;
  }

 private:
  [[nodiscard]] std::filesystem::path kept() const { return folder() / "kept"; }

  bool killed_ = false;
};

class CrashPoints : public Crashing, public testing::WithParamInterface<const Product*> {
 protected:
  CrashPoints() : Crashing(*GetParam()) {}
};

TEST_P(CrashPoints, LoseAndDoubleNothing) {
  serve(12);
  write_config({.page_size = 4});
  ASSERT_EQ(run({"test", "acme"}).exit_code, 0) << "makes a store in which the account is known";
  keep();
  forget_requests();
  sync_until({.kinds = kPhases});
  ASSERT_FALSE(killed());
  expect_oracle();
  const std::string whole = records();
  const auto pages = static_cast<std::ptrdiff_t>(pages_asked_for());
  ASSERT_GE(pages, 3);

  std::string landed;  // the kind of each point that was the last
  for (std::size_t number = 1; number < kMostPoints; ++number) {
    const std::string passed = sync_until({.kinds = kPhases, .number = number});
    if (!killed()) break;
    ASSERT_EQ(passed.size(), number);
    landed += passed.back();
    expect_completed_to(whole);
    if (HasFailure()) FAIL() << "killed behind " << passed;
  }
  expect_oracle();
  EXPECT_LT(landed.size(), kMostPoints - 1);
  for (const char* phase = kPhases; *phase != '\0'; ++phase)
    EXPECT_GE(std::count(landed.begin(), landed.end(), *phase), pages) << *phase;
}

INSTANTIATE_TEST_SUITE_P(Products, CrashPoints, testing::ValuesIn(products()), product_name);

using CrashedMigration = Crashing;

TEST_F(CrashedMigration, LosesAndDoublesNothing) {
  serve(12);
  write_config({.page_size = 4});
  sync({"--limit", "4"});
  ask(store(), core::kToFirstSchema);
  keep();
  sync_until({.kinds = kUntilFetch});
  expect_oracle();
  const std::string whole = records();
  std::size_t number = 1;
  for (; number < kMostPoints; ++number) {
    const std::string passed = sync_until({.kinds = kUntilFetch, .number = number});
    ASSERT_TRUE(killed());
    ASSERT_EQ(passed.size(), number);
    EXPECT_EQ(ask(store(), "PRAGMA integrity_check"), "ok");
    expect_completed_to(whole);
    if (HasFailure()) FAIL() << "killed at write " << number;
    if (passed.back() == 'f') break;
  }
  expect_oracle();
  EXPECT_GT(number, 20U) << "there are five steps, most of several pages";
}

}  // namespace
}  // namespace earshot::scenario
