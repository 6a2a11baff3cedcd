/// What a program written for one purpose comes to: tickets over libcurl, parsed in place with
/// RapidJSON, upserted with one prepared statement; no plugin, no state, no limits, no schema.
///
///   reference_pull pull|transfer|index URL AUTHORIZATION DATABASE
///
/// `transfer` reads the bytes and leaves them at that; `index` makes a search index over what was
/// pulled.

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include <curl/curl.h>
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <sqlite3.h>

namespace earshot::bench {
namespace {

constexpr const char* kExport =
    "/api/v2/incremental/tickets/cursor.json?per_page=100&include=users";
constexpr const char* kFirstPage = "&start_time=946684800";

/// What becomes of a ticket's members beside its columns: Earshot's record keeps the same.
constexpr std::array kMetadata = {
    "tags",         "status",          "custom_status_id", "type",        "priority",
    "via",          "organization_id", "group_id",         "assignee_id", "submitter_id",
    "brand_id",     "ticket_form_id",  "external_id",      "problem_id",  "satisfaction_rating",
    "custom_fields"};

void check(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "reference_pull: %s failed\n", what);
  std::exit(1);
}

/// One connection, one page after the other.
class Connection {
 public:
  explicit Connection(const std::string& authorization) : handle_(curl_easy_init()) {
    headers_ = curl_slist_append(nullptr, ("Authorization: " + authorization).c_str());
    curl_easy_setopt(handle_, CURLOPT_HTTPHEADER, headers_);
    curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(handle_, CURLOPT_WRITEDATA, &body_);
    curl_easy_setopt(handle_, CURLOPT_BUFFERSIZE, 256L << 10);
    curl_easy_setopt(handle_, CURLOPT_FAILONERROR, 1L);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    curl_slist_free_all(headers_);
    curl_easy_cleanup(handle_);
  }

  /// Valid, and the caller's to write to, until the next call.
  std::string& get(const std::string& url) {
    body_.clear();
    curl_easy_setopt(handle_, CURLOPT_URL, url.c_str());
    check(curl_easy_perform(handle_) == CURLE_OK, "the request");
    return body_;
  }
  std::string escaped(std::string_view text) {
    const std::unique_ptr<char, decltype(&curl_free)> out(
        curl_easy_escape(handle_, text.data(), static_cast<int>(text.size())), curl_free);
    return out.get();
  }

 private:
  static std::size_t append(char* data, std::size_t size, std::size_t count, void* body) {
    static_cast<std::string*>(body)->append(data, size * count);
    return size * count;
  }

