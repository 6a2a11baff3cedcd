#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/store/sqlite.hpp>
#include <earshot/core/store/wait.hpp>

#include "core/store/temp_dir.hpp"

namespace earshot::core {

/// An item of `version`, whose text says which version it is.
inline RecordWrite item(std::string source_id, std::int64_t version) {
  RecordWrite write;
  write.mapping = "ticket";
  write.record.source_id = std::move(source_id);
  write.record.title = "Printer jams, state " + std::to_string(version);
  write.record.content = "It ate my invoice again.";
  write.record.created_at = Time{std::chrono::seconds{1'700'000'000}};
  write.record.updated_at = write.record.created_at + std::chrono::seconds{version};
  write.record.version = version;
  return write;
}

inline RecordWrite tombstone(std::string source_id, std::int64_t version) {
  RecordWrite write = item(std::move(source_id), version);
  write.record.status = RecordStatus::deleted;
  return write;
}

/// A store in a directory of its own, with one integration and a run.
class StoreTest : public ::testing::Test {
 protected:
  void SetUp() override { open(); }

  void open() {
    Result<std::unique_ptr<Store>> opened = open_sqlite_store(dir_.path(), clock_);
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(*opened);
  }
  void close() { store_.reset(); }
  void reopen() {
    close();
    open();
  }

  IntegrationId integration(std::string name = "acme", std::string plugin = "zendesk") {
    const auto id = wait_for<IntegrationId>([&](auto done) {
      store_->ensure_integration(std::move(name), std::move(plugin), std::move(done));
    });
    EXPECT_TRUE(id);
    return id ? *id : 0;
  }

  Result<RunBegun> begin(RunStart start) {
    return wait_for<RunBegun>(
        [&](auto done) { store_->begin_run(std::move(start), std::move(done)); });
  }

  Lease lease(IntegrationId id, std::string lane = "") {
    const auto run = begin({.integration = id, .lane = std::move(lane)});
    EXPECT_TRUE(run) << (run ? "" : run.error().message);
    return run ? run->lease : Lease{};
  }

  Result<RecordCounts> commit(Batch batch) {
    return wait_for<RecordCounts>(
        [&](auto done) { store_->commit(std::move(batch), std::move(done)); });
  }

  /// Commits that must succeed.
  RecordCounts write(const Lease& lease, std::vector<RecordWrite> records) {
    const auto counts = commit({.lease = lease, .records = std::move(records)});
    EXPECT_TRUE(counts) << (counts ? "" : counts.error().message);
    return counts ? *counts : RecordCounts{};
  }

  Result<void> end(const Lease& lease, RunSummary summary) {
    return wait_for<void>(
        [&](auto done) { store_->end_run(lease, std::move(summary), std::move(done)); });
  }

  Result<void> purge(std::string name) {
    return wait_for<void>([&](auto done) { store_->purge(std::move(name), std::move(done)); });
  }

  std::uint64_t index() {
    const auto taken = wait_for<std::uint64_t>([&](auto done) { store_->index(std::move(done)); });
    EXPECT_TRUE(taken);
    return taken ? *taken : 0;
  }

  std::unique_ptr<StoreReader> reader() {
    Result<std::unique_ptr<StoreReader>> opened = open_sqlite_reader(dir_.path());
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().message);
    return opened ? std::move(*opened) : nullptr;
  }

  std::vector<StoredRecord> records(const RecordQuery& query = {}) {
    std::vector<StoredRecord> out;
    const auto read = reader()->records(query, [&](const StoredRecord& record) {
      out.push_back(record);
      return true;
    });
    EXPECT_TRUE(read) << (read ? "" : read.error().message);
    return out;
  }

  std::vector<RejectedRow> rejected(const std::string& integration, std::uint64_t limit = 0) {
    std::vector<RejectedRow> out;
    EXPECT_TRUE(reader()->rejected(integration, limit, [&](const RejectedRow& row) {
      out.push_back(row);
      return true;
    }));
    return out;
  }

  std::vector<std::string> ids(const RecordQuery& query = {}) {
    std::vector<std::string> out;
    for (const StoredRecord& found : records(query)) out.push_back(found.record.source_id);
    return out;
  }

  TempDir dir_;
  VirtualClock clock_{Time{std::chrono::seconds{1'800'000'000}}};
  std::unique_ptr<Store> store_;
};

}  // namespace earshot::core
