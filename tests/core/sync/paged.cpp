/// A plugin for a product with one list: GET /items?cursor=C answers {"items": [...], "next": "D",
/// "more": true}; "next" may also be the whole link. Its configuration makes it behave in other
/// ways too.

#include <stdexcept>
#include <string>
#include <thread>

#include <unistd.h>

#include <earshot/sdk/integration.hpp>
#include <earshot/sdk/thread.hpp>

namespace {

using namespace std::chrono_literals;
namespace sdk = earshot::sdk;

class Paged final : public sdk::BaseIntegration {
 public:
  sdk::Result<sdk::Account> authenticate(sdk::Call& call) override {
    EAR_TRY(const sdk::Page account, call.get("/account"));
    EAR_TRY(std::string id, account.text("/id"));
    return sdk::Account{.id = std::move(id), .name = account.text_or("/name", "")};
  }

  sdk::Result<void> fetch_feedback(sdk::Call& call, const sdk::FetchRequest& request) override {
    const std::string behaviour = call.config().text_or("/behaviour", "");
    call.log(EAR_LOG_INFO, "plugin thread " + std::to_string(::gettid()));
    if (behaviour == "throws") throw std::runtime_error("broken inside");
    if (behaviour == "sleeps") EAR_CHECK(call.sleep(24h));
    if (behaviour == "has_a_problem") {
      EAR_CHECK(call.problem("comments", {.code = sdk::Code::forbidden, .message = "no plan"}));
    }
    if (behaviour == "reads_secrets") {
      EAR_CHECK(
          call.get(sdk::path("/secrets", {{"word", call.config().text_or("/word", "none")},
                                          {"token", call.config().text_or("/token", "none")}})));
    }
    if (behaviour == "asks_what_is_known") return log_known(call);
    if (behaviour.starts_with("streams")) return fetch_streams(call, request, behaviour);
    EAR_TRY(std::string cursor, call.cursor());
    if (cursor.empty() && request.from) cursor = "from-" + sdk::rfc3339(*request.from);
    if (behaviour == "looks_up") EAR_CHECK(look_up(call));
    const sdk::Result<void> paged = page_through(call, "", std::move(cursor));
    return behaviour == "swallows_errors" ? sdk::Result<void>{} : paged;
  }

 private:
  /// Two people, of whom one is asked for three times.
  static sdk::Result<void> look_up(sdk::Call& call) {
    for (const char* path : {"/people/1", "/people/2", "/people/1", "/people/1"}) {
      EAR_TRY(const sdk::Page person, call.get(path));
      EAR_CHECK(person.text("/name"));
    }
    return {};
  }

  static sdk::Result<void> log_known(sdk::Call& call) {
    EAR_TRY(const auto known, call.known("item", {{"1", "2026-03-02T10:01:00Z"},
                                                  {"1", "2026-03-02T10:02:00Z"},
                                                  {"1", "last Tuesday"},
                                                  {"8", "last Tuesday"}}));
    std::string answers;
    for (const std::uint8_t answer : known) answers += " " + std::to_string(answer);
    call.log(EAR_LOG_INFO, "known:" + answers);
    return {};
  }

  /// Two lists, each a stream: "streams" goes on past one whose cursor is bad, "streams_end" does
  /// not.
  static sdk::Result<void> fetch_streams(sdk::Call& call, const sdk::FetchRequest& request,
                                         const std::string& behaviour) {
    for (const std::string stream : {"a", "b"}) {
      EAR_TRY(std::string cursor, call.cursor(stream));
      if (cursor.empty() && request.from) cursor = "from-" + sdk::rfc3339(*request.from);
      const sdk::Result<void> paged = page_through(call, stream, std::move(cursor));
      if (paged) continue;
      if (paged.error().code != sdk::Code::bad_cursor || behaviour == "streams_end") return paged;
      EAR_CHECK(call.problem(stream, paged.error()));
    }
    return {};
  }

  /// Every item with a thread as content and HTML besides.
  static sdk::Result<void> emit_threads(sdk::Call& call, const sdk::Page& page) {
    for (std::uint64_t i = 0; i < page.at("/items").size(); ++i) {
      const std::string item = "/items/" + std::to_string(i);
      sdk::Thread thread;
      thread.add("Jane", "1772447100", page.text_or(item + "/body", ""), EAR_TEXT_HTML);
      const std::string json = thread.json();
      EAR_CHECK(call.emit(page, item, "item",
                          {.fields = {sdk::field("content", json, EAR_TEXT_THREAD),
                                      sdk::field("title", "<b>Words</b>", EAR_TEXT_HTML)}}));
    }
    return {};
  }

  static sdk::Result<void> page_through(sdk::Call& call, const std::string& stream,
                                        std::string cursor) {
    const std::string list = stream.empty() ? "/items" : "/items/" + stream;
    while (true) {
      const bool link = cursor.starts_with("http");
      const std::string at = cursor.empty() ? list : list + "?cursor=" + cursor;
      EAR_TRY(const sdk::Page page, call.get(link ? cursor : at));
      if (page.at("/total").exists()) {
        EAR_TRY(const std::int64_t total, page.integer("/total"));
        EAR_CHECK(call.total(static_cast<std::uint64_t>(total)));
      }
      if (call.config().text_or("/behaviour", "") == "tells_threads") {
        EAR_CHECK(emit_threads(call, page));
      } else {
        EAR_CHECK(call.emit_page(page, "/items", "item"));
      }
      if (page.at("/notes").exists()) EAR_CHECK(call.emit_page(page, "/notes", "note"));
      EAR_TRY(cursor, page.text("/next"));
      EAR_CHECK(call.checkpoint(stream, cursor));
      EAR_TRY(const bool more, page.flag("/more"));
      if (!more) return {};
    }
  }
};

}  // namespace

EARSHOT_PLUGIN(Paged)