  CURL* handle_;
  curl_slist* headers_ = nullptr;
  std::string body_;
};

std::string_view view(const rapidjson::Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

/// A member's text; empty where it is none.
std::string_view text(const rapidjson::Value& object, const char* name) {
  const auto member = object.FindMember(name);
  const bool is_text = member != object.MemberEnd() && member->value.IsString();
  return is_text ? view(member->value) : std::string_view();
}

std::int64_t number(const rapidjson::Value& object, const char* name) {
  const auto member = object.FindMember(name);
  const bool is_number = member != object.MemberEnd() && member->value.IsInt64();
  return is_number ? member->value.GetInt64() : 0;
}

/// One table of 14 columns, one transaction a page, as safe from a power cut as Earshot's store.
class Database {
 public:
  explicit Database(const char* file) {
    check(sqlite3_open(file, &handle_) == SQLITE_OK, "sqlite3_open");
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() {
    sqlite3_finalize(upsert_);
    sqlite3_finalize(move_);
    sqlite3_close(handle_);
  }

  void make_tables() {
    run("CREATE TABLE cursor (value TEXT); INSERT INTO cursor VALUES ('');"
        "CREATE TABLE tickets (source TEXT, source_id INTEGER, status TEXT, priority TEXT,"
        "created_at TEXT, updated_at TEXT, version INTEGER, customer_id INTEGER,"
        "customer_email TEXT, customer_name TEXT, url TEXT, title TEXT, content TEXT,"
        "metadata TEXT, UNIQUE (source, source_id))");
    upsert_ = prepared(
        "INSERT INTO tickets VALUES ('zendesk', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        "ON CONFLICT DO UPDATE SET status = excluded.status, priority = excluded.priority,"
        "created_at = excluded.created_at, updated_at = excluded.updated_at,"
        "version = excluded.version, customer_id = excluded.customer_id,"
        "customer_email = excluded.customer_email, customer_name = excluded.customer_name,"
        "url = excluded.url, title = excluded.title, content = excluded.content,"
        "metadata = excluded.metadata");
    move_ = prepared("UPDATE cursor SET value = ?");
  }

  void run(const char* sql) {
    check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql);
  }

  void upsert(const rapidjson::Value& ticket, const rapidjson::Value* requester) {
    const std::string_view metadata = metadata_of(ticket);
    sqlite3_bind_int64(upsert_, 1, number(ticket, "id"));
    bind(2, text(ticket, "status"));
    bind(3, text(ticket, "priority"));
    bind(4, text(ticket, "created_at"));
    bind(5, text(ticket, "updated_at"));
    sqlite3_bind_int64(upsert_, 6, number(ticket, "generated_timestamp"));
    sqlite3_bind_int64(upsert_, 7, number(ticket, "requester_id"));
    bind(8, requester != nullptr ? text(*requester, "email") : std::string_view());
    bind(9, requester != nullptr ? text(*requester, "name") : std::string_view());
    bind(10, text(ticket, "url"));
    bind(11, text(ticket, "subject"));
    bind(12, text(ticket, "description"));
    bind(13, metadata);
    step(upsert_);
  }

  void move_cursor(std::string_view cursor) {
    sqlite3_bind_text(move_, 1, cursor.data(), static_cast<int>(cursor.size()), SQLITE_STATIC);
    step(move_);
  }

 private:
  std::string_view metadata_of(const rapidjson::Value& ticket) {
    buffer_.Clear();
    rapidjson::Writer<rapidjson::StringBuffer> out(buffer_);
    out.StartObject();
    for (const char* name : kMetadata) {
      const auto member = ticket.FindMember(name);
      if (member == ticket.MemberEnd() || member->value.IsNull()) continue;
      const bool channel = std::string_view(name) == "via";
      out.Key(channel ? "channel" : name);
      (channel ? member->value["channel"] : member->value).Accept(out);
    }
    out.EndObject();
    return {buffer_.GetString(), buffer_.GetSize()};
  }

  sqlite3_stmt* prepared(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(handle_, sql, -1, &statement, nullptr) == SQLITE_OK, sql);
    return statement;
  }
  void bind(int index, std::string_view value) {
    sqlite3_bind_text(upsert_, index, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
  }
  void step(sqlite3_stmt* statement) {
    check(sqlite3_step(statement) == SQLITE_DONE, "sqlite3_step");
    sqlite3_reset(statement);
  }

  rapidjson::StringBuffer buffer_;
  sqlite3* handle_ = nullptr;
  sqlite3_stmt* upsert_ = nullptr;
  sqlite3_stmt* move_ = nullptr;
};

void store(Database& database, const rapidjson::Document& page) {
  std::unordered_map<std::int64_t, const rapidjson::Value*> users;
  for (const auto& user : page["users"].GetArray()) users.emplace(number(user, "id"), &user);
  database.run("BEGIN IMMEDIATE");
  for (const auto& ticket : page["tickets"].GetArray()) {
    const auto requester = users.find(number(ticket, "requester_id"));
    database.upsert(ticket, requester == users.end() ? nullptr : requester->second);
  }
  database.move_cursor(text(page, "after_cursor"));
  database.run("COMMIT");
}

void pull(const std::string& base, const std::string& authorization, const char* file) {
  Connection connection(authorization);
  Database database(file);
  database.make_tables();
  std::string url = base + kExport + kFirstPage;
  for (;;) {
    rapidjson::Document page;
    page.ParseInsitu(connection.get(url).data());
    check(!page.HasParseError(), "parsing");
    store(database, page);
    if (page["end_of_stream"].GetBool()) return;
    url = base + kExport + "&cursor=" + connection.escaped(text(page, "after_cursor"));
  }
}

/// The text of a member near the end of a page, found without parsing it.
std::string_view last_text(std::string_view page, std::string_view name) {
  const std::size_t at = page.rfind(name);
  check(at != std::string_view::npos, "finding the cursor");
  const std::size_t begin = page.find('"', page.find(':', at)) + 1;
  return page.substr(begin, page.find('"', begin) - begin);
}

void transfer(const std::string& base, const std::string& authorization) {
  Connection connection(authorization);
  std::string url = base + kExport + kFirstPage;
  for (;;) {
    const std::string& page = connection.get(url);
    if (page.rfind("\"end_of_stream\":true") != std::string::npos) return;
    url = base + kExport + "&cursor=" + connection.escaped(last_text(page, "\"after_cursor\""));
  }
}

void index(const char* file) {
  Database database(file);
  database.run(
      "CREATE VIRTUAL TABLE search USING fts5(title, content,"
      "tokenize = 'unicode61 remove_diacritics 2');"
      "INSERT INTO search (rowid, title, content) SELECT rowid, title, content FROM tickets");
}

}  // namespace
}  // namespace earshot::bench

int main(int argc, char** argv) {
  using namespace earshot::bench;
  check(argc == 5, "usage: reference_pull pull|transfer|index URL AUTHORIZATION DATABASE;");
  const std::string_view mode = argv[1];
  if (mode == "pull") pull(argv[2], argv[3], argv[4]);
  if (mode == "transfer") transfer(argv[2], argv[3]);
  if (mode == "index") index(argv[4]);
}
