#include "earshot/core/sync/renormalize.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/store/wait.hpp>

#include "computed_text.hpp"
#include "prepared.hpp"

namespace earshot::core {

namespace {

constexpr std::uint64_t kBatchItems = 500;

class Renormalizer {
 public:
  Renormalizer(Store& store, StoreReader& reader, const IntegrationSettings& settings,
               const Mappings& mappings, const Clock& clock, const std::function<bool()>& stopping)
      : store_(store),
        reader_(reader),
        settings_(settings),
        mappings_(mappings),
        clock_(clock),
        stopping_(stopping) {}

  Result<void> run(IntegrationId id, Renormalized& out) {
    const Tick began = clock_.tick();
    EAR_TRY(const RunBegun begun, wait_for<RunBegun>([&](auto done) {
              store_.begin_run({.integration = id, .lane = kRenormalizeLane}, std::move(done));
            }));
    lease_ = begun.lease;
    Result<void> done = map_all(out);
    if (out.outcome == RunOutcome::completed && !done) out.outcome = RunOutcome::failed;
    out.took = clock_.tick() - began;
    RunSummary summary{.outcome = out.outcome, .took = out.took};
    if (!done) {
      summary.error_code = to_string(done.error().code);
      summary.error = done.error().message;
    }
    summary.counts = total_;
    const Result<void> ended = wait_for<void>(
        [&](auto ready) { store_.end_run(lease_, std::move(summary), std::move(ready)); });
    return done ? ended : done;
  }

 private:
  Result<void> map_all(Renormalized& out) {
    // Rejected items first: those that the records give rise to are not met again.
    for (const auto& [name, mapping] : mappings_) {
      for (const bool rejected : {true, false}) EAR_CHECK(map_items(name, *mapping, rejected, out));
    }
    return {};
  }

  Result<void> map_items(const std::string& name, const Mapping& mapping, bool rejected,
                         Renormalized& out) {
    KeptItemQuery query{.integration = lease_.integration,
                        .mapping = name,
                        .other_than = mapping.revision(),
                        .rejected = rejected,
                        .limit = kBatchItems};
    for (;;) {
      EAR_TRY(const std::vector<KeptItem> items, reader_.kept_items(query));
      if (items.empty()) return {};
      if (stopping_()) {
        out.outcome = RunOutcome::cancelled;
        return {};
      }
      query.after = items.back().id;
      EAR_TRY(Batch batch, mapped(items, name, mapping));
      EAR_TRY(const RecordCounts counts, wait_for<RecordCounts>([&](auto done) {
                store_.commit(std::move(batch), std::move(done));
              }));
      total_ += counts;
      out.updated += rejected ? 0 : counts.updated + counts.deleted;
      out.unchanged += counts.unchanged;
      out.recovered += rejected ? counts.created + counts.updated + counts.deleted : 0;
      out.rejected += counts.rejected;
    }
  }

  Result<Batch> mapped(const std::vector<KeptItem>& items, const std::string& name,
                       const Mapping& mapping) {
    Batch batch{.lease = lease_, .lane = kRenormalizeLane, .again = true};
    for (const KeptItem& item : items) EAR_CHECK(map_item(item, name, mapping, batch));
    return batch;
  }

  Result<void> map_item(const KeptItem& item, const std::string& name, const Mapping& mapping,
                        Batch& batch) {
    const auto document = JsonDocument::parse(item.raw);
    MappingInput input{.item = document ? document.value()->root() : JsonValue(),
                       .computed = parse_computed(item.computed),
                       .config = settings_.config->root(),
                       .again = true};
    Mapping::Session session(mapping);
    Mapped result = session.apply(input);
    if (!result.record) {
      batch.rejected.push_back({.mapping = name,
                                .source_id = item.source_id,
                                .reason = std::move(result.rejected),
                                .raw = item.raw,
                                .computed = item.computed});
      return {};
    }
    if (!item.rejected && result.record->source_id != item.source_id) return other_identity(name);
    batch.records.push_back({.record = *std::move(result.record),
                             .mapping_revision = mapping.revision(),
                             .mapping = name,
                             .computed = item.computed,
                             .raw = item.raw,
                             .rejected_as = item.rejected ? item.source_id : std::string()});
    return {};
  }

  [[nodiscard]] Error other_identity(const std::string& name) const {
    return {.code = Code::conflict,
            .message = fmt::format("the mapping of '{}' gives its items other ids than those they "
                                   "are stored under; fetch them again: 'earshot integrations "
                                   "remove {} --purge', then 'earshot sync {}'",
                                   name, settings_.name, settings_.name)};
  }

  Store& store_;
  StoreReader& reader_;
  const IntegrationSettings& settings_;
  const Mappings& mappings_;
  const Clock& clock_;
  const std::function<bool()>& stopping_;
  Lease lease_;
  RecordCounts total_;
};

Result<IntegrationId> stored_id(StoreReader& reader, const std::string& name) {
  EAR_TRY(const std::vector<IntegrationRow> rows, reader.integrations());
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&](const IntegrationRow& row) { return row.name == name; });
  if (found != rows.end()) return found->id;
  return Error{.code = Code::not_found,
               .message = fmt::format("nothing is stored of '{0}'; run 'earshot sync {0}'", name)};
}

Result<void> renormalize_into(Store& store, StoreReader& reader,
                              const IntegrationSettings& settings, const Manifest& manifest,
                              const Clock& clock, const std::function<bool()>& stopping,
                              Renormalized& out) {
  if (!settings.store_raw) {
    return Error{.code = Code::config,
                 .message = fmt::format(
                     "integration '{0}' does not keep what the product sent, so there is nothing "
                     "to map again; say 'store_raw: true' and run 'earshot sync {0} --full' once",
                     settings.name)};
  }
  EAR_TRY(const Mappings mappings, compile_mappings(settings, manifest));
  EAR_TRY(const IntegrationId id, stored_id(reader, settings.name));
  return Renormalizer(store, reader, settings, mappings, clock, stopping).run(id, out);
}

}  // namespace

Renormalized renormalize(Store& store, StoreReader& reader, const IntegrationSettings& settings,
                         const Manifest& manifest, const Clock& clock,
                         const std::function<bool()>& stopping) {
  Renormalized out;
  if (Result<void> done = renormalize_into(store, reader, settings, manifest, clock, stopping, out);
      !done) {
    out.outcome = RunOutcome::failed;
    out.error = std::move(done).error();
  }
  return out;
}

}  // namespace earshot::core
