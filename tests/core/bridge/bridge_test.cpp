#include <cstdint>

#include <earshot/core/base/time.hpp>

#include "bridge_fixture.hpp"

namespace earshot::core {
namespace {

using sdk::borrow;
using sdk::borrow_bytes;
using sdk::view;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Bridge = BridgeTest;

TEST_F(Bridge, RefusesCursorsThatAreNone) {
  const Error empty = failure(
      [](const ear_host& host, ear_call* call) { return host.checkpoint(call, borrow(""), {}); });
  EXPECT_EQ(empty.code, Code::misuse);
  EXPECT_THAT(empty.message, HasSubstr("empty cursor"));
  const std::string large((64U << 10) + 1, 'c');
  const Error too_large = failure([&](const ear_host& host, ear_call* call) {
    return host.checkpoint(call, borrow(""), borrow_bytes(large));
  });
  EXPECT_EQ(too_large.code, Code::limit);
  EXPECT_THAT(memory_.cursors, testing::IsEmpty());
}

TEST_F(Bridge, TakesCursorsOf64KiB) {
  const std::string largest(64U << 10, 'c');
  EXPECT_EQ(failure([&](const ear_host& host, ear_call* call) {
              return host.checkpoint(call, borrow("s"), borrow_bytes(largest));
            }).code,
            Code::ok);
  EXPECT_EQ(memory_.cursors["s"], largest);
}

TEST_F(Bridge, RefusesWhatIsEmittedWithoutItsArrays) {
  EXPECT_EQ(failure([](const ear_host& host, ear_call* call) {
              ear_emit emit{};
              emit.size = sizeof emit;
              emit.field_count = 1;
              ear_emitted out{};
              out.size = sizeof out;
              return host.emit(call, &emit, &out);
            }).message,
            "emit: a count without its array");
}

TEST_F(Bridge, RefusesComputedFieldsThatNoRecordHas) {
  const auto emit_field = [&](std::string_view name) {
    return failure([name](const ear_host& host, ear_call* call) {
      const ear_field field = sdk::field(name, "x");
      ear_emit emit{};
      emit.size = sizeof emit;
      emit.mapping = borrow("item");
      emit.fields = &field;
      emit.field_count = 1;
      ear_emitted out{};
      out.size = sizeof out;
      return host.emit(call, &emit, &out);
    });
  };
  EXPECT_EQ(emit_field("contents").code, Code::misuse);
  EXPECT_EQ(emit_field("contents").message,
            "emit: a record has no field 'contents'; what is the product's own goes to "
            "'metadata.NAME'");
  EXPECT_EQ(emit_field("metadata.").code, Code::misuse);
  for (const char* name : {"content", "source_id", "rating.max", "metadata.parts"})
    EXPECT_EQ(emit_field(name).code, Code::ok) << name;
}

TEST_F(Bridge, MakesOneTextOfAThread) {
  sdk::Thread thread;
  thread.add("Clark", "1772447100", "Since when?", EAR_TEXT_PLAIN);
  thread.add("Jane \"J\" Doe", "1772446530", "<p>Export &amp; import fail</p>", EAR_TEXT_HTML);
  const std::string json = thread.json();
  EXPECT_EQ(emitting(sdk::field("content", json, EAR_TEXT_THREAD)).code, Code::ok);
  ASSERT_EQ(memory_.computed.size(), 1U);
  EXPECT_EQ(memory_.computed[0].name, "content");
  EXPECT_EQ(memory_.computed[0].format, ComputedField::Format::plain);
  EXPECT_EQ(memory_.computed[0].value,
            "Jane \"J\" Doe:\nExport & import fail\n\nClark:\nSince when?");
}

TEST_F(Bridge, RefusesThreadsThatAreNone) {
  const Error error = emitting(sdk::field("content", "[7]", EAR_TEXT_THREAD));
  EXPECT_EQ(error.code, Code::misuse);
  EXPECT_THAT(error.message, HasSubstr("'content' is no thread"));
  EXPECT_EQ(emitting(sdk::field("content", "x", EAR_TEXT_THREAD + 1)).code, Code::misuse);
}

TEST_F(Bridge, RefusesRecordsOutsideOfAFetch) {
  sink_ = nullptr;
  EXPECT_EQ(failure([](const ear_host& host, ear_call* call) {
              ear_emit emit{};
              emit.size = sizeof emit;
              ear_emitted out{};
              out.size = sizeof out;
              return host.emit(call, &emit, &out);
            }).code,
            Code::unsupported);
  EXPECT_EQ(failure([](const ear_host& host, ear_call* call) {
              return host.checkpoint(call, borrow(""), borrow_bytes("c"));
            }).code,
            Code::unsupported);
}

TEST_F(Bridge, TakesTheReportsThatItKnows) {
  const CallOutcome outcome = run([](const ear_host& host, ear_call* call) {
    EXPECT_EQ(host.report(call, borrow("shoe_size"), borrow("43")), EAR_MISUSE);
    EXPECT_THAT(std::string(view(host.why(call))), HasSubstr("'shoe_size'"));
    return host.report(call, borrow("account_id"), borrow("7"));
  });
  EXPECT_EQ(outcome.error.code, Code::ok);
  EXPECT_THAT(outcome.reports,
              ElementsAre(std::pair<const std::string, std::string>("account_id", "7")));
}

TEST_F(Bridge, TakesATotalWhileFetching) {
  const CallOutcome outcome = run([](const ear_host& host, ear_call* call) {
    EXPECT_EQ(host.report(call, borrow("total"), borrow("many")), EAR_MISUSE);
    EXPECT_EQ(host.report(call, borrow("total"), borrow("-1")), EAR_MISUSE);
    EXPECT_EQ(host.report(call, borrow("total"), borrow("1200")), EAR_OK);
    return host.report(call, borrow("total"), borrow("1250"));
  });
  EXPECT_EQ(outcome.error.code, Code::ok);
  EXPECT_THAT(outcome.reports, IsEmpty());
  EXPECT_THAT(memory_.totals, ElementsAre(1200U, 1250U));
  sink_ = nullptr;
  EXPECT_EQ(failure([](const ear_host& host, ear_call* call) {
              return host.report(call, borrow("total"), borrow("5"));
            }).code,
            Code::unsupported);
}

TEST_F(Bridge, WalksJsonAsTheHostReadsIt) {
  const std::string text = R"({"a":[1,"zwei",null,true],"id":9007199254740993,"b":{"c/d":{}}})";
  handler_ = [&](const HttpRequest&) {
    return HttpResponse{200, {{"Content-Type", "application/json"}, {"X-Page", "2"}}, text};
  };
  const CallOutcome outcome = run([&](const ear_host& host, ear_call* call) {
    const ear_request request = get("/a");
    ear_response response = answer();
    if (const ear_rc rc = host.http(call, &request, &response); rc != EAR_OK) return rc;
    const ear_json& json = *host.json;
    const ear_value root = json.root(call, response.id);
    EXPECT_EQ(root.kind, std::uint32_t{EAR_JSON_OBJECT});
    EXPECT_EQ(json.count(call, root), 3U);
    std::vector<std::string> keys;
    for (ear_value at = json.first(call, root); at.kind != EAR_JSON_ABSENT;
         at = json.next(call, at))
      keys.emplace_back(view(json.key(call, at)));
    EXPECT_THAT(keys, ElementsAre("a", "id", "b"));
    EXPECT_EQ(view(json.text(call, json.at(call, root, borrow("/id")))), "9007199254740993");
    EXPECT_EQ(view(json.text(call, json.at(call, root, borrow("/a/1")))), "zwei");
    EXPECT_EQ(json.at(call, root, borrow("/a/2")).kind, std::uint32_t{EAR_JSON_NULL});
    EXPECT_EQ(json.at(call, root, borrow("/a/4")).kind, std::uint32_t{EAR_JSON_ABSENT});
    EXPECT_EQ(json.at(call, root, borrow("/b/c~1d")).kind, std::uint32_t{EAR_JSON_OBJECT});
    EXPECT_EQ(view(host.header(call, response.id, borrow("x-page"))), "2");
    const ear_bytes body = host.body(call, response.id);
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(body.data), body.size), text);
    host.release(call, response.id);
    host.release(call, response.id);
    EXPECT_EQ(json.root(call, response.id).kind, std::uint32_t{EAR_JSON_ABSENT});
    EXPECT_EQ(host.body(call, response.id).size, 0U);
    return ear_rc{EAR_OK};
  });
  EXPECT_EQ(outcome.error.code, Code::ok) << outcome.error.message;
}

