#include "scenario.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <sqlite3.h>

#include <earshot/core/json/writer.hpp>

#include "sandbox/checksum.hpp"

namespace earshot::scenario {

namespace {

constexpr std::chrono::seconds kLongestWait{60};

std::unique_ptr<core::JsonDocument> parsed(std::string json) {
  auto document = core::JsonDocument::parse(json);
  EXPECT_TRUE(document) << json.substr(0, 500);
  if (!document) return core::JsonDocument::parse("{}").value();
  return std::move(document.value());
}

std::vector<std::string> texts_of(core::JsonValue array) {
  std::vector<std::string> texts;
  for (const core::JsonValue element : array) texts.emplace_back(element.text());
  return texts;
}

const Product kZendesk{.name = "zendesk",
                       .page_size = 1000,
                       .no_limits = "{account: off, incremental: off}",
                       .item_pages = "/api/v2/incremental/*",
                       .sees_deletions = true,
                       .idle_requests = 1,
                       .asked_again = ""};

const Product kIntercom{.name = "intercom",
                        .page_size = 150,
                        .no_limits = "{app: off}",
                        .item_pages = "/conversations/search",
                        .sees_deletions = true,
                        .idle_requests = 2,
                        .asked_again = ""};

/// The survey that nobody has answered yet has no other place to begin.
const Product kSurveyMonkey{.name = "surveymonkey",
                            .page_size = 100,
                            .no_limits = "{minute: off, day: off}",
                            .item_pages = "/v3/surveys/*/responses/bulk",
                            .sees_deletions = false,
                            .idle_requests = 6,
                            .asked_again = "/v3/surveys/510207484/responses/bulk"};

}  // namespace

const Product& zendesk() {
  return kZendesk;
}
const Product& intercom() {
  return kIntercom;
}
const Product& surveymonkey() {
  return kSurveyMonkey;
}

const std::vector<const Product*>& products() {
  static const std::vector<const Product*> all{&kZendesk, &kIntercom, &kSurveyMonkey};
  return all;
}

std::string product_name(const testing::TestParamInfo<const Product*>& info) {
  return info.param->name;
}

Scenario::Scenario(const Product& product) : product_(product) {
  std::string pattern =
      (std::filesystem::temp_directory_path() / "earshot-scenario-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "no temporary folder";
  folder_ = pattern;
}

Scenario::~Scenario() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Scenario::serve(std::uint64_t items, std::uint64_t seed, bool limits) {
  sandbox::SandboxOptions options;
  options.setup.items = items;
  options.setup.seed = seed;
  options.setup.now = clock_.now();
  options.setup.limits = limits;
  serve(options);
}

void Scenario::serve_at(core::Time now, std::uint64_t items, bool limits) {
  sandbox::SandboxOptions options;
  options.setup.items = items;
  options.setup.now = now;
  options.setup.limits = limits;
  options.shift = now - clock_.now();
  serve(options);
}

std::string Scenario::serve_tls(std::uint64_t items) {
  sandbox::SandboxOptions options;
  options.setup.items = items;
  options.setup.now = clock_.now();
  options.setup.limits = false;
  options.tls = true;
  serve(options);
  if (ready_ == nullptr) return {};
  return std::string(ready_->root().at(fmt::format("/products/{}/ca_file", product_.name)).text());
}

void Scenario::serve(const sandbox::SandboxOptions& options) {
  auto started = sandbox::Sandbox::start(options, clock_);
  ASSERT_TRUE(started) << started.error().message;
  sandbox_ = std::move(started.value());
  ready_ = parsed(sandbox_->ready_line());
  base_url_ = sandbox_->base_url(product_.name);
  control_ = std::make_unique<Control>(base_url_);
}

Access Scenario::access(const std::string& title) const {
  const core::JsonValue ways =
      ready_->root().at(fmt::format("/products/{}/alternatives", product_.name));
  for (const core::JsonValue way : ways) {
    if (title.empty() || way.member("title").text() == title)
      return {way.member("config").dump(), way.member("credentials").dump()};
  }
  ADD_FAILURE() << "the sandbox has no way in called " << title;
  return {"{}", "{}"};
}

void Scenario::write_config(const Account& account) {
  const Access first = access();
  std::string config = account.config.empty() ? first.config : account.config;
  const int page_size = account.page_size > 0 ? account.page_size : product_.page_size;
  config.insert(1, fmt::format(R"("page_size": {}{})", page_size, config == "{}" ? "" : ", "));
  write_file(
      "earshot.yaml",
      fmt::format("data_dir: data\n"
                  "plugin_dirs: [{}]\n"
                  "integrations:\n"
                  "  acme:\n"
                  "    plugin: {}\n"
                  "    base_url: {}\n"
                  "    config: {}\n"
                  "    credentials: {}\n"
                  "    limits: {}\n"
                  "    http: {}\n",
                  EARSHOT_PLUGIN_DIR, product_.name,
                  account.base_url.empty() ? base_url_ : account.base_url, config,
                  in_files(account.credentials.empty() ? first.credentials : account.credentials),
                  account.limits.empty() ? product_.no_limits : account.limits, account.http));
}

std::string Scenario::in_files(const std::string& credentials) {
  core::JsonWriter out;
  out.begin_object();
  const auto document = parsed(credentials);
  for (const core::JsonValue secret : document->root()) {
    const std::string name = "secret-" + std::string(secret.key());
    const bool as_it_is = secret.key() == "client_id" || secret.text().starts_with("file:");
    if (!as_it_is) write_file(name, std::string(secret.text()));
    out.member(secret.key(), as_it_is ? std::string(secret.text()) : "file:" + name);
  }
  out.end_object();
  return out.take();
}

void Scenario::write_file(const std::string& name, const std::string& text) {
  std::ofstream(folder_ / name, std::ios::binary) << text;
}

std::string Scenario::content(const std::string& name) const {
  std::ostringstream text;
  text << std::ifstream(folder_ / name, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<std::string> Scenario::command(const std::vector<std::string>& words) const {
  std::vector<std::string> all{EARSHOT_PROGRAM, "--config", (folder_ / "earshot.yaml").string()};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

std::unique_ptr<Child> Scenario::start(const std::vector<std::string>& words) {
  return std::make_unique<Child>(folder_, command(words));
}

Finished Scenario::run(const std::vector<std::string>& words) {
  return start(words)->wait();
}

std::unique_ptr<core::JsonDocument> Scenario::sync(const std::vector<std::string>& options,
                                                   int exit_code) {
  std::vector<std::string> words{"sync", "acme", "--json"};
  words.insert(words.end(), options.begin(), options.end());
  const Finished finished = run(words);
  EXPECT_EQ(finished.exit_code, exit_code) << finished.out << finished.err;
  return parsed(finished.out);
}

std::unique_ptr<core::JsonDocument> Scenario::truth() {
  return control().get("/_sandbox/truth");
}

void Scenario::change(int update, int remove, int add) {
  control().post("/_sandbox/change",
                 fmt::format(R"({{"update":{},"delete":{},"add":{}}})", update, remove, add));
}

std::vector<std::string> Scenario::targets() {
  std::vector<std::string> targets;
  const auto document = control().get("/_sandbox/requests");
  for (const core::JsonValue entry : document->root().member("log"))
    targets.emplace_back(entry.member("target").text());
  return targets;
}

void Scenario::forget_requests() {
  control().remove("/_sandbox/requests");
}

void Scenario::await_requests(std::size_t count) {
  const auto end = std::chrono::steady_clock::now() + kLongestWait;
  while (targets().size() < count) {
    ASSERT_LT(std::chrono::steady_clock::now(), end) << "the requests never came";
    std::this_thread::yield();
  }
}

std::string Scenario::exported(const std::vector<std::string>& more) {
  std::vector<std::string> words{"export", "--format", "ndjson", "--deleted"};
  words.insert(words.end(), more.begin(), more.end());
  Finished finished = run(words);
  EXPECT_EQ(finished.exit_code, 0) << finished.err;
  return std::move(finished.out);
}

std::vector<std::string> Scenario::ids_of(const std::string& ndjson) {
  std::vector<std::string> ids;
  std::istringstream lines(ndjson);
  for (std::string line; std::getline(lines, line);)
    ids.emplace_back(parsed(line)->root().member("source_id").text());
  std::sort(ids.begin(), ids.end());
  return ids;
}

void Scenario::expect_oracle(const std::vector<std::string>& more) {
  const std::string stored = exported(more);
  const auto oracle = truth();
  const core::JsonValue root = oracle->root();
  const std::vector<std::string> ids = ids_of(stored);
  EXPECT_EQ(static_cast<std::int64_t>(ids.size()), root.member("count").integer());
  EXPECT_EQ(ids, texts_of(root.member("ids")));
  const auto checksum = sandbox::checksum_of_export(stored);
  ASSERT_TRUE(checksum) << checksum.error().message;
  EXPECT_EQ(*checksum, root.member("checksum").text());
}

std::string Scenario::ask(const std::filesystem::path& store, const char* sql) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open(store.c_str(), &database), SQLITE_OK);
  std::string value;
  const auto take = [](void* out, int, char** values, char**) {
    if (values[0] != nullptr) *static_cast<std::string*>(out) = values[0];
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(database, sql, take, &value, nullptr), SQLITE_OK)
      << sqlite3_errmsg(database);
  sqlite3_close(database);
  return value;
}

std::int64_t number(const core::JsonDocument& run, std::string_view name) {
  return run.root().member(name).integer().value_or(-1);
}

std::string text(const core::JsonDocument& run, std::string_view name) {
  return std::string(run.root().member(name).text());
}

}  // namespace earshot::scenario
