/// Answers that no product should give.

#include <atomic>
#include <string>

#include <earshot/core/http/compress.hpp>

#include "bad_days.hpp"

namespace earshot::scenario {

namespace {

core::HttpReply json(std::string body) {
  return {
      .status = 200, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

core::HttpReply gzipped(const std::string& body) {
  core::HttpReply reply = json(core::gzip_bytes(body));
  reply.headers.add("Content-Encoding", "gzip");
  return reply;
}

Fault answered(std::function<core::HttpReply()> reply) {
  return {.strike = [reply = std::move(reply)](BadDays& day) { return day.sync_from(reply()); }};
}

Fault ordered(std::string fault) {
  return {.strike = [fault = std::move(fault)](BadDays& day) {
    day.control().post("/_sandbox/faults", fault);
    return day.run({"sync"});
  }};
}

core::HttpReply page(const std::string& tickets, const std::string& cursor) {
  return json(R"({"tickets":)" + tickets + R"(,"users":[],"end_of_stream":false,"after_cursor":)" +
              cursor + "}");
}

/// Ten tickets whose members have none of their types.
core::HttpReply page_of_nonsense() {
  std::string tickets = "[";
  for (int i = 0; i < 10; ++i) {
    tickets += i == 0 ? "" : ",";
    tickets += R"({"id":{},"subject":[1],"description":7,"status":{"a":1},"created_at":true,)"
               R"("updated_at":[],"generated_timestamp":"soon"})";
  }
  return page(tickets + "]", R"("bmV4dA==")");
}

core::HttpReply cut_gzip() {
  core::HttpReply reply = gzipped(R"({"tickets":[],"users":[],"end_of_stream":true})");
  reply.body.resize(reply.body.size() / 2);
  return reply;
}

core::HttpReply five_gigabytes() {
  core::HttpReply reply = json("{\"tickets\":[");
  reply.headers.add("Content-Length", "5368709120");
  return reply;
}

core::HttpReply elsewhere() {
  return {.status = 302, .headers = {{"Location", "https://elsewhere.example.net/api"}}};
}

/// A product whose first page names the next one by its link, on a server that must hear nothing.
Finished sync_towards_another_host(BadDays& day) {
  std::atomic<int> heard = 0;
  const auto other = core::HttpServer::start({}, [&heard](const core::HttpIncoming&) {
    ++heard;
    return json("{}");
  });
  EXPECT_TRUE(other);
  if (!other) return {};
  const std::string link = "http://127.0.0.1:" + std::to_string((*other)->port()) + "/items";
  const std::string product =
      day.serve_answer(json(R"({"id":"1","items":[],"more":true,"next":")" + link + "\"}"));
  day.write_file("token", "invented-token\n");
  day.write_file("earshot.yaml", std::string("data_dir: data\nplugin_dirs: [") +
                                     EARSHOT_PAGED_PLUGINS +
                                     "]\nintegrations:\n"
                                     "  other:\n"
                                     "    plugin: paged\n"
                                     "    credentials: {token: file:token}\n"
                                     "    base_url: " +
                                     product + "\n");
  Finished refused = day.run({"sync"});
  EXPECT_EQ(heard, 0) << "nothing is asked of it, and no token told";
  return refused;
}

/// The product wants to be left alone for longer than the configuration lets a run wait.
Finished sync_without_patience(BadDays& day) {
  day.control().post("/_sandbox/faults", R"({"fault":"rate_limit","retry_after":3})");
  day.write_config({.page_size = 10, .http = "{max_wait: 1s}"});
  return day.run({"sync"});
}

}  // namespace

Faults product_faults() {
  return {
      {"a login page instead of data", answered([] {
         return core::HttpReply{.status = 200,
                                .headers = {{"Content-Type", "text/html; charset=utf-8"}},
                                .body = "<html><body>Please log in</body></html>"};
       })},
      {"compressed data that is cut", answered(cut_gzip)},
      {"a compressed bomb", answered([] { return gzipped(std::string(80U << 20, ' ')); })},
      {"a declared length of 5 GiB", answered(five_gigabytes)},
      {"JSON nested 100,000 deep",
       answered([] { return json(std::string(100'000, '[') + std::string(100'000, ']')); })},
      {"JSON that breaks off", ordered(R"({"fault":"invalid_json","times":1000})")},
      {"text that is no UTF-8", answered([] { return json("{\"tickets\":[\"\xff\xfe\"]}"); })},
      {"a cursor that repeats for ever", answered([] { return page("[]", R"("c2FtZQ==")"); })},
      {"an empty cursor", answered([] { return page("[]", R"("")"); })},
      {"a redirection to another host", answered(elsewhere)},
      {"a next page on another host", {.strike = sync_towards_another_host}},
      {"members of the wrong type", answered(page_of_nonsense)},
      {"the product fails for a while", ordered(R"({"fault":"error500","times":1000})")},
      {"connections break for a while", ordered(R"({"fault":"reset","times":1000})")},
      {"a quota that is used up", {.strike = sync_without_patience}},
  };
}

}  // namespace earshot::scenario
