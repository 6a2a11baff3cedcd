#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "core/store/fixture.hpp"
#include "core/store/index_oracle.hpp"
#include "core/store/old_schema.hpp"
#include "core/store/raw_sql.hpp"

namespace earshot::core {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Open : public StoreTest {
 protected:
  void SetUp() override {}

  std::filesystem::path file() const { return dir_.path() / "earshot.db"; }

  Error refusal() {
    const auto opened = open_sqlite_store(dir_.path(), clock_);
    EXPECT_FALSE(opened);
    return opened ? Error{} : opened.error();
  }
};

unsigned mode_of(const std::filesystem::path& path) {
  struct stat found {};
  EXPECT_EQ(::stat(path.c_str(), &found), 0) << path;
  return found.st_mode & 0777U;
}

TEST_F(Open, MakesAPrivateDirectoryAndFile) {
  const std::filesystem::path dir = dir_.path() / "a" / "b";
  ASSERT_TRUE(open_sqlite_store(dir, clock_));
  EXPECT_EQ(mode_of(dir), 0700U);
  EXPECT_EQ(mode_of(dir / "earshot.db"), 0600U);
}

TEST_F(Open, OneProcessOwnsTheDirectory) {
  open();
  const Error error = refusal();
  EXPECT_EQ(error.code, Code::conflict);
  EXPECT_THAT(error.message, HasSubstr(std::to_string(::getpid())));
  reopen();
}

TEST_F(Open, RefusesANewerStoreNamingBothVersions) {
  open();
  close();
  raw_sql(file(), "PRAGMA user_version = 9");
  const Error error = refusal();
  EXPECT_EQ(error.code, Code::unsupported);
  EXPECT_THAT(error.message, AllOf(HasSubstr("version 9"), HasSubstr("up to 7")));
  const auto read = open_sqlite_reader(dir_.path());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Code::unsupported);
}

TEST_F(Open, RefusesAFileThatIsNoDatabase) {
  std::ofstream(file()) << std::string(8192, 'x');
  const Error error = refusal();
  EXPECT_EQ(error.code, Code::internal);
  EXPECT_THAT(error.message, AllOf(HasSubstr(file().string()), HasSubstr("restore a backup")));
  EXPECT_FALSE(open_sqlite_reader(dir_.path()));
}

TEST_F(Open, NamesAFileThatCannotBeOpened) {
  std::filesystem::create_directory(file());
  EXPECT_THAT(refusal().message,
              AllOf(HasSubstr(file().string()), HasSubstr("move the folder of that name away")));
  const auto read = open_sqlite_reader(dir_.path());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, AllOf(HasSubstr("store " + file().string()), HasSubstr("; ")));
}

TEST_F(Open, SaysWhatToDoWhereTooManyFilesAreOpen) {
  open();
  close();
  rlimit old{};
  ::getrlimit(RLIMIT_NOFILE, &old);
  const rlimit none{.rlim_cur = 0, .rlim_max = old.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none);
  const auto refused = open_sqlite_reader(dir_.path());
  ::setrlimit(RLIMIT_NOFILE, &old);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr(file().string()), HasSubstr("ulimit -n")));
}

TEST_F(Open, RefusesTheDatabaseOfAnotherProgram) {
  raw_sql(file(), "CREATE TABLE songs (name TEXT)");
  EXPECT_THAT(refusal().message, HasSubstr("not Earshot's"));
  EXPECT_EQ(open_sqlite_reader(dir_.path()).error().code, Code::internal);
}

TEST_F(Open, SaysWhereADamagedStoreIs) {
  open();
  const Lease run = lease(integration());
  for (int i = 0; i < 200; ++i) write(run, {item(std::to_string(i), 1)});
  close();
  std::fstream damage(file(), std::ios::in | std::ios::out | std::ios::binary);
  damage.seekp(4096);
  damage << std::string(200'000, '\xff');
  damage.close();
  const auto opened = open_sqlite_store(dir_.path(), clock_);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("restore a backup"));
}