TEST_F(Bridge, ReadsTimesAndHtmlAsMappingsDo) {
  run([](const ear_host& host, ear_call* handle) {
    sdk::Call call(&host, handle);
    EXPECT_EQ(call.read_time("2026-03-02T12:05:57+02:00"), parse_time("2026-03-02T10:05:57Z"));
    EXPECT_EQ(call.read_time("yesterday"), std::nullopt);
    EXPECT_EQ(call.html_text("<b>How</b>&nbsp;many?<br>And why?"), "How many?\nAnd why?");
    EXPECT_EQ(call.html_text(""), "");
    return ear_rc{EAR_OK};
  });
}

TEST_F(Bridge, AllocatesAligned) {
  run([](const ear_host& host, ear_call* call) {
    for (std::uint64_t align = 1; align <= 4096; align *= 2) {
      const void* memory = host.alloc(call, 3, align);
      EXPECT_NE(memory, nullptr);
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % align, 0U) << align;
    }
    EXPECT_EQ(host.alloc(call, 3, 3), nullptr);
    EXPECT_EQ(host.alloc(call, 3, 0), nullptr);
    EXPECT_EQ(host.alloc(call, UINT64_MAX, 8), nullptr);
    return ear_rc{EAR_OK};
  });
}

TEST_F(Bridge, ShowsNoSecretInWhatAPluginSays) {
  const Error error = failure([](const ear_host& host, ear_call* call) {
    const std::string words = "refused " + std::string(kToken);
    ear_failure fault{};
    fault.size = sizeof fault;
    fault.rc = EAR_AUTH;
    fault.message = borrow(words);
    return host.fail(call, &fault);
  });
  EXPECT_EQ(error.code, Code::auth);
  EXPECT_EQ(error.message, "refused [secret]");
}

