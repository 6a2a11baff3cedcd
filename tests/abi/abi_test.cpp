#include <gtest/gtest.h>

#include <earshot/core/plugin/loader.hpp>
#include <earshot/sdk/text.hpp>

namespace earshot::core {
namespace {

class PlainCPlugin : public testing::Test {
 protected:
  PlainCPlugin() { host_.size = sizeof host_; }

  Result<const LoadedPlugin*> load() {
    EAR_TRY(const PluginFile file, inspect_plugin(PLAIN_PLUGIN));
    return loader_.load(file);
  }

  ear_host host_{};
  PluginLoader loader_{host_, {}};
};

TEST_F(PlainCPlugin, LoadsFromTheHeaderAlone) {
  const Result<const LoadedPlugin*> plugin = load();
  ASSERT_TRUE(plugin) << plugin.error().message;
  EXPECT_EQ((*plugin)->file.manifest.name, "frozen");
  EXPECT_EQ(sdk::view((*plugin)->table->required_config()), "account");
}

TEST_F(PlainCPlugin, WorksWithALargerHostTable) {
  host_.size = sizeof host_ + 64;
  EXPECT_TRUE(load());
}

TEST_F(PlainCPlugin, RefusesAHostWhoseTableIsTooSmall) {
  host_.size = offsetof(ear_host, report);
  const Result<const LoadedPlugin*> plugin = load();
  ASSERT_FALSE(plugin);
  EXPECT_EQ(plugin.error().message,
            PLAIN_PLUGIN ": refuses this host (ABI 1.0): the host's table ends before report");
}

TEST_F(PlainCPlugin, GivesTheSameTableEveryTime) {
  const Result<const LoadedPlugin*> first = load();
  ASSERT_TRUE(first) << first.error().message;
  PluginLoader another(host_, {});
  const Result<const LoadedPlugin*> second = another.load((*first)->file);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ((*first)->table, (*second)->table);
}

TEST(FrozenPlugin, IsLoadedByTodaysHost) {
  const Result<PluginFile> file = inspect_plugin(FROZEN_PLUGIN);
  ASSERT_TRUE(file) << file.error().message;
  ear_host host{};
  host.size = sizeof host;
  PluginLoader loader(host, {});
  const Result<const LoadedPlugin*> plugin = loader.load(*file);
  ASSERT_TRUE(plugin) << plugin.error().message;
  EXPECT_EQ(sdk::view((*plugin)->table->source_name()), "frozen");
  EXPECT_EQ((*plugin)->table->minor, 0U);
}

}  // namespace
}  // namespace earshot::core
