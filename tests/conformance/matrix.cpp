/// Holds the kit against matrix.txt: golden must pass every case, each mutant must fail its own
/// and, of the others, those that are listed behind it, by a crash or a hang where that is said;
/// and every case must have a mutant.
///
///   conformance_matrix --diagonal    each mutant against its own case alone
///   conformance_matrix --whole       each mutant against every case

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "conformance/judgement.hpp"

namespace earshot::conformance {
namespace {

struct Row {
  std::string mutant;
  std::string must_fail;
  std::set<std::string> expected;  ///< What it fails, its own case included.
};

std::vector<Row> read_matrix() {
  std::vector<Row> rows;
  std::ifstream file(MATRIX);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    Row row;
    if (!(words >> row.mutant) || row.mutant.starts_with('#')) continue;
    words >> row.must_fail;
    row.expected.insert(row.must_fail);
    for (std::string also; words >> also;) row.expected.insert(also);
    rows.push_back(std::move(row));
  }
  return rows;
}

struct Found {
  std::string id;
  std::string outcome;
  std::string reason;
};

std::vector<Found> results_of(const std::string& plugin, const std::string& only) {
  const auto judgement = judge({.program = EARSHOT_PROGRAM,
                                .plugin = plugin,
                                .cassettes = CASSETTES,
                                .only = only,
                                .bypass = {}});
  std::vector<Found> results;
  if (!judgement) return results;
  for (const Finding& finding : judgement->findings) {
    results.push_back({std::string(finding.one->id),
                       std::string(to_string(finding.verdict.outcome)), finding.verdict.seen});
  }
  return results;
}

/// What is wrong, told as it is found. [thread-safe]
class Complaints {
 public:
  void add(const std::string& text) {
    const std::lock_guard lock(mutex_);
    fmt::print(stderr, "{}\n", text);
    ++count_;
  }
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  std::mutex mutex_;
  std::size_t count_ = 0;
};

/// "id", or where it is no plain failure "id=crash", "id=hang".
std::string name_of(const Found& result) {
  const bool plain = result.outcome == "fail" || result.outcome == "warn";
  return plain ? result.id : result.id + "=" + result.outcome;
}

std::string case_of(const std::string& name) {
  return name.substr(0, name.find('='));
}

std::set<std::string> check_golden(Complaints& complaints) {
  std::set<std::string> cases;
  for (const Found& result : results_of(GOLDEN, "*")) {
    cases.insert(result.id);
    if (result.outcome != "pass")
      complaints.add(fmt::format("golden: {} {}: {}", result.outcome, result.id, result.reason));
  }
  if (cases.empty()) complaints.add("golden: no results");
  return cases;
}

void check_proved(const std::set<std::string>& cases, const std::vector<Row>& rows,
                  Complaints& complaints) {
  for (const std::string& one : cases) {
    const bool proved = std::any_of(rows.begin(), rows.end(),
                                    [&](const Row& row) { return case_of(row.must_fail) == one; });
    if (!proved) complaints.add(fmt::format("{}: no mutant must fail it", one));
  }
}

void check_row(const Row& row, bool whole, Complaints& complaints) {
  std::set<std::string> broken;
  std::string reasons;
  const std::string plugin = fmt::format("{}/{}.so", MUTANTS, row.mutant);
  for (const Found& result : results_of(plugin, whole ? "*" : case_of(row.must_fail))) {
    if (result.outcome == "pass" || result.outcome == "skip") continue;
    broken.insert(name_of(result));
    reasons += fmt::format("\n    {} {}: {}", result.outcome, result.id, result.reason);
  }
  const std::set<std::string> expected = whole ? row.expected : std::set{row.must_fail};
  if (broken == expected) return;
  complaints.add(fmt::format("{}: should fail {}, but fails {}{}", row.mutant,
                             fmt::join(expected, " "), fmt::join(broken, " "), reasons));
}

/// The kit uses every processor for one plugin's cases, which wait as long as they work; with one
/// case each, it is the plugins that run side by side.
void check_rows(const std::vector<Row>& rows, bool whole, Complaints& complaints) {
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> threads;
  const unsigned most = whole ? 2U : std::max(1U, std::thread::hardware_concurrency());
  for (unsigned i = 0; i < most; ++i) {
    threads.emplace_back([&] {
      for (std::size_t row = next++; row < rows.size(); row = next++)
        check_row(rows[row], whole, complaints);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

int check(bool whole) {
  Complaints complaints;
  const std::vector<Row> rows = read_matrix();
  const std::set<std::string> cases = check_golden(complaints);
  check_proved(cases, rows, complaints);
  check_rows(rows, whole, complaints);
  fmt::print("{} cases, {} mutants, {} complaints\n", cases.size(), rows.size(),
             complaints.count());
  return complaints.count() == 0 ? 0 : 1;
}

}  // namespace
}  // namespace earshot::conformance

int main(int argc, char** argv) {
  const std::string_view mode = argc == 2 ? argv[1] : "";
  if (mode == "--whole" || mode == "--diagonal")
    return earshot::conformance::check(mode == "--whole");
  fmt::print(stderr, "usage: conformance_matrix --diagonal | --whole\n");
  return 2;
}
