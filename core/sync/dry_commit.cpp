#include "dry_commit.hpp"

#include <map>
#include <utility>

namespace earshot::core {

namespace {

struct Versions {
  std::vector<std::string> ids;
  std::vector<std::int64_t> versions;
};
using ByKind = std::map<RecordKind, Versions>;

ByKind versions_of(const Batch& batch) {
  ByKind out;
  for (const RecordWrite& write : batch.records) {
    Versions& of_kind = out[write.record.kind];
    of_kind.ids.push_back(write.record.source_id);
    of_kind.versions.push_back(write.record.version);
  }
  return out;
}

void count_kinds(ByKind left, AskKnown ask, RecordCounts counts,
                 Callback<void(Result<RecordCounts>)> done) {
  if (left.empty()) return done(counts);
  auto kind = left.extract(left.begin());
  auto next = [ask, counts, left = std::move(left),
               done = std::move(done)](Result<std::vector<Known>> answers) mutable {
    if (!answers) return done(answers.error());
    for (const Known answer : *answers) {
      ++(answer == Known::fresh   ? counts.created
         : answer == Known::older ? counts.updated
                                  : counts.unchanged);
    }
    count_kinds(std::move(left), std::move(ask), counts, std::move(done));
  };
  ask(kind.key(), std::move(kind.mapped().ids), std::move(kind.mapped().versions), std::move(next));
}

}  // namespace

void count_dry(const Batch& batch, AskKnown ask, Callback<void(Result<RecordCounts>)> done) {
  RecordCounts counts;
  counts.rejected = batch.rejected.size();
  count_kinds(versions_of(batch), std::move(ask), counts, std::move(done));
}

}  // namespace earshot::core
