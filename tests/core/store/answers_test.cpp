#include <gmock/gmock.h>

#include <earshot/core/base/random.hpp>

#include "core/store/fixture.hpp"
#include "core/store/raw_sql.hpp"

namespace earshot::core {
namespace {

using ::testing::ElementsAre;

class Answers : public StoreTest {
 protected:
  Result<void> put(IntegrationId id, std::map<std::string, KeptAnswer> answers,
                   AnswerBounds bounds = {}) {
    return wait_for<void>(
        [&](auto done) { store_->put_answers(id, std::move(answers), bounds, std::move(done)); });
  }
  std::optional<KeptAnswer> kept(IntegrationId id, std::string key) {
    const auto answer = wait_for<std::optional<KeptAnswer>>(
        [&](auto done) { store_->answer(id, std::move(key), std::move(done)); });
    EXPECT_TRUE(answer);
    return answer ? *answer : std::nullopt;
  }
  /// Which of the keys "0" to "9" are there.
  std::string present(IntegrationId id) {
    std::string out;
    for (char key = '0'; key <= '9'; ++key) {
      if (kept(id, std::string(1, key))) out += key;
    }
    return out;
  }
  [[nodiscard]] Time at(int second) const { return clock_.now() + std::chrono::seconds(second); }
};

TEST_F(Answers, LastByKey) {
  const IntegrationId id = integration();
  const std::string key("a\0b", 3);
  const std::string body = R"({"name":")" + std::string(5000, 'x') + "\"}";
  ASSERT_TRUE(put(id, {{key, {.body = body, .etag = "W/\"1\"", .checked = at(1)}}}));
  reopen();
  const auto answer = kept(id, key);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, body);
  EXPECT_EQ(answer->etag, "W/\"1\"");
  EXPECT_EQ(answer->last_modified, "");
  EXPECT_EQ(answer->checked, at(1));
  EXPECT_FALSE(kept(id, "a"));
  EXPECT_FALSE(kept(integration("beta"), key));
}

TEST_F(Answers, AreReplaced) {
  const IntegrationId id = integration();
  ASSERT_TRUE(put(id, {{"1", {.body = "1", .etag = "old", .checked = at(1)}}}));
  ASSERT_TRUE(put(id, {{"1", {.body = "2", .last_modified = "new", .checked = at(2)}}}));
  const auto answer = kept(id, "1");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "2");
  EXPECT_EQ(answer->etag, "");
  EXPECT_EQ(answer->last_modified, "new");
}

TEST_F(Answers, GoOldestFirstWhereThereAreTooMany) {
  const IntegrationId id = integration();
  const IntegrationId other = integration("beta");
  ASSERT_TRUE(put(other, {{"0", {.body = "{}", .checked = at(0)}}}));
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(put(id, {{std::to_string(i), {.body = "{}", .checked = at(i)}}}, {.entries = 5}));
  }
  EXPECT_EQ(present(id), "34567");
  ASSERT_TRUE(put(id, {{"3", {.body = "{}", .checked = at(9)}}}, {.entries = 5}));
  ASSERT_TRUE(put(id, {{"8", {.body = "{}", .checked = at(10)}}}, {.entries = 5}));
  EXPECT_EQ(present(id), "35678") << "what was confirmed is not old";
  EXPECT_EQ(present(other), "0");
}

TEST_F(Answers, GoOldestFirstWhereTheyTakeTooMuchRoom) {
  const IntegrationId id = integration();
  Random random(1);
  const auto noise = [&] {
    std::string text(1000, ' ');
    for (char& c : text) c = static_cast<char>(random.below(256));
    return text;
  };
  for (int i = 0; i < 6; ++i) {
    ASSERT_TRUE(
        put(id, {{std::to_string(i), {.body = noise(), .checked = at(i)}}}, {.bytes = 3500}));
  }
  EXPECT_EQ(present(id), "345");
}

TEST_F(Answers, GoWithTheirIntegration) {
  const IntegrationId id = integration();
  ASSERT_TRUE(put(id, {{"1", {.body = "{}"}}}));
  ASSERT_TRUE(purge("acme"));
  EXPECT_THAT(raw_sql(dir_.path() / "earshot.db", "SELECT count(*) FROM answers"),
              ElementsAre("0"));
  EXPECT_EQ(put(id, {{"1", {.body = "{}"}}}).error().code, Code::not_found);
}

TEST_F(Answers, AreNotThereWhereTheyAreDamaged) {
  const IntegrationId id = integration();
  ASSERT_TRUE(put(id, {{"1", {.body = "{}"}}}));
  close();
  raw_sql(dir_.path() / "earshot.db", "UPDATE answers SET body = x'05000000ffff'");
  open();
  EXPECT_FALSE(kept(id, "1"));
}

}  // namespace
}  // namespace earshot::core
