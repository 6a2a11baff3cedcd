/// Every verb as it is typed, with and without --json.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reference.hpp"
#include "scenario.hpp"

namespace earshot::scenario {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

constexpr int kFailed = 1;
constexpr int kUsage = 2;

class Verbs : public Scenario {
 protected:
  /// `earshot init` of an account of Zendesk, with more words behind.
  Finished init(const std::vector<std::string>& more) {
    write_file("token", "invented-token\n");
    std::vector<std::string> words{"init",
                                   "--plugin",
                                   "zendesk",
                                   "--id",
                                   "acme",
                                   "--set",
                                   "subdomain=acme",
                                   "--set",
                                   "email=me@example.com",
                                   "--set",
                                   "api_token=file:token"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  [[nodiscard]] std::string text_of(const std::filesystem::path& name) const {
    std::ostringstream text;
    text << std::ifstream(folder() / name, std::ios::binary).rdbuf();
    return text.str();
  }
  void sync_some() {
    serve(30);
    write_config();
    sync();
  }
  /// What a verb prints with --json, or the first line of it, which must end with that code.
  std::unique_ptr<core::JsonDocument> json(std::vector<std::string> words, int exit_code = 0) {
    words.emplace_back("--json");
    const Finished finished = run(words);
    EXPECT_EQ(finished.exit_code, exit_code) << words.front() << ": " << finished.err;
    auto document = core::JsonDocument::parse(finished.out.substr(0, finished.out.find('\n')));
    EXPECT_TRUE(document) << words.front() << ": " << finished.out;
    return document ? std::move(document.value()) : core::JsonDocument::parse("{}").value();
  }
  /// What it prints for people.
  std::string told(const std::vector<std::string>& words, int exit_code = 0) {
    const Finished finished = run(words);
    EXPECT_EQ(finished.exit_code, exit_code) << words.front() << ": " << finished.err;
    return finished.out;
  }
};

TEST_F(Verbs, InitSaysWhatItWrote) {
  const std::vector<std::string> plugins{"--plugin-dir", EARSHOT_PLUGIN_DIR};
  const Finished plain = init(plugins);
  EXPECT_EQ(plain.exit_code, 0) << plain.err;
  EXPECT_THAT(plain.out, HasSubstr("Next: earshot test acme"));
  EXPECT_THAT(plain.out, Not(HasSubstr("invented-token")));
  std::filesystem::remove(folder() / "earshot.yaml");
  const Finished json = init({"--json", "--plugin-dir", EARSHOT_PLUGIN_DIR});
  const auto written = core::JsonDocument::parse(json.out);
  ASSERT_TRUE(written) << json.out;
  EXPECT_THAT(names_of(**written), IsSupersetOf(documented("init")));
}

TEST_F(Verbs, InitWritesFoldersThatHoldFromAnywhere) {
  const std::filesystem::path plugins = std::filesystem::relative(EARSHOT_PLUGIN_DIR);
  const std::filesystem::path data = std::filesystem::relative(folder()) / "elsewhere";
  const Finished written = init({"--plugin-dir", plugins.string(), "--data-dir", data.string()});
  ASSERT_EQ(written.exit_code, 0) << written.err;
  EXPECT_THAT(text_of("earshot.yaml"), HasSubstr("data_dir: " + (folder() / "elsewhere").string()));
  const Finished checked = run({"integrations", "--json"});
  EXPECT_EQ(checked.exit_code, 0) << checked.err;
  EXPECT_THAT(checked.out, HasSubstr("zendesk"));
}

TEST_F(Verbs, InitWritesAList) {
  write_file("token", "invented-token\n");
  const std::vector<std::string> words{"init",
                                       "--plugin",
                                       "surveymonkey",
                                       "--plugin-dir",
                                       EARSHOT_PLUGIN_DIR,
                                       "--set",
                                       "access_token=file:token",
                                       "--set",
                                       "surveys=[318754279, 'How was it?']"};
  const Finished written = run(words);
  ASSERT_EQ(written.exit_code, 0) << written.err;
  const auto listed = json({"integrations"});
  EXPECT_EQ(listed->root().at("/0/config/surveys").dump(), R"(["318754279","How was it?"])");
  std::filesystem::remove(folder() / "earshot.yaml");
  std::vector<std::string> wrong = words;
  wrong.back() = "surveys=318754279";
  EXPECT_THAT(run(wrong).err, HasSubstr("--set surveys: expected a list such as [a, b]"));
}

TEST_F(Verbs, InitRefusesAnotherFile) {
  write_file("earshot.yaml", "data_dir: mine\n");
  const Finished refused = init({});
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_THAT(refused.err, HasSubstr("is left as it is"));
  EXPECT_EQ(text_of("earshot.yaml"), "data_dir: mine\n");
}

TEST_F(Verbs, ConfigIsCheckedAndDescribed) {
  serve(2);
  write_config();
  EXPECT_THAT(told({"config", "check"}), HasSubstr("is good: 1 integration\n"));
  write_file("earshot.yaml", "data_dri: x\n");
  EXPECT_THAT(told({"config", "check"}, kUsage), HasSubstr("did you mean \"data_dir\"?"));
  EXPECT_THAT(names_of(*json({"config", "check"}, kUsage)),
              IsSupersetOf(documented("config check")));
  const auto schema = core::JsonDocument::parse(told({"config", "schema"}));
  ASSERT_TRUE(schema);
  EXPECT_TRUE((*schema)->root().at("/properties/integrations").exists());
}

TEST_F(Verbs, IntegrationsAndTheirStatusAreListed) {
  serve(30);
  write_config();
  EXPECT_THAT(told({"integrations"}), HasSubstr("acme"));
  EXPECT_THAT(names_of(*json({"integrations"})), IsSupersetOf(documented("integrations")));
  EXPECT_THAT(told({"status"}), HasSubstr("never synced"));
  sync();
  EXPECT_THAT(told({"status"}), HasSubstr("completed"));
  const Names status = names_of(*json({"status"}));
  EXPECT_THAT(status, IsSupersetOf(documented("status")));
  EXPECT_THAT(status, IsSupersetOf(exemplified(Example::run)));
  EXPECT_THAT(names_of(*json({"integrations", "remove", "acme", "--purge"})),
              IsSupersetOf(documented("integrations remove")));
}

TEST_F(Verbs, StatusNamesAMistakeInTheConfiguration) {
  serve(30);
  write_config();
  const std::string good = text_of("earshot.yaml");
  const std::string mistake = "EARSHOT_TEST_NOBODY_SETS_THIS";
  const std::string bad = good + "  other: {plugin: zendesk, config: {subdomain: acme}, " +
                          "credentials: {access_token: '${" + mistake + "}'}}\n";
  write_file("earshot.yaml", bad);
  for (const bool synced : {false, true}) {
    const Finished plain = run({"status"});
    EXPECT_EQ(plain.exit_code, kUsage) << plain.out;
    EXPECT_THAT(plain.err, HasSubstr(mistake));
    EXPECT_THAT(plain.out, Not(HasSubstr("no integration is configured")));
    EXPECT_EQ(plain.out.find("completed") != std::string::npos, synced) << plain.out;
    const Finished json = run({"status", "--json"});
    EXPECT_EQ(json.exit_code, kUsage);
    EXPECT_EQ(json.out.find(R"("integration":"acme")") != std::string::npos, synced) << json.out;
    EXPECT_THAT(json.out, HasSubstr(R"({"error":{"code":"config")"));
    if (synced) continue;
    write_file("earshot.yaml", good);
    sync();
    write_file("earshot.yaml", bad);
  }
  write_file("earshot.yaml", "integrations: [");
  EXPECT_EQ(run({"status"}).exit_code, kUsage);
}

TEST_F(Verbs, PluginsAreListedAndShown) {
  std::filesystem::create_directory(folder() / "odd");
  write_file("odd/libodd.so", "no library");
  const std::vector<std::string> folders{"--plugin-dir", EARSHOT_PLUGIN_DIR, "--plugin-dir",
                                         (folder() / "odd").string()};
  const auto with_folders = [&folders](std::vector<std::string> words) {
    words.insert(words.end(), folders.begin(), folders.end());
    return words;
  };
  EXPECT_THAT(told(with_folders({"plugins"})), HasSubstr("zendesk"));
  const Names listed = names_of(*json(with_folders({"plugins"})));
  EXPECT_THAT(listed, IsSupersetOf(documented("plugins")));
  EXPECT_THAT(listed, IsSupersetOf(documented("plugins", 1)));
  EXPECT_THAT(told(with_folders({"plugins", "show", "zendesk"})), HasSubstr("may reach:"));
  const auto manifest = json(with_folders({"plugins", "show", "zendesk"}));
  EXPECT_EQ(manifest->root().member("name").text(), "zendesk");
}

TEST_F(Verbs, RecordsAreListed) {
  sync_some();
  EXPECT_THAT(told({"records"}), HasSubstr(" records\n"));
  EXPECT_THAT(told({"records", "--customer", "nobody"}), HasSubstr("no record matches"));
  EXPECT_THAT(names_of(*json({"records"})), IsSupersetOf(exemplified(Example::record)));
  const std::string lines = run({"records", "--json", "--deleted"}).out;
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 30) << "all of them";
}

TEST_F(Verbs, RunsAreListedAndShown) {
  sync_some();
  EXPECT_THAT(told({"runs"}), HasSubstr("completed"));
  EXPECT_THAT(names_of(*json({"runs"})), IsSupersetOf(exemplified(Example::run)));
  EXPECT_THAT(told({"runs", "show", "1"}), HasSubstr("\"outcome\": \"completed\""));
  EXPECT_THAT(names_of(*json({"runs", "show", "1"})), IsSupersetOf(exemplified(Example::run)));
  EXPECT_EQ(run({"runs", "show", "99"}).exit_code, kFailed);
}

TEST_F(Verbs, ManifestsAreLintedAndDescribed) {
  EXPECT_THAT(told({"manifest", "lint", EARSHOT_MANIFEST}), HasSubstr("is a good manifest"));
  EXPECT_EQ(json({"manifest", "lint", EARSHOT_MANIFEST})->root().size(), 0U);
  write_file("bad.json", R"({"name":"Acme"})");
  const std::string bad = (folder() / "bad.json").string();
  EXPECT_THAT(told({"manifest", "lint", bad}, kUsage), HasSubstr("/name: "));
  EXPECT_THAT(names_of(*json({"manifest", "lint", bad}, kUsage)),
              IsSupersetOf(documented("manifest lint")));
  const auto schema = core::JsonDocument::parse(told({"manifest", "schema"}));
  ASSERT_TRUE(schema);
  EXPECT_TRUE((*schema)->root().at("/properties/records").exists());
}

TEST_F(Verbs, RejectedItemsAreListedWithTheirReasons) {
  serve(20);
  write_config();
  EXPECT_THAT(told({"test", "acme"}), HasSubstr("ok"));
  EXPECT_EQ(told({"records", "--rejected"}), "no item is rejected\n");
  const std::string good = text_of("earshot.yaml");
  write_file("earshot.yaml", good + "    mapping: {ticket: {created_at: /nowhere}}\n");
  const Finished failed = run({"sync"});
  EXPECT_THAT(failed.out, HasSubstr("'earshot records --rejected' tells why"));
  EXPECT_THAT(told({"records", "--rejected", "--integration", "acme", "--limit", "2"}),
              AllOf(HasSubstr("ticket"), HasSubstr("\n2 of 20 rejected items\n")));
  const std::string lines = told({"records", "--rejected", "--json"});
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 20) << "all of them";
  EXPECT_THAT(names_of(*json({"records", "--rejected"})),
              IsSupersetOf(documented("records --rejected")));
  const Finished refused = run({"records", "--rejected", "--status", "open"});
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_THAT(refused.err, HasSubstr("--status excludes --rejected"));
}

TEST_F(Verbs, NothingFromOutsideControlsATerminal) {
  sync_some();
  const std::string cursor = "MTIz\x1b[2J";
  EXPECT_EQ(run({"state", "set", "acme", cursor}).exit_code, 0);
  EXPECT_THAT(told({"state", "list"}), HasSubstr("MTIz\\u001b[2J"));
  EXPECT_EQ(told({"state", "get", "acme"}), cursor + "\n") << "as it is, for programs";
  EXPECT_THAT(run({"sync", "\x1b]0;owned\x07"}).err, HasSubstr("'\\u001b]0;owned\\u0007'"));
  EXPECT_THAT(run({"\x1b[2J"}).err, HasSubstr("'\\u001b[2J'"));
}

TEST_F(Verbs, ConformNamesItsCases) {
  EXPECT_THAT(told({"conform", "--list"}), HasSubstr("load.entry_is_pure\n"));
  const auto listed = json({"conform", "--list"});
  EXPECT_GT(listed->root().size(), 10U);
  EXPECT_THAT(names_of(*listed), IsSupersetOf(documented("conform", 2)));
}

TEST_F(Verbs, MapShowsWhatAMappingMakesOfASample) {
  write_file("page.json",
             R"({"tickets":[{"id":7,"subject":"Slow","created_at":"2026-03-02T10:00:00Z"}],)"
             R"("users":[]})");
  write_file("item.json", R"({"subject":"no id"})");
  const std::string page = (folder() / "page.json").string();
  const std::string item = (folder() / "item.json").string();
  const std::vector<std::string> words{"map",    EARSHOT_MANIFEST, page,      "--record",
                                       "ticket", "--at",           "/tickets"};
  EXPECT_THAT(told(words), HasSubstr("\"source_id\": \"7\""));
  EXPECT_THAT(names_of(*json(words)), IsSupersetOf(exemplified(Example::record)));
  EXPECT_THAT(told({"map", EARSHOT_MANIFEST, item, "--record", "ticket"}),
              HasSubstr("rejected: source_id: "));
  EXPECT_THAT(names_of(*json({"map", EARSHOT_MANIFEST, item, "--record", "ticket"})),
              IsSupersetOf(documented("map")));
}

TEST_F(Verbs, StateIsListedSetAndReset) {
  sync_some();
  EXPECT_THAT(told({"state", "list"}), HasSubstr("live"));
  EXPECT_THAT(names_of(*json({"state", "list"})), IsSupersetOf(documented("state list")));
  EXPECT_THAT(names_of(*json({"state", "get", "acme"})), IsSupersetOf(documented("state list")));
  EXPECT_THAT(names_of(*json({"state", "set", "acme", "MTIz"})),
              IsSupersetOf(documented("state set")));
  EXPECT_EQ(told({"state", "get", "acme"}), "MTIz\n");
  EXPECT_THAT(names_of(*json({"state", "reset", "acme"})),
              IsSupersetOf(documented("state set", 1)));
}

TEST_F(Verbs, BackupSaysWhereTheCopyIs) {
  sync_some();
  EXPECT_THAT(told({"backup", (folder() / "a.db").string()}), HasSubstr("consistent copy"));
  EXPECT_THAT(names_of(*json({"backup", (folder() / "b.db").string()})),
              IsSupersetOf(documented("backup")));
}

TEST_F(Verbs, SandboxPassesItsOptionsOn) {
  EXPECT_THAT(told({"sandbox", "--help"}), HasSubstr("--clock-offset"));
  EXPECT_EQ(run({"sandbox", "--nonsense"}).exit_code, kUsage);
  const Finished refused = run({"sandbox", "--json", "--nonsense", "--json"});
  EXPECT_THAT(refused.err, HasSubstr("--nonsense"));
  EXPECT_THAT(refused.err, Not(HasSubstr("--json")));
}

TEST_F(Verbs, DemoShowsTwoSyncsAndLeavesNothing) {
  const std::vector<std::string> words{"demo", "--once",       "--items",
                                       "20",   "--plugin-dir", EARSHOT_PLUGIN_DIR};
  EXPECT_THAT(told(words), HasSubstr("Second sync: only what changed."));
  EXPECT_THAT(names_of(*json(words)), IsSupersetOf(exemplified(Example::run)));
}

TEST_F(Verbs, LostOutputIsAFailure) {
  serve(400);
  write_config();
  sync();
  for (const char* verb : {"sync --json", "status", "records --json", "export", "export --json",
                           "export --since start --json", "config schema"}) {
    const std::string command = std::string(EARSHOT_PROGRAM) + " --config " +
                                (folder() / "earshot.yaml").string() + " " + verb + " > /dev/full";
    const Finished lost = Child(folder(), {"/bin/sh", "-c", command}).wait();
    EXPECT_EQ(lost.exit_code, kFailed) << verb;
    const std::string once = "cannot write standard output: No space left on device";
    EXPECT_THAT(lost.err, HasSubstr(once)) << verb;
    EXPECT_EQ(lost.err.find(once), lost.err.rfind(once)) << verb;
  }
}

TEST_F(Verbs, PathsThatCannotBeAreNoInternalErrors) {
  serve(2);
  write_config();
  sync();
  const std::string path = (folder() / std::string(300, 'x')).string();
  const std::vector<std::vector<std::string>> with_configuration{{"backup", path},
                                                                 {"export", "--output", path},
                                                                 {"records", "--data-dir", path},
                                                                 {"demo", "--directory", path}};
  for (const std::vector<std::string>& words : with_configuration)
    EXPECT_THAT(run(words).err, Not(HasSubstr("internal error"))) << words.front();
  for (const char* verb : {"init", "plugins", "status"}) {
    const Finished refused = Child(folder(), {EARSHOT_PROGRAM, verb, "--config", path}).wait();
    EXPECT_THAT(refused.err, Not(HasSubstr("internal error"))) << verb;
  }
}

TEST_F(Verbs, ExportIsNotInTheWayOfItself) {
  serve(5);
  write_config();
  sync();
  write_file("all.ndjson.part", "left behind");
  const std::string file = (folder() / "all.ndjson").string();
  for (int time = 0; time < 2; ++time) {
    const Finished written = run({"export", "--output", file});
    EXPECT_EQ(written.exit_code, 0) << written.err;
    EXPECT_EQ(written.out, "");
  }
  EXPECT_EQ(text_of("all.ndjson"), run({"export"}).out);
  std::filesystem::create_directory(folder() / "folder");
  const Finished refused = run({"export", "--output", (folder() / "folder").string()});
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_THAT(refused.err, HasSubstr("is a folder; name a file in it"));
}

}  // namespace
}  // namespace earshot::scenario
