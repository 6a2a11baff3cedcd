#include "search_index.hpp"

#include <vector>

#include <fmt/format.h>

#include <earshot/core/normalize/record.hpp>

namespace earshot::core {
namespace {

/// The part of one integration's log that comes next.
struct Tail {
  std::int64_t integration = 0;
  std::int64_t from = 0;  ///< Exclusive.
  std::int64_t to = 0;
};

Result<std::vector<Tail>> next_tails(Database& database, std::uint64_t most) {
  EAR_TRY(Query lagging,
          database.query("SELECT i.id, ifnull(c.position, 0), i.change_seq FROM integrations i "
                         "LEFT JOIN consumers c ON c.name = 'search' AND c.integration = i.id "
                         "WHERE i.change_seq > ifnull(c.position, 0) ORDER BY i.id"));
  std::vector<Tail> out;
  auto left = static_cast<std::int64_t>(most);
  while (left > 0) {
    EAR_TRY(const bool any, lagging.next());
    if (!any) break;
    Tail tail{
        .integration = lagging->integer(0), .from = lagging->integer(1), .to = lagging->integer(2)};
    if (tail.to - tail.from > left) tail.to = tail.from + left;
    left -= tail.to - tail.from;
    out.push_back(tail);
  }
  return out;
}

/// One statement for all, since each statement that writes makes the index put what it has gathered
/// on disk.
Result<void> index_tail(Database& database, const Tail& tail) {
  EAR_CHECK(
      database.execute("DELETE FROM search WHERE rowid IN (SELECT record FROM changes "
                       "WHERE integration = ? AND seq > ? AND seq <= ?)",
                       tail.integration, tail.from, tail.to));
  EAR_CHECK(
      database.execute("INSERT INTO search (rowid, title, content) "
                       "SELECT id, title, content FROM records WHERE id IN (SELECT record "
                       "FROM changes WHERE integration = ? AND seq > ? AND seq <= ?) "
                       "AND status <> ?",
                       tail.integration, tail.from, tail.to, RecordStatus::deleted));
  return database.execute(
      "INSERT OR REPLACE INTO consumers (name, integration, position) VALUES ('search', ?, ?)",
      tail.integration, tail.to);
}

constexpr std::size_t kMostWords = 64;

/// A word or phrase as FTS5 takes it: quoted, so that nothing in it is syntax.
void append_term(std::string& out, std::string_view term, bool prefix) {
  out += out.empty() ? "\"" : " \"";
  for (const char c : term) {
    if (c == '"') out += '"';
    out += c == '\0' ? ' ' : c;
  }
  out += prefix ? "\" *" : "\"";
}

/// Takes the next word or quoted phrase off the front of `typed`.
struct Term {
  std::string_view text;
  bool prefix = false;
};

Term take_quoted(std::string_view& typed) {
  typed.remove_prefix(1);
  const std::size_t end = typed.find('"');
  Term term{.text = typed.substr(0, end)};
  typed.remove_prefix(end == std::string_view::npos ? typed.size() : end + 1);
  if (!typed.empty() && typed.front() == '*') {
    term.prefix = true;
    typed.remove_prefix(1);
  }
  return term;
}

Term take_word(std::string_view& typed) {
  const std::size_t end = typed.find_first_of(" \t\r\n\f\v\"");
  Term term{.text = typed.substr(0, end)};
  typed.remove_prefix(term.text.size());
  if (term.text.size() > 1 && term.text.back() == '*') {
    term.prefix = true;
    term.text.remove_suffix(1);
  }
  return term;
}

}  // namespace

Result<std::uint64_t> search_lag(Database& database) {
  EAR_TRY(const auto lag,
          database.integer("SELECT ifnull(sum(i.change_seq - ifnull(c.position, 0)), 0) "
                           "FROM integrations i LEFT JOIN consumers c "
                           "ON c.name = 'search' AND c.integration = i.id"));
  return static_cast<std::uint64_t>(lag.value_or(0));
}

Result<std::uint64_t> index_changes(Database& database, std::uint64_t most) {
  EAR_TRY(const std::vector<Tail> tails, next_tails(database, most));
  std::uint64_t taken = 0;
  for (const Tail& tail : tails) {
    EAR_CHECK(index_tail(database, tail));
    taken += static_cast<std::uint64_t>(tail.to - tail.from);
  }
  return taken;
}

Result<std::optional<std::string>> match_expression(std::string_view typed) {
  std::string out;
  std::size_t words = 0;
  for (;;) {
    const std::size_t start = typed.find_first_not_of(" \t\r\n\f\v");
    if (start == std::string_view::npos) break;
    typed.remove_prefix(start);
    const Term term = typed.front() == '"' ? take_quoted(typed) : take_word(typed);
    if (term.text.empty()) continue;
    if (++words > kMostWords) {
      return Error{
          .code = Code::limit,
          .message = fmt::format("search: more than {} words; leave some out", kMostWords)};
    }
    append_term(out, term.text, term.prefix);
  }
  if (words == 0) return std::optional<std::string>{};
  return std::optional(std::move(out));
}

}  // namespace earshot::core
