#include "intake.hpp"

#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/text.hpp>

#include "computed_text.hpp"

namespace earshot::core {

namespace {

constexpr std::size_t kBatchRecords = 2000;
constexpr std::size_t kBatchBytes = std::size_t{4} << 20;
constexpr std::size_t kMaxRawOfRejected = 256U << 10;
constexpr std::size_t kWholePage = 10;

std::size_t size_of(const RecordWrite& write) {
  return sizeof(RecordWrite) + write.record.title.size() + write.record.content.size() +
         write.record.metadata.size() + write.computed.size() + write.raw.size();
}

std::string fingerprint_of(std::string_view raw) {
  return std::string(kFingerprint) + hex_encode(sha256(raw)).substr(0, 32);
}

}  // namespace

Result<EmissionCounts> Intake::take(const Emission& emission) {
  const auto found = prepared_.mappings.find(emission.mapping);
  if (found == prepared_.mappings.end()) {
    return Error{
        .code = Code::misuse,
        .message = "emit: the manifest declares no record '" + shorten(emission.mapping, 40) + "'"};
  }
  Mapping::Session session(*found->second);
  MappingInput input{.item = {},
                     .refs = emission.refs,
                     .computed = emission.computed,
                     .tombstone = emission.tombstone};
  if (prepared_.settings.config) input.config = prepared_.settings.config->root();
  EmissionCounts counts;
  for (const JsonValue item : emission.items) {
    input.item = item;
    if (!take_item(session, *found->second, emission.mapping, input, counts)) {
      cut_ = true;
      return Error{.code = Code::sink_closed, .message = "the limit is reached"};
    }
  }
  if (emission.items.size() < kWholePage || counts.rejected != emission.items.size()) return counts;
  return Error{
      .code = Code::bad_data,
      .message = fmt::format("none of {} items could be mapped ({}); check the mapping of '{}'",
                             counts.rejected, batch_.rejected.back().reason, emission.mapping)};
}

bool Intake::take_item(Mapping::Session& session, const Mapping& mapping, std::string_view name,
                       const MappingInput& input, EmissionCounts& counts) {
  if (limit_reached()) return false;
  Mapped mapped = session.apply(input);
  if (!mapped.record) {
    ++counts.rejected;
    ++consumed_;
    reject(session, name, std::move(mapped), input);
  } else if (outside_window(mapping, *mapped.record)) {
    ++counts.outside;
  } else {
    ++counts.taken;
    ++consumed_;
    note_unknown(name, mapped.unknown_values);
    keep(session, mapping, name, input, *std::move(mapped.record));
  }
  return true;
}

bool Intake::outside_window(const Mapping& mapping, const Record& record) const {
  const Time at = mapping.window_on_created() ? record.created_at : record.updated_at;
  return (options_.from && at < *options_.from) || (options_.to && at >= *options_.to);
}

/// What the item is mapped with besides itself, and again without the page it stood on.
std::string Intake::computed_text(Mapping::Session& session, const MappingInput& input) const {
  if (!prepared_.settings.store_raw) return dump_computed(input.computed);
  std::vector<ComputedField> fields = input.computed;
  for (ComputedField& field : session.beside(input)) fields.push_back(std::move(field));
  return dump_computed(fields);
}

void Intake::keep(Mapping::Session& session, const Mapping& mapping, std::string_view name,
                  const MappingInput& input, Record record) {
  RecordWrite write{.record = std::move(record),
                    .mapping_revision = mapping.revision(),
                    .mapping = std::string(name),
                    .computed = computed_text(session, input),
                    .raw = {},
                    .rejected_as = {}};
  if (fingerprints_ && input.item.exists()) write.rejected_as = fingerprint_of(input.item.dump());
  if (prepared_.settings.store_raw && write.record.status != RecordStatus::deleted)
    write.raw = input.item.dump();
  bytes_ += size_of(write);
  batch_.records.push_back(std::move(write));
}

void Intake::note_unknown(std::string_view name, const std::vector<UnknownValue>& values) {
  for (const UnknownValue& unknown : values) {
    if (!unknown_values_.add(name, unknown)) continue;
    log_.write(
        LogLevel::debug,
        fmt::format("{}.{}: the mapping has no word for '{}'", name, unknown.field, unknown.value),
        {{"integration", prepared_.settings.name}});
  }
}

void Intake::reject(Mapping::Session& session, std::string_view name, Mapped mapped,
                    const MappingInput& input) {
  Rejected rejected{.mapping = std::string(name),
                    .source_id = std::move(mapped.source_id),
                    .reason = std::move(mapped.rejected),
                    .raw = input.item.exists() ? input.item.dump() : std::string(),
                    .computed = computed_text(session, input)};
  if (rejected.source_id.empty()) rejected.source_id = fingerprint_of(rejected.raw);
  rejected.raw = shorten(rejected.raw, kMaxRawOfRejected);
  bytes_ += rejected.raw.size() + rejected.computed.size();
  batch_.rejected.push_back(std::move(rejected));
}

void Intake::move_cursor(std::string stream, std::string cursor) {
  batch_.cursors.push_back({std::move(stream), std::move(cursor)});
}

bool Intake::large() const noexcept {
  return batch_.records.size() >= kBatchRecords || bytes_ >= kBatchBytes;
}

bool Intake::empty() const noexcept {
  return batch_.records.empty() && batch_.rejected.empty() && batch_.cursors.empty();
}

Batch Intake::release() {
  bytes_ = 0;
  return std::exchange(batch_, {});
}

}  // namespace earshot::core
