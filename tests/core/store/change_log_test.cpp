#include <gmock/gmock.h>

#include "core/store/fixture.hpp"

namespace earshot::core {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ChangeLog : public StoreTest {
 protected:
  /// What changed since, as "id" or "-id" of a tombstone; the token moves on.
  std::vector<std::string> changes(std::string& token, const std::string& integration = {},
                                   std::size_t limit = 100) {
    std::vector<std::string> out;
    const auto read = reader()->changes(token, integration, [&](const StoredRecord& stored) {
      if (out.size() == limit) return false;
      const bool gone = stored.record.status == RecordStatus::deleted;
      out.push_back((gone ? "-" : "") + stored.record.source_id);
      return true;
    });
    EXPECT_TRUE(read) << (read ? "" : read.error().message);
    if (read) token = read->next;
    return out;
  }
  std::string refusal(const std::string& token) {
    const auto read = reader()->changes(token, {}, [](const StoredRecord&) { return true; });
    EXPECT_FALSE(read);
    if (read) return "";
    EXPECT_EQ(read.error().code, Code::config);
    return read.error().message;
  }
};

TEST_F(ChangeLog, GivesEachRecordOnceWithTombstones) {
  const Lease run = lease(integration());
  std::string token;
  EXPECT_THAT(changes(token), IsEmpty());
  write(run, {item("1", 1), item("2", 1), item("3", 1)});
  write(run, {item("1", 2)});
  write(run, {item("1", 3), tombstone("2", 2)});
  EXPECT_THAT(changes(token), ElementsAre("3", "1", "-2"));
  EXPECT_THAT(changes(token), IsEmpty());
  write(run, {item("3", 1)});
  EXPECT_THAT(changes(token), IsEmpty()) << "nothing new was stored";
  write(run, {item("3", 2)});
  EXPECT_THAT(changes(token), ElementsAre("3"));
}

TEST_F(ChangeLog, GoesOnWhereItWasStopped) {
  const Lease run = lease(integration());
  write(run, {item("1", 1), item("2", 1), item("3", 1)});
  std::string token;
  EXPECT_THAT(changes(token, {}, 2), ElementsAre("1", "2"));
  EXPECT_THAT(changes(token, {}, 2), ElementsAre("3"));
}

TEST_F(ChangeLog, KeepsIntegrationsApart) {
  write(lease(integration("acme")), {item("1", 1)});
  write(lease(integration("beta")), {item("2", 1)});
  std::string token;
  EXPECT_THAT(changes(token, "beta"), ElementsAre("2"));
  EXPECT_THAT(changes(token), ElementsAre("1")) << "of beta nothing is new";
}

TEST_F(ChangeLog, TellsWhichIntegrationsAreGone) {
  const IntegrationId id = integration("acme");
  write(lease(id), {item("1", 1)});
  std::string token;
  changes(token);
  ASSERT_TRUE(purge("acme"));
  const auto read = reader()->changes(token, {}, [](const StoredRecord&) { return true; });
  ASSERT_TRUE(read);
  EXPECT_THAT(read->gone, ElementsAre(id));
  const auto again = reader()->changes(read->next, {}, [](const StoredRecord&) { return true; });
  ASSERT_TRUE(again);
  EXPECT_THAT(again->gone, IsEmpty());
}

TEST_F(ChangeLog, RefusesWhatIsNoTokenOfIts) {
  write(lease(integration()), {item("1", 1)});
  std::string token;
  changes(token);
  for (const char* nonsense : {"x y", "-", ".", "1..", "1.2", "1.2-", "1.2-3-4", "1.2-3.2-4"}) {
    EXPECT_THAT(refusal(nonsense), HasSubstr("no token")) << nonsense;
  }
  EXPECT_THAT(refusal("1"), HasSubstr("another store"));
  EXPECT_THAT(refusal(token + "z"), HasSubstr("ahead of the store"));
  EXPECT_THAT(refusal("1"), HasSubstr("--since start"));
}

}  // namespace
}  // namespace earshot::core
