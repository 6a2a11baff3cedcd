/// Writes batches until it is killed: crash_writer DIRECTORY. Batch n holds the items n.0, n.1 and
/// n.2, moves the cursor to n, and marks item "last" as version n; before it, the answer "kept" is
/// replaced by one that says n twice. A byte on standard output says that a batch is durable.

#include <string>

#include <unistd.h>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/store/sqlite.hpp>
#include <earshot/core/store/wait.hpp>

#include "core/store/fixture.hpp"

namespace earshot::core {
namespace {

Batch batch_of(const Lease& lease, std::int64_t n) {
  const std::string name = std::to_string(n);
  return {.lease = lease,
          .lane = "",
          .records = {item(name + ".0", 1), item(name + ".1", 1), item(name + ".2", 1),
                      item("last", n)},
          .rejected = {},
          .cursors = {{"", name}}};
}

KeptAnswer answer_of(std::int64_t n) {
  std::string text;
  for (int i = 0; i < 4000; ++i) text += std::to_string(n) + " ";
  return {.body = std::move(text), .etag = std::to_string(n)};
}

Result<void> write_for_ever(const std::filesystem::path& directory) {
  SystemClock clock;
  EAR_TRY(const std::unique_ptr<Store> store, open_sqlite_store(directory, clock));
  EAR_TRY(const IntegrationId id, wait_for<IntegrationId>([&](auto done) {
            store->ensure_integration("acme", "zendesk", std::move(done));
          }));
  EAR_TRY(RunBegun run, wait_for<RunBegun>([&](auto done) {
            store->begin_run({.integration = id}, std::move(done));
          }));
  for (std::int64_t n = std::stoll("0" + run.cursors[""]) + 1;; ++n) {
    store->put_answers(id, {{"kept", answer_of(n)}}, {}, [](Result<void>) {});
    EAR_CHECK(wait_for<RecordCounts>(
        [&](auto done) { store->commit(batch_of(run.lease, n), std::move(done)); }));
    if (::write(STDOUT_FILENO, ".", 1) != 1) return {};
    if (n % 8 == 0) store->index([](Result<std::uint64_t>) {});
  }
}

}  // namespace
}  // namespace earshot::core

int main(int argc, char** argv) {
  return argc == 2 && earshot::core::write_for_ever(argv[1]) ? 0 : 1;
}
