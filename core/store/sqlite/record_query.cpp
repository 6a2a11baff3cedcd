#include "record_query.hpp"

#include <functional>
#include <string>

#include <fmt/format.h>

#include "match_expression.hpp"
#include "search_index.hpp"

namespace earshot::core {
namespace {

/// A SELECT in the making: its conditions, and the values they ask for.
class Selection {
 public:
  template <typename Value>
  void where(std::string_view condition, const Value& value) {
    text_ += text_.empty() ? " WHERE " : " AND ";
    text_ += condition;
    binds_.push_back([value](Statement& to, int index) { to.bind(index, value); });
  }

  template <typename Value>
  void where_if(std::string_view condition, const std::optional<Value>& value) {
    if (value) where(condition, *value);
  }

  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

  [[nodiscard]] Result<Statement> prepare(Database& database, std::string_view head,
                                          std::string_view tail) const {
    EAR_TRY(Statement statement, database.prepare(std::string(head) + text_ + std::string(tail)));
    for (std::size_t i = 0; i < binds_.size(); ++i) binds_[i](statement, static_cast<int>(i) + 1);
    return statement;
  }

 private:
  std::string text_;
  std::vector<std::function<void(Statement&, int)>> binds_;
};

/// What is asked of the records themselves; of those that live anyway, not whether they do.
Selection conditions(const RecordQuery& query, bool alive) {
  Selection out;
  if (!query.integration.empty()) {
    out.where("r.integration = (SELECT id FROM integrations WHERE name = ?)", query.integration);
  }
  out.where_if("r.kind = ?", query.kind);
  out.where_if("r.status = ?", query.status);
  out.where_if("r.category = ?", query.category);
  out.where_if("r.severity = ?", query.severity);
  out.where_if("r.customer_tier = ?", query.tier);
  if (!query.customer.empty()) {
    out.where("? IN (r.customer_id, r.customer_email, r.customer_name)", query.customer);
  }
  out.where_if("r.created_at >= ?", query.created_from);
  out.where_if("r.created_at < ?", query.created_to);
  out.where_if("r.updated_at >= ?", query.updated_from);
  out.where_if("r.updated_at < ?", query.updated_to);
  const bool tombstones = query.deleted || query.status == RecordStatus::deleted;
  if (!tombstones && !alive) out.where("r.status <> ?", RecordStatus::deleted);
  return out;
}

/// `result` of all that is asked for. The records that an index finds are looked up only where
/// something is asked of them, as that takes most of a search for a common word; an index that does
/// not lag holds no tombstones. CROSS keeps the index in the lead.
Result<Statement> select(Database& database, const RecordQuery& query,
                         const std::optional<std::string>& words, std::string_view result,
                         std::string_view tail) {
  bool alive = false;
  if (words) {
    EAR_TRY(const std::uint64_t lag, search_lag(database));
    alive = lag == 0;
  }
  Selection selection = conditions(query, alive);
  std::string_view tables = "records r";
  if (words) {
    tables = selection.empty() ? "search" : "search CROSS JOIN records r ON r.id = search.rowid";
    selection.where("search MATCH ?", *words);
  }
  return selection.prepare(database, fmt::format("SELECT {} FROM {}", result, tables), tail);
}

}  // namespace

Result<std::vector<std::int64_t>> matching_records(Database& database, const RecordQuery& query) {
  EAR_TRY(const auto words, match_expression(query.search));
  std::string tail = words ? " ORDER BY bm25(search, 4.0, 1.0), search.rowid" : " ORDER BY r.id";
  if (query.limit != 0) tail += fmt::format(" LIMIT {}", query.limit);
  EAR_TRY(Statement statement,
          select(database, query, words, words ? "search.rowid" : "r.id", tail));
  std::vector<std::int64_t> out;
  for (;;) {
    EAR_TRY(const bool any, statement.step());
    if (!any) return out;
    out.push_back(statement.integer(0));
  }
}

Result<std::uint64_t> count_records(Database& database, const RecordQuery& query) {
  EAR_TRY(const auto words, match_expression(query.search));
  EAR_TRY(Statement statement, select(database, query, words, "count(*)", ""));
  EAR_TRY([[maybe_unused]] const bool any, statement.step());
  return statement.count(0);
}

}  // namespace earshot::core
