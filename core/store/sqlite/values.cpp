#include "values.hpp"

#include <array>

#include <fmt/format.h>

#include "runs.hpp"
#include "search_index.hpp"

namespace earshot::core {
namespace {

Result<std::map<std::string, std::string>> read_pairs(Query query) {
  std::map<std::string, std::string> out;
  for (;;) {
    EAR_TRY(const bool any, query.next());
    if (!any) return out;
    out.emplace(query->text(0), query->text(1));
  }
}

Error other_plugin(const std::string& name, const std::string& stored, const std::string& asked) {
  return {.code = Code::conflict,
          .message = fmt::format("integration {}: what is stored came from plugin {}, not {}; "
                                 "choose another name, or run `earshot integrations remove {} "
                                 "--purge`",
                                 name, stored, asked, name)};
}

/// In the order in which they find each other: the problems by their owners' rows.
constexpr std::array kPurgeSteps = {
    "DELETE FROM run_problems WHERE run IN (SELECT id FROM runs WHERE integration = ?)",
    "DELETE FROM run_notes WHERE run IN (SELECT id FROM runs WHERE integration = ?)",
    "DELETE FROM records WHERE integration = ?",
    "DELETE FROM rejected WHERE integration = ?",
    "DELETE FROM changes WHERE integration = ?",
    "DELETE FROM consumers WHERE integration = ?",
    "DELETE FROM cursors WHERE integration = ?",
    "DELETE FROM runs WHERE integration = ?",
    "DELETE FROM state WHERE integration = ?",
    "DELETE FROM secrets WHERE integration = ?",
    "DELETE FROM answers WHERE integration = ?",
    "DELETE FROM integrations WHERE id = ?",
};

}  // namespace

Result<void> check_exists(Database& database, IntegrationId integration) {
  EAR_TRY(const auto found,
          database.integer("SELECT 1 FROM integrations WHERE id = ?", integration));
  if (found) return {};
  return Error{
      .code = Code::not_found,
      .message = fmt::format("store: there is no integration {}; it was removed", integration)};
}

Result<IntegrationId> find_integration(Session& session, const std::string& name,
                                       const std::string& plugin) {
  EAR_TRY(Query found,
          session.database.query("SELECT id, plugin FROM integrations WHERE name = ?", name));
  EAR_TRY(const bool any, found.next());
  if (!any) return IntegrationId{0};
  if (found->bytes(1) != plugin) return other_plugin(name, found->text(1), plugin);
  return found->integer(0);
}

Result<IntegrationId> ensure_integration(Session& session, const std::string& name,
                                         const std::string& plugin) {
  EAR_TRY(const IntegrationId id, find_integration(session, name, plugin));
  if (id != 0) return id;
  EAR_CHECK(
      session.database.execute("INSERT INTO integrations (name, plugin, created) VALUES (?, ?, ?)",
                               name, plugin, session.clock->now()));
  return session.database.last_row_id();
}

Result<void> purge(Session& session, const std::string& name) {
  EAR_TRY(const auto id,
          session.database.integer("SELECT id FROM integrations WHERE name = ?", name));
  if (!id) {
    return Error{.code = Code::not_found,
                 .message = fmt::format("store: nothing is stored of an integration {}; "
                                        "`earshot integrations` lists what is",
                                        name)};
  }
  EAR_CHECK(session.database.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)",
                                     "last_record", session.records.last_id()));
  EAR_CHECK(empty_index(session.database));
  for (const char* step : kPurgeSteps) EAR_CHECK(session.database.execute(step, *id));
  session.empty_log = true;
  return {};
}

Result<std::map<std::string, std::string>> lane_cursors(Database& database,
                                                        IntegrationId integration,
                                                        const std::string& lane) {
  EAR_TRY(Query query, database.query("SELECT stream, cursor FROM cursors "
                                      "WHERE integration = ? AND lane = ?",
                                      integration, lane));
  return read_pairs(std::move(query));
}

Result<void> forget_cursors(Database& database, IntegrationId integration,
                            const std::string& lane) {
  return database.execute("DELETE FROM cursors WHERE integration = ? AND lane = ?", integration,
                          lane);
}

Result<void> set_cursor(Session& session, IntegrationId integration, const std::string& lane,
                        const CursorMove& move) {
  return session.database.execute(
      "INSERT INTO cursors (integration, lane, stream, cursor, updated) VALUES (?, ?, ?, ?, ?) "
      "ON CONFLICT (integration, lane, stream) DO UPDATE SET cursor = excluded.cursor, "
      "updated = excluded.updated",
      integration, lane, move.stream, move.cursor, session.clock->now());
}

Result<void> put_cursor(Session& session, IntegrationId integration, const std::string& lane,
                        const CursorMove& move) {
  EAR_CHECK(check_idle(session, integration));
  if (!move.cursor.empty()) return set_cursor(session, integration, lane, move);
  return session.database.execute(
      "DELETE FROM cursors WHERE integration = ? AND lane = ? AND stream = ?", integration, lane,
      move.stream);
}

Result<std::map<std::string, std::string>> reported_state(Database& database,
                                                          IntegrationId integration) {
  EAR_TRY(Query query,
          database.query("SELECT key, value FROM state WHERE integration = ?", integration));
  return read_pairs(std::move(query));
}

Result<void> put_state(Database& database, IntegrationId integration,
                       const std::map<std::string, std::string>& values) {
  EAR_CHECK(check_exists(database, integration));
  for (const auto& [key, value] : values) {
    if (value.empty()) {
      EAR_CHECK(database.execute("DELETE FROM state WHERE integration = ? AND key = ?", integration,
                                 key));
    } else {
      EAR_CHECK(database.execute(
          "INSERT OR REPLACE INTO state (integration, key, value) VALUES (?, ?, ?)", integration,
          key, value));
    }
  }
  return {};
}

Result<void> put_secret(Database& database, IntegrationId integration, const SealedSecret& secret) {
  EAR_CHECK(check_exists(database, integration));
  return database.execute(
      "INSERT OR REPLACE INTO secrets (integration, name, sealed, expires) VALUES (?, ?, ?, ?)",
      integration, secret.name, secret.sealed, secret.expires);
}

Result<std::vector<SealedSecret>> sealed_secrets(Database& database, IntegrationId integration) {
  EAR_TRY(Query query, database.query("SELECT name, sealed, expires FROM secrets "
                                      "WHERE integration = ?",
                                      integration));
  std::vector<SealedSecret> out;
  for (;;) {
    EAR_TRY(const bool any, query.next());
    if (!any) return out;
    out.push_back(
        {.name = query->text(0), .sealed = query->text(1), .expires = query->optional_time(2)});
  }
}

Result<void> put_budget(Database& database, const std::string& account, const std::string& saved) {
  return database.execute("INSERT OR REPLACE INTO budgets (account, saved) VALUES (?, ?)", account,
                          saved);
}

Result<std::string> saved_budget(Database& database, const std::string& account) {
  EAR_TRY(Query query, database.query("SELECT saved FROM budgets WHERE account = ?", account));
  EAR_TRY(const bool any, query.next());
  return any ? query->text(0) : std::string();
}

}  // namespace earshot::core