TEST_F(Open, RefusesAFileInPlaceOfTheDirectory) {
  const std::filesystem::path taken = dir_.path() / "taken";
  std::ofstream(taken) << "x";
  const auto opened = open_sqlite_store(taken, clock_);
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, AllOf(HasSubstr(taken.string()), HasSubstr("check")));
}

TEST_F(Open, CompletesTheStepsThatAreMissing) {
  open();
  write(lease(integration()), {item("1", 1)});
  close();
  raw_sql(file(), kToFirstSchema);
  EXPECT_EQ(open_sqlite_reader(dir_.path()).error().code, Code::unsupported);
  open();
  EXPECT_EQ(raw_sql(file(), "PRAGMA user_version").front(), "7");
  index();
  EXPECT_THAT(ids({.search = "printer"}), ElementsAre("1"));
}

TEST_F(Open, GivesNotesTheirOwnTable) {
  open();
  const RunId run = lease(integration()).run;
  close();
  raw_sql(file(),
          "DROP TABLE former_texts; DROP TABLE run_notes; ALTER TABLE runs DROP COLUMN took; "
          "PRAGMA user_version = 4");
  for (const char* row : {"0, 'a problem'", "-1, 'one note'", "-2, 'another'"}) {
    raw_sql(file(), "INSERT INTO run_problems VALUES (" + std::to_string(run) + ", " + row + ")");
  }
  open();
  const auto stored = reader()->run(run);
  ASSERT_TRUE(stored && *stored);
  EXPECT_THAT((*stored)->problems, ElementsAre("a problem"));
  EXPECT_THAT((*stored)->notes, ElementsAre("one note", "another"));
}

TEST_F(Open, TellsOfOldRunsHowLongTheyTookByTheCalendar) {
  open();
  const RunId ended = lease(integration()).run;
  const RunId interrupted = lease(integration()).run;
  close();
  raw_sql(file(),
          "DROP TABLE former_texts; ALTER TABLE runs DROP COLUMN took; PRAGMA user_version = 5; "
          "UPDATE runs SET ended = started + 4000000, outcome = iif(id = " +
              std::to_string(ended) + ", 1, 5)");
  open();
  EXPECT_EQ((*reader()->run(ended))->took, std::chrono::seconds{4});
  EXPECT_EQ((*reader()->run(interrupted))->took, Micros{0});
}

TEST_F(Open, IndexesAnewWhatWasIndexedWithACopyOfTheText) {
  open();
  const Lease run = lease(integration());
  write(run, {item("1", 1), item("2", 1), tombstone("3", 1)});
  index();
  close();
  raw_sql(file(),
          "DROP TABLE former_texts; DROP TABLE search; PRAGMA user_version = 6; CREATE VIRTUAL "
          "TABLE search USING fts5(title, content, tokenize = 'unicode61 remove_diacritics 2'); "
          "INSERT INTO search (rowid, title, content) SELECT id, title, content FROM records");
  open();
  EXPECT_EQ(*reader()->index_lag(), 3U);
  EXPECT_EQ(index(), 3U);
  EXPECT_THAT(index_differences(file()), IsEmpty());
  EXPECT_THAT(ids({.search = "printer"}), ElementsAre("1", "2"));
}

TEST_F(Open, CountsItsGenerations) {
  open();
  reopen();
  EXPECT_EQ(raw_sql(file(), "SELECT value FROM meta WHERE key = 'host_generation'").front(), "2");
}

TEST_F(Open, FinishesWhatIsQueuedBeforeItCloses) {
  open();
  const Lease run = lease(integration());
  std::atomic<int> answered = 0;
  for (int i = 0; i < 300; ++i) {
    store_->commit({.lease = run, .records = {item(std::to_string(i), 1)}},
                   [&](Result<RecordCounts> counts) { answered += counts ? 1 : 0; });
  }
  close();
  EXPECT_EQ(answered, 300);
  EXPECT_EQ(records().size(), 300U);
}

