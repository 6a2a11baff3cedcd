#include "kept_items.hpp"

#include "raw_text.hpp"

namespace earshot::core {
namespace {

constexpr std::size_t kMostBytes = 8U << 20;

constexpr const char* kSelectRecords =
    "SELECT id, source_id, computed, raw FROM records WHERE integration = ?1 AND mapping = ?2 AND "
    "id > ?3 AND mapping_revision <> ?4 AND length(raw) > 0 ORDER BY id LIMIT ?5";
constexpr const char* kSelectRejected =
    "SELECT rowid, source_id, computed, raw FROM rejected WHERE integration = ?1 AND mapping = ?2 "
    "AND rowid > ?3 AND ?4 = ?4 AND length(raw) > 0 ORDER BY rowid LIMIT ?5";

}  // namespace

Result<std::vector<KeptItem>> kept_items(Database& database, const KeptItemQuery& query) {
  EAR_TRY(Query found,
          database.query(query.rejected ? kSelectRejected : kSelectRecords, query.integration,
                         query.mapping, query.after, query.other_than, query.limit));
  std::vector<KeptItem> out;
  for (std::size_t bytes = 0; bytes < kMostBytes;) {
    EAR_TRY(const bool any, found.next());
    if (!any) break;
    EAR_TRY(std::string raw, unpack_raw(found->bytes(3)));
    bytes += raw.size();
    out.push_back({.id = found->integer(0),
                   .rejected = query.rejected,
                   .source_id = found->text(1),
                   .computed = found->text(2),
                   .raw = std::move(raw)});
  }
  return out;
}

}  // namespace earshot::core