TEST_F(Bridge, ShowsNoPieceOfASecretWhereWordsAreCut) {
  const Error error = failure([](const ear_host& host, ear_call* call) {
    const std::string words = std::string(4090, 'x') + kToken;
    ear_failure fault{};
    fault.size = sizeof fault;
    fault.rc = EAR_AUTH;
    fault.message = borrow(words);
    return host.fail(call, &fault);
  });
  EXPECT_EQ(error.message.find("can"), std::string::npos);
}

TEST_F(Bridge, EndsCallsWhoseTimeIsOver) {
  time_limit_ = std::chrono::milliseconds(1);
  const Error error = failure([](const ear_host& host, ear_call* call) {
    EXPECT_EQ(host.sleep(call, 60'000), EAR_DEADLINE);
    EXPECT_EQ(host.stopping(call), EAR_DEADLINE);
    return host.sleep(call, 1);
  });
  EXPECT_EQ(error.code, Code::deadline);
  EXPECT_EQ(error.message, "the time for this call is over");
}

TEST_F(Bridge, BelievesNoStickyCodeThatItNeverGave) {
  for (const ear_rc rc : {EAR_CANCELLED, EAR_DEADLINE, EAR_SINK_CLOSED, EAR_YIELDED}) {
    const Error error = failure([rc](const ear_host& host, ear_call* call) {
      ear_failure fault{};
      fault.size = sizeof fault;
      fault.rc = rc;
      return host.fail(call, &fault);
    });
    EXPECT_EQ(error.code, Code::misuse);
    EXPECT_THAT(error.message,
                HasSubstr("'" + std::string(to_string(static_cast<Code>(rc))) + "'"));
  }
}

TEST_F(Bridge, StopsForGoodInItsOwnWords) {
  handler_ = [](const HttpRequest&) { return HttpResponse{404, {}, R"({"error":"gone"})"}; };
  const Error error = failure([this](const ear_host& host, ear_call* call) {
    const ear_request request = get("/a");
    ear_response response = answer();
    EXPECT_EQ(host.http(call, &request, &response), EAR_NOT_FOUND);
    std::promise<void> stopped;
    loop_.post([&] {
      PluginCall::of(call).stop(Code::cancelled);
      stopped.set_value();
    });
    stopped.get_future().wait();
    EXPECT_EQ(host.stopping(call), EAR_CANCELLED);
    EXPECT_EQ(host.http(call, &request, &response), EAR_CANCELLED);
    EXPECT_EQ(host.sleep(call, 1), EAR_CANCELLED);
    return ear_rc{EAR_OK};
  });
  EXPECT_EQ(error.code, Code::cancelled) << "a plugin that was told cannot say it went well";
  EXPECT_EQ(error.message, "the call was stopped");
}

}  // namespace
}  // namespace earshot::core
