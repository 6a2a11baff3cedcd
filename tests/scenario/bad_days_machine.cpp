/// The disk, the store, the clock, other processes and signals.

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fstream>

#include <signal.h>
#include <sqlite3.h>
#include <unistd.h>

#include "bad_days.hpp"
#include "core/store/old_schema.hpp"
#include "preload.hpp"

namespace earshot::scenario {

namespace {

std::filesystem::path store_of(BadDays& day) {
  return day.data() / "earshot.db";
}

/// The store as it is now, whatever becomes of it: put back as an operator restores a backup.
void back_up(BadDays& day) {
  EXPECT_EQ(day.run({"backup", (day.folder() / "backup.db").string()}).exit_code, 0);
}
void restore(BadDays& day) {
  for (const char* part : {"earshot.db", "earshot.db-wal", "earshot.db-shm"})
    std::filesystem::remove_all(day.data() / part);
  std::filesystem::copy_file(day.folder() / "backup.db", store_of(day));
}

void execute(const std::filesystem::path& file, const char* sql) {
  sqlite3* store = nullptr;
  EXPECT_EQ(sqlite3_open(file.c_str(), &store), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(store, sql, nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(store);
  sqlite3_close(store);
}

/// A sync after something happened to the store, which a backup undoes.
Fault with_store(std::function<void(const std::filesystem::path&)> harm) {
  return {.strike =
              [harm = std::move(harm)](BadDays& day) {
                back_up(day);
                harm(store_of(day));
                return day.run({"sync"});
              },
          .mend = restore};
}

void overwrite_the_middle(const std::filesystem::path& file) {
  std::fstream store(file, std::ios::in | std::ios::out | std::ios::binary);
  const auto size = static_cast<std::streamoff>(std::filesystem::file_size(file));
  for (std::streamoff at = 4096; at < size; at += 4096) {
    store.seekp(at);
    store << "this was a page of the database";
  }
}

void replace_by_text(const std::filesystem::path& file) {
  std::ofstream(file, std::ios::trunc) << "a shopping list, not a database: milk, bread, butter\n";
}

/// A disk with enough space for the first pages, not for all.
Fault full_disk(int error) {
  return {.strike = [error](BadDays& day) {
    constexpr std::size_t kLeft = 200'000;
    return Child(day.folder(), with_disk_space(kLeft, error, day.command({"sync"}))).wait();
  }};
}

void put_a_folder_in_its_place(const std::filesystem::path& file) {
  for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + part);
  std::filesystem::create_directory(file);
}

/// A shell's limit on the size of files, in its blocks of 1024 bytes; the signal that goes with it
/// ignored, as services do.
Finished sync_with_limited_files(BadDays& day) {
  const auto blocks = std::filesystem::file_size(store_of(day)) / 1024 + 8;
  std::string line = "trap '' XFSZ; ulimit -f " + std::to_string(blocks) + "; exec \"$@\"";
  std::vector<std::string> words{"/bin/bash", "-c", std::move(line), "sync"};
  for (const std::string& word : day.command({"sync"})) words.push_back(word);
  return Child(day.folder(), std::move(words)).wait();
}

Fault signalled(int signal) {
  return {.strike = [signal](BadDays& day) {
    const auto child = day.start_stuck_sync();
    child->send(signal);
    return child->wait();
  }};
}

/// A sync that gets a signal at that point.
Finished sync_until(BadDays& day, const CrashPoint& point) {
  return Child(day.folder(), dying_at(point, day.folder() / "points", day.command({"sync"})))
      .wait();
}

Fault killed_at(const CrashPoint& point) {
  return {.strike = [point](BadDays& day) { return sync_until(day, point); }};
}

/// The number of the first commit behind the first answer, by a sync of a copy.
std::size_t commit_of_a_page(BadDays& day) {
  const std::filesystem::path copy = day.folder() / "copy";
  const std::filesystem::path log = day.folder() / "rehearsed";
  std::filesystem::copy(day.data(), copy, std::filesystem::copy_options::recursive);
  const Words command = day.command({"sync", "--data-dir", copy.string()});
  EXPECT_EQ(Child(day.folder(), dying_at({.kinds = "fc"}, log, command)).wait().exit_code, 0);
  const std::string points = day.content("rehearsed");
  const auto first = std::find(points.begin(), points.end(), 'f');
  EXPECT_NE(std::find(first, points.end(), 'c'), points.end()) << points;
  return static_cast<std::size_t>(std::count(points.begin(), first, 'c')) + 1;
}

/// The product then keeps the next page for so long that the signal ends the run.
Fault signalled_in_a_commit(int signal) {
  return {.strike = [signal](BadDays& day) {
    const std::size_t number = commit_of_a_page(day);
    day.control().post("/_sandbox/faults", R"({"fault":"slow","after":1,"delay_ms":25000})");
    return sync_until(day, {.kinds = "c", .number = number, .signal = signal});
  }};
}

constexpr std::size_t kWithinAStep = 12;  ///< Of the pages that a migration writes.

/// The schema's version, read from a copy: whoever opens the store itself completes it.
std::string version_of(BadDays& day) {
  const std::filesystem::path copy = day.folder() / "looked-at";
  std::filesystem::remove_all(copy);
  std::filesystem::copy(day.data(), copy, std::filesystem::copy_options::recursive);
  return day.ask(copy / "earshot.db", "PRAGMA user_version");
}

Finished migrate_and_die(BadDays& day) {
  const int newest = std::stoi(version_of(day));
  execute(store_of(day), core::kToFirstSchema);
  Finished killed = sync_until(day, {.kinds = "p", .number = kWithinAStep});
  EXPECT_LT(std::stoi(version_of(day)), newest) << "it was killed behind the migration";
  EXPECT_EQ(day.content("points").size(), kWithinAStep) << "it was not killed";
  return killed;
}

/// Where the other dies, this one gets a signal.
Fault signalled_in_a_migration(int signal) {
  return {.strike = [signal](BadDays& day) {
    const std::string newest = version_of(day);
    execute(store_of(day), core::kToFirstSchema);
    day.control().post("/_sandbox/faults", R"({"fault":"slow","delay_ms":25000})");
    Finished told = sync_until(day, {.kinds = "p", .number = kWithinAStep, .signal = signal});
    EXPECT_EQ(version_of(day), newest) << "a signal that does not kill lets it finish";
    return told;
  }};
}

/// Any verb does that writes to it.
void open_the_store(BadDays& day) {
  EXPECT_EQ(day.run({"test", "acme"}).exit_code, 0);
}

Finished sync_beside_another(BadDays& day) {
  const auto first = day.start_stuck_sync();
  Finished second = day.run({"sync"});
  first->send(SIGINT);
  EXPECT_EQ(first->wait().exit_code, 130);
  return second;
}

Finished sync_as_nobody(BadDays& day) {
  return day.run_as_nobody({"sync"});
}

Finished sync_with_another_key(BadDays& day) {
  EXPECT_EQ(
      day.run({"webhooks", "register", "acme", "--url", "https://hooks.example.com/in"}).exit_code,
      0);
  std::filesystem::rename(day.data() / "master.key", day.data() / "master.key.kept");
  return day.run({"sync"});
}

void put_the_key_back(BadDays& day) {
  std::filesystem::rename(day.data() / "master.key.kept", day.data() / "master.key");
}

/// The product's clock jumps by a day.
Finished sync_after_a_jump(BadDays& day) {
  day.control().post("/_sandbox/clock", R"({"advance_seconds":86400})");
  return day.run({"sync"});
}

/// This machine's clock jumps by two hours, forth and back, whenever it is looked at.
Finished sync_by_a_stepping_clock(BadDays& day) {
  const auto step = std::chrono::hours(1);
  const Words command = day.command({"sync", "--json"});
  Finished stepped = Child(day.folder(), with_stepping_clock(step, command)).wait();
  const auto told = core::JsonDocument::parse(stepped.out);
  EXPECT_TRUE(told) << stepped.out;
  if (told) {
    EXPECT_LT(std::abs((*told)->root().member("seconds").real().value_or(-1e9)),
              std::chrono::duration<double>(step).count());
  }
  return stepped;
}

Finished export_onto_a_full_disk(BadDays& day) {
  std::vector<std::string> words{"/bin/sh", "-c", "exec \"$@\" > /dev/full", "export"};
  for (const std::string& word : day.command({"export"})) words.push_back(word);
  return Child(day.folder(), std::move(words)).wait();
}

Finished export_over_nothing(BadDays& day) {
  return day.run({"export", "--output", (day.folder() / "absent" / "all.ndjson").string()});
}

}  // namespace

Faults machine_faults() {
  return {
      {"a full disk", full_disk(ENOSPC)},
      {"a quota that is used up on the disk", full_disk(EDQUOT)},
      {"a limit on the size of files", {.strike = sync_with_limited_files}},
      {"a folder in the store's place", with_store(put_a_folder_in_its_place)},
      {"a directory that may not be written",
       {.strike = sync_as_nobody,
        .mend =
            [](BadDays& day) {
              std::filesystem::permissions(day.data(), std::filesystem::perms::owner_all);
            }}},
      {"an export into no folder", {.strike = export_over_nothing}},
      {"an export onto a full disk", {.strike = export_onto_a_full_disk}},
      {"a store of a newer version",
       with_store([](const auto& file) { execute(file, "PRAGMA user_version=9999"); })},
      {"a damaged store", with_store(overwrite_the_middle)},
      {"a store that is no database", with_store(replace_by_text)},
      {"another master key", {.strike = sync_with_another_key, .mend = put_the_key_back}},
      {"two hosts on one data directory", {.strike = sync_beside_another}},
      {"the product's clock jumps", {.strike = sync_after_a_jump}},
      {"this machine's clock jumps", {.strike = sync_by_a_stepping_clock}},
      {"Ctrl-C or SIGINT", signalled(SIGINT)},
      {"SIGTERM", signalled(SIGTERM)},
      {"Ctrl-C or SIGINT in the middle of a commit", signalled_in_a_commit(SIGINT)},
      {"SIGTERM in the middle of a commit", signalled_in_a_commit(SIGTERM)},
      {"Ctrl-C or SIGINT in the middle of a migration", signalled_in_a_migration(SIGINT)},
      {"SIGTERM in the middle of a migration", signalled_in_a_migration(SIGTERM)},
      {"kill -9 while a page is awaited", signalled(SIGKILL)},
      {"kill -9 in the middle of a page", killed_at({.kinds = "f", .number = 2})},
      {"kill -9 in the middle of a commit", killed_at({.kinds = "c", .number = 3})},
      {"kill -9 in the middle of a migration", {.strike = migrate_and_die, .mend = open_the_store}},
  };
}

}  // namespace earshot::scenario
