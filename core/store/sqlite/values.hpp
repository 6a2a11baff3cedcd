#pragma once

/// The small things that last beside records: who there is, cursors, reported state, secrets,
/// budgets.

#include <map>
#include <string>
#include <vector>

#include <earshot/core/store/store.hpp>

#include "session.hpp"

namespace earshot::core {

/// not_found where there is no such integration: writing for one that was purged meanwhile would
/// leave rows that nobody owns.
[[nodiscard]] Result<void> check_exists(Database& database, IntegrationId integration);
[[nodiscard]] Result<IntegrationId> find_integration(Session& session, const std::string& name,
                                                     const std::string& plugin);
[[nodiscard]] Result<IntegrationId> ensure_integration(Session& session, const std::string& name,
                                                       const std::string& plugin);
[[nodiscard]] Result<void> purge(Session& session, const std::string& name);

[[nodiscard]] Result<std::map<std::string, std::string>> lane_cursors(Database& database,
                                                                      IntegrationId integration,
                                                                      const std::string& lane);
[[nodiscard]] Result<void> forget_cursors(Database& database, IntegrationId integration,
                                          const std::string& lane);
[[nodiscard]] Result<void> set_cursor(Session& session, IntegrationId integration,
                                      const std::string& lane, const CursorMove& move);
/// As `state set` and `state reset` do it: see Store::put_cursor.
[[nodiscard]] Result<void> put_cursor(Session& session, IntegrationId integration,
                                      const std::string& lane, const CursorMove& move);

[[nodiscard]] Result<std::map<std::string, std::string>> reported_state(Database& database,
                                                                        IntegrationId integration);
[[nodiscard]] Result<void> put_state(Database& database, IntegrationId integration,
                                     const std::map<std::string, std::string>& values);

[[nodiscard]] Result<void> put_secret(Database& database, IntegrationId integration,
                                      const SealedSecret& secret);
[[nodiscard]] Result<std::vector<SealedSecret>> sealed_secrets(Database& database,
                                                               IntegrationId integration);

[[nodiscard]] Result<void> put_budget(Database& database, const std::string& account,
                                      const std::string& saved);
/// Empty where there is none.
[[nodiscard]] Result<std::string> saved_budget(Database& database, const std::string& account);

}  // namespace earshot::core