TEST_F(Open, AnswersAgainAfterTheDiskWasFull) {
  open();
  const Lease run = lease(integration());
  RecordWrite large = item("large", 1);
  large.record.content = std::string(4 << 20, 'x');
  rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{.rlim_cur = 1 << 20, .rlim_max = old.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &tight);
  const auto refused = commit({.lease = run, .records = {large}, .cursors = {{"", "c1"}}});
  const RecordCounts small = write(run, {item("small", 1)});
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, handler);

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::internal);
  EXPECT_THAT(refused.error().message,
              AllOf(HasSubstr(file().string()),
                    HasSubstr("File too large; lift the limit on the size of files")));
  EXPECT_EQ(small.created, 1U);
  EXPECT_EQ(write(run, {large}).created, 1U);
  EXPECT_THAT(ids(), ElementsAre("small", "large"));
  EXPECT_TRUE(reader()->cursors("acme")->empty());
}

using Reader = Open;

TEST_F(Reader, SaysWhenThereIsNoStore) {
  const auto opened = open_sqlite_reader(dir_.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::not_found);
  std::ofstream{file()};
  EXPECT_EQ(open_sqlite_reader(dir_.path()).error().code, Code::not_found);
}

TEST_F(Reader, ReadsBesideAWriterAndAfterIt) {
  open();
  const Lease run = lease(integration());
  const auto beside = reader();
  write(run, {item("1", 1)});
  EXPECT_EQ(*beside->count({}), 1U);
  write(run, {item("2", 1)});
  EXPECT_EQ(*beside->count({}), 2U);
  close();
  EXPECT_EQ(*beside->count({}), 2U);
  EXPECT_EQ(records().size(), 2U);
}

TEST_F(Reader, SeesOneSnapshotACall) {
  open();
  const Lease run = lease(integration());
  write(run, {item("1", 1), item("2", 1)});
  std::vector<std::string> seen;
  ASSERT_TRUE(reader()->records({}, [&](const StoredRecord& record) {
    seen.push_back(record.record.title);
    write(run, {item("1", 2), item("2", 2)});
    return true;
  }));
  EXPECT_THAT(seen, ElementsAre("Printer jams, state 1", "Printer jams, state 1"));
}

TEST_F(Reader, BacksUpWhileOthersWrite) {
  open();
  const Lease run = lease(integration());
  write(run, {item("first", 1)});
  std::atomic<bool> stop = false;
  std::atomic<int> written = 0;
  std::thread writing([&] {
    while (!stop) {
      const std::string n = std::to_string(written);
      const auto done = commit(
          {.lease = run, .records = {item("a" + n, 1), item("b" + n, 1)}, .cursors = {{"", n}}});
      if (!done) return;
      ++written;
    }
  });
  while (written < 3) std::this_thread::yield();
  const std::filesystem::path copies = dir_.path() / "copies";
  std::filesystem::create_directories(copies);
  const auto copied = reader()->backup(copies / "earshot.db");
  stop = true;
  writing.join();
  ASSERT_TRUE(copied) << copied.error().message;
  EXPECT_EQ(mode_of(copies / "earshot.db"), 0600U);
  EXPECT_EQ(raw_sql(copies / "earshot.db", "PRAGMA integrity_check").front(), "ok");

  ASSERT_TRUE(open_sqlite_store(copies, clock_));
  const auto copy = open_sqlite_reader(copies);
  ASSERT_TRUE(copy);
  const int last = std::stoi((*copy)->cursors("acme")->front().cursor);
  EXPECT_EQ(*(*copy)->count({}), static_cast<std::uint64_t>(last) * 2 + 3);
}

TEST_F(Reader, NeverOverwritesAFileWithABackup) {
  open();
  const std::filesystem::path taken = dir_.path() / "taken";
  std::ofstream(taken) << "precious";
  const auto refused = reader()->backup(taken);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::conflict);
  EXPECT_EQ(std::filesystem::file_size(taken), 8U);
  const auto nowhere = reader()->backup(dir_.path() / "none" / "file");
  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().message, HasSubstr("check the directory"));
}

TEST_F(Reader, RefusesABackupUnderANameThatCannotBe) {
  open();
  const auto refused = reader()->backup(dir_.path() / std::string(300, 'x'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::config);
  EXPECT_THAT(refused.error().message, HasSubstr("choose another place"));
}

}  // namespace
}  // namespace earshot::core
