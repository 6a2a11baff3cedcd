#include "bad_days.hpp"

#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include <earshot/core/base/text.hpp>

namespace earshot::scenario {

namespace {

/// A cell as it reads: no code marks, no escapes.
std::string plain(std::string_view cell) {
  std::string out;
  for (const char c : core::trim(cell)) {
    if (c != '`' && c != '\\') out += c;
  }
  return out;
}

/// The cells of a row of a table.
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  for (const std::string_view cell : core::split(line, '|')) cells.push_back(plain(cell));
  return cells;
}

const Product& product_of(const BadDay& day) {
  if (day.fault.starts_with("Intercom: ")) return intercom();
  return day.fault.starts_with("SurveyMonkey: ") ? surveymonkey() : zendesk();
}

}  // namespace

std::vector<BadDay> read_bad_days() {
  std::ifstream page(EARSHOT_BAD_DAYS);
  EXPECT_TRUE(page) << EARSHOT_BAD_DAYS;
  std::vector<BadDay> days;
  for (std::string line; std::getline(page, line);) {
    const std::vector<std::string> cells = cells_of(line);
    if (cells.size() != 6 || cells[3].empty()) continue;
    const auto exit_code = core::parse_integer(cells[3]);
    if (!exit_code) continue;  // the table's head
    days.push_back({cells[1], cells[2], static_cast<int>(*exit_code), cells[4]});
  }
  return days;
}

BadDays::BadDays() : Scenario(product_of(GetParam())) {}

void BadDays::edit_config(const std::string& from, const std::string& to) {
  std::string text = content("earshot.yaml");
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  write_file("earshot.yaml", text.replace(at, from.size(), to));
}

std::string BadDays::serve_answer(core::HttpReply reply, const core::SelfSigned& tls) {
  core::HttpServerOptions options;
  options.tls = !tls.key_pem.empty();
  options.certificate_pem = tls.certificate_pem;
  options.key_pem = tls.key_pem;
  auto started = core::HttpServer::start(
      std::move(options), [reply = std::move(reply)](const core::HttpIncoming&) { return reply; });
  EXPECT_TRUE(started);
  if (!started) return {};
  server_ = *std::move(started);
  return (tls.key_pem.empty() ? "http" : "https") + std::string("://127.0.0.1:") +
         std::to_string(server_->port());
}

Finished BadDays::sync_from(core::HttpReply reply) {
  write_config({.page_size = 10, .base_url = serve_answer(std::move(reply))});
  return run({"sync", "acme"});
}

std::unique_ptr<Child> BadDays::start_stuck_sync() {
  forget_requests();
  control().post("/_sandbox/faults", R"({"fault":"slow","after":1,"delay_ms":25000})");
  auto child = start({"sync", "acme"});
  await_requests(2);
  return child;
}

Finished BadDays::run_as_nobody(const std::vector<std::string>& words) {
  std::vector<std::string> all = command(words);
  if (::geteuid() == 0) {
    for (const auto& [path, mode] :
         {std::pair(folder(), mode_t{0755}), std::pair(data(), mode_t{0755}),
          std::pair(folder() / "earshot.yaml", mode_t{0644})})
      EXPECT_EQ(::chmod(path.c_str(), mode), 0) << path;
    all.insert(all.begin(),
               {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"});
  } else {
    EXPECT_EQ(::chmod(data().c_str(), 0500), 0);
  }
  return Child(folder(), std::move(all)).wait();
}

}  // namespace earshot::scenario
