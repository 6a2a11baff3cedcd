#include "answers.hpp"

#include "raw_text.hpp"
#include "values.hpp"

namespace earshot::core {
namespace {

/// Deletes all that stand behind the newest which together are within bounds.
constexpr const char* kEvict =
    "DELETE FROM answers WHERE rowid IN ("
    "SELECT rowid FROM (SELECT rowid, row_number() OVER newest AS place, "
    "sum(size) OVER newest AS bytes FROM answers WHERE integration = ?1 "
    "WINDOW newest AS (ORDER BY checked DESC, rowid DESC)) WHERE place > ?2 OR bytes > ?3)";

/// Reads the index only, and is most often the end of it.
Result<bool> within(Database& database, IntegrationId integration, AnswerBounds bounds) {
  EAR_TRY(Query query,
          database.query("SELECT count(*), ifnull(sum(size), 0) FROM answers WHERE integration = ?",
                         integration));
  EAR_TRY(const bool any, query.next());
  return any && query->count(0) <= bounds.entries && query->count(1) <= bounds.bytes;
}

}  // namespace

Result<void> put_answers(Database& database, IntegrationId integration,
                         const std::map<std::string, KeptAnswer>& answers, AnswerBounds bounds) {
  EAR_CHECK(check_exists(database, integration));
  for (const auto& [key, answer] : answers) {
    const std::string body = pack_raw(answer.body);
    EAR_CHECK(database.execute(
        "INSERT OR REPLACE INTO answers (integration, key, checked, size, etag, last_modified, "
        "body) VALUES (?, ?, ?, ?, ?, ?, ?)",
        integration, Blob{key}, answer.checked, body.size(), answer.etag, answer.last_modified,
        Blob{body}));
  }
  EAR_TRY(const bool fits, within(database, integration, bounds));
  if (fits) return {};
  return database.execute(kEvict, integration, bounds.entries, bounds.bytes);
}

Result<std::optional<KeptAnswer>> kept_answer(Database& database, IntegrationId integration,
                                              const std::string& key) {
  EAR_TRY(Query query, database.query("SELECT body, etag, last_modified, checked FROM answers "
                                      "WHERE integration = ? AND key = ?",
                                      integration, Blob{key}));
  EAR_TRY(const bool any, query.next());
  if (!any) return std::optional<KeptAnswer>{};
  Result<std::string> body = unpack_raw(query->bytes(0));
  if (!body) return std::optional<KeptAnswer>{};
  return std::optional<KeptAnswer>{KeptAnswer{.body = *std::move(body),
                                              .etag = query->text(1),
                                              .last_modified = query->text(2),
                                              .checked = query->time(3)}};
}

}  // namespace earshot::core
