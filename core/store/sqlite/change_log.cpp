#include "change_log.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>

#include "record_row.hpp"

namespace earshot::core {
namespace {

constexpr int kBase = 36;
constexpr std::size_t kLongestToken = 1U << 20;

struct Token {
  std::int64_t store = 0;
  std::map<IntegrationId, std::int64_t> read{};  ///< Last sequence number, by integration.
};

struct Log {
  IntegrationId integration = 0;
  std::int64_t end = 0;
};

Error bad_token(std::string_view why) {
  return {.code = Code::config,
          .message = fmt::format("--since: {}; 'export --since start' begins anew", why)};
}

std::optional<std::int64_t> read_number(std::string_view text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number, kBase);
  const bool whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
  return whole && number >= 0 ? std::optional(number) : std::nullopt;
}

std::string number_text(std::int64_t number) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, kBase);
  return {digits.data(), end.ptr};
}

std::optional<Token> read_token(std::string_view text) {
  if (text.size() > kLongestToken) return std::nullopt;
  Token token;
  bool first = true;
  for (const std::string_view part : split(text, '.')) {
    const std::size_t dash = part.find('-');
    const auto number = read_number(part.substr(0, dash));
    if (!number || (dash == std::string_view::npos) != first) return std::nullopt;
    if (std::exchange(first, false)) {
      token.store = *number;
      continue;
    }
    const auto read = read_number(part.substr(dash + 1));
    if (!read || !token.read.emplace(*number, *read).second) return std::nullopt;
  }
  return token;
}

std::string token_text(const Token& token) {
  std::string out = number_text(token.store);
  for (const auto& [integration, read] : token.read) {
    out += '.' + number_text(integration) + '-' + number_text(read);
  }
  return out;
}

Result<std::vector<Log>> logs(Database& database, const std::string& integration) {
  EAR_TRY(Query query, database.query("SELECT id, change_seq FROM integrations "
                                      "WHERE ?1 IN ('', name) ORDER BY id",
                                      integration));
  std::vector<Log> out;
  for (;;) {
    EAR_TRY(const bool any, query.next());
    if (!any) return out;
    out.push_back({.integration = query->integer(0), .end = query->integer(1)});
  }
}

/// The token as given, or that of the beginning.
Result<Token> token_of(Database& database, const std::string& since) {
  EAR_TRY(const auto store, database.integer("SELECT value FROM meta WHERE key = 'store_id'"));
  if (since.empty()) return Token{.store = store.value_or(0)};
  const std::optional<Token> token = read_token(since);
  if (!token) return bad_token("this is no token that an export has told");
  if (token->store != store.value_or(0)) return bad_token("this token is of another store");
  return *token;
}

/// Calls `each` for what changed after `from`; answers how far it came.
Result<std::int64_t> read_log(Database& database, const Log& log, std::int64_t from,
                              const std::function<bool(const StoredRecord&)>& each) {
  EAR_TRY(Query changed,
          database.query("SELECT c.seq, c.record FROM changes c JOIN records r ON r.id = c.record "
                         "WHERE c.integration = ? AND c.seq > ? AND r.change_seq = c.seq "
                         "ORDER BY c.seq",
                         log.integration, from));
  EAR_TRY(Statement select, database.prepare(std::string(kSelectRecord) + "WHERE r.id = ?"));
  std::int64_t read = from;
  for (;;) {
    EAR_TRY(const bool any, changed.next());
    if (!any) return log.end;
    select.reset();
    select.bind(1, changed->integer(1));
    EAR_TRY(const bool found, select.step());
    if (!found) continue;
    EAR_TRY(const StoredRecord record, read_record(select));
    if (!each(record)) return read;
    read = changed->integer(0);
  }
}

/// Integrations that the token knows and the store does not.
Result<std::vector<IntegrationId>> forget_gone(Database& database, Token& token) {
  EAR_TRY(const std::vector<Log> all, logs(database, {}));
  std::vector<IntegrationId> gone;
  for (const auto& entry : token.read) {
    const bool there = std::any_of(all.begin(), all.end(),
                                   [&](const Log& log) { return log.integration == entry.first; });
    if (!there) gone.push_back(entry.first);
  }
  for (const IntegrationId id : gone) token.read.erase(id);
  return gone;
}

}  // namespace

Result<Changes> changes(Database& database, const std::string& since,
                        const std::string& integration,
                        const std::function<bool(const StoredRecord&)>& each) {
  EAR_TRY(Token token, token_of(database, since));
  EAR_TRY(const std::vector<Log> asked, logs(database, integration));
  for (const Log& log : asked) {
    if (token.read[log.integration] > log.end) {
      return bad_token(
          "this token is ahead of the store, which was perhaps restored from a backup");
    }
  }
  Changes out;
  EAR_TRY(out.gone, forget_gone(database, token));
  bool go_on = true;
  const auto guarded = [&](const StoredRecord& record) { return go_on = each(record); };
  for (const Log& log : asked) {
    if (!go_on) break;
    std::int64_t& read = token.read[log.integration];
    EAR_TRY(read, read_log(database, log, read, guarded));
  }
  out.next = token_text(token);
  return out;
}

}  // namespace earshot::core
