#include "record_row.hpp"

#include <cstring>

#include "raw_text.hpp"

namespace earshot::core {
namespace {

// Enums are stored as their numbers: values are only ever appended.
static_assert(static_cast<int>(RecordKind::review) == 8);
static_assert(static_cast<int>(CustomerTier::free) == 3);
static_assert(static_cast<int>(Category::other) == 9);
static_assert(static_cast<int>(Severity::urgent) == 3);
static_assert(static_cast<int>(RecordStatus::deleted) == 4);

/// Writes values so that two different sequences never read the same.
class KeyWriter {
 public:
  explicit KeyWriter(std::string& out) : out_(out) { out_.clear(); }

  template <typename T>
  void number(T value) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    out_.append(bytes, sizeof(T));
  }
  void text(std::string_view value) {
    number(value.size());
    out_.append(value);
  }
  void text(const std::optional<std::string>& value) {
    number(value.has_value());
    if (value) text(std::string_view(*value));
  }
  template <typename Enum>
  void option(const std::optional<Enum>& value) {
    number(value ? static_cast<int>(*value) : -1);
  }

 private:
  std::string& out_;
};

}  // namespace

StoredText stored_text(const RecordWrite& write) noexcept {
  if (write.record.status == RecordStatus::deleted) return {};
  return {write.record.title, write.record.content, write.computed, write.raw};
}

ContentHash hash_of(const RecordWrite& write, std::string& scratch) {
  const Record& record = write.record;
  const StoredText text = stored_text(write);
  KeyWriter key(scratch);
  key.number(record.status);
  key.number(record.category);
  key.option(record.severity);
  key.option(record.customer_tier);
  key.number(record.created_at.time_since_epoch().count());
  key.number(record.updated_at.time_since_epoch().count());
  key.number(record.rating.has_value());
  key.number(record.rating.value_or(Rating{}).value);
  key.number(record.rating.value_or(Rating{}).max);
  key.text(record.customer_id);
  key.text(record.customer_email);
  key.text(record.customer_name);
  key.text(record.language);
  key.text(record.thread_id);
  key.text(record.url);
  key.text(text.title);
  key.text(text.content);
  key.text(std::string_view(record.metadata));
  key.text(text.computed);
  key.text(text.raw);
  return content_hash(scratch);
}

const char* const kInsertRecord =
    "INSERT INTO records (id, integration, kind, source_id, version, hash, status, category, "
    "severity, customer_tier, created_at, updated_at, change_seq, mapping_revision, rating_value, "
    "rating_max, mapping, customer_id, customer_email, customer_name, language, thread_id, url, "
    "title, content, metadata, computed, raw) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, "
    "?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28) "
    "ON CONFLICT (integration, kind, source_id) DO NOTHING";

const char* const kUpdateRecord =
    "UPDATE records SET version = ?5, hash = ?6, status = ?7, category = ?8, severity = ?9, "
    "customer_tier = ?10, created_at = ?11, updated_at = ?12, change_seq = ?13, "
    "mapping_revision = ?14, rating_value = ?15, rating_max = ?16, mapping = ?17, "
    "customer_id = ?18, customer_email = ?19, customer_name = ?20, language = ?21, "
    "thread_id = ?22, url = ?23, title = ?24, content = ?25, metadata = ?26, computed = ?27, "
    "raw = ?28 WHERE id = ?1";

void bind_record(Statement& to, const RecordPlace& place, const RecordWrite& write) noexcept {
  const Record& record = write.record;
  const StoredText text = stored_text(write);
  to.bind(1, place.id);
  to.bind(2, place.integration);
  to.bind(3, record.kind);
  to.borrow(4, std::string_view(record.source_id));
  to.bind(5, record.version);
  to.borrow(6, Blob{place.hash});
  to.bind(7, record.status);
  to.bind(8, record.category);
  to.bind(9, record.severity);
  to.bind(10, record.customer_tier);
  to.bind(11, record.created_at);
  to.bind(12, record.updated_at);
  to.bind(13, place.change_seq);
  to.bind(14, write.mapping_revision);
  to.bind(15, record.rating ? std::optional(record.rating->value) : std::nullopt);
  to.bind(16, record.rating ? std::optional(record.rating->max) : std::nullopt);
  to.borrow(17, std::string_view(write.mapping));
  to.borrow(18, record.customer_id);
  to.borrow(19, record.customer_email);
  to.borrow(20, record.customer_name);
  to.borrow(21, record.language);
  to.borrow(22, record.thread_id);
  to.borrow(23, record.url);
  to.borrow(24, text.title);
  to.borrow(25, text.content);
  to.borrow(26, std::string_view(record.metadata));
  to.borrow(27, text.computed);
  to.borrow(28, Blob{place.packed_raw});
}

const char* const kSelectRecord =
    "SELECT r.id, r.integration, i.name, i.plugin, r.kind, r.source_id, r.version, r.status, "
    "r.category, r.severity, r.customer_tier, r.created_at, r.updated_at, r.rating_value, "
    "r.rating_max, r.customer_id, r.customer_email, r.customer_name, r.language, r.thread_id, "
    "r.url, r.title, r.content, r.metadata, r.raw "
    "FROM records r JOIN integrations i ON i.id = r.integration ";

Result<StoredRecord> read_record(const Statement& row) {
  StoredRecord out;
  out.id = row.integer(0);
  out.integration_id = row.integer(1);
  out.integration = row.text(2);
  out.source = row.text(3);
  Record& record = out.record;
  record.kind = row.enumerator(4, RecordKind::review);
  record.source_id = row.text(5);
  record.version = row.integer(6);
  record.status = row.enumerator(7, RecordStatus::deleted);
  record.category = row.enumerator(8, Category::other);
  record.severity = row.optional_enumerator(9, Severity::urgent);
  record.customer_tier = row.optional_enumerator(10, CustomerTier::free);
  record.created_at = row.time(11);
  record.updated_at = row.time(12);
  if (!row.null(13)) record.rating = Rating{.value = row.real(13), .max = row.real(14)};
  record.customer_id = row.optional_text(15);
  record.customer_email = row.optional_text(16);
  record.customer_name = row.optional_text(17);
  record.language = row.optional_text(18);
  record.thread_id = row.optional_text(19);
  record.url = row.optional_text(20);
  record.title = row.text(21);
  record.content = row.text(22);
  record.metadata = row.text(23);
  EAR_TRY(out.raw, unpack_raw(row.bytes(24)));
  return out;
}

}  // namespace earshot::core
