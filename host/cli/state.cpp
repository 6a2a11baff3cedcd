#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include <earshot/core/json/writer.hpp>
#include <earshot/core/store/wait.hpp>

#include "say.hpp"
#include "table.hpp"
#include "verb.hpp"
#include "workbench.hpp"

namespace earshot::host {

using core::Result;

namespace {

struct StateArguments {
  std::string id;
  std::string stream;
  std::string lane;
  std::string cursor;
};

constexpr std::size_t kCursorColumns = 60;
constexpr const char* kLive = "live";

std::string lane_shown(const std::string& lane) {
  return lane.empty() ? kLive : lane;
}

/// The lane as it is stored: that of no window has no name.
std::string lane_stored(const std::string& lane) {
  return lane == kLive ? "" : lane;
}

Result<std::vector<core::CursorRow>> rows_of(Program& program, const std::string& id) {
  EAR_TRY(std::unique_ptr<core::StoreReader> reader, program.reader());
  EAR_CHECK(program.check_name(*reader, id));
  return reader->cursors(id);
}

void write_cursor(core::JsonWriter& out, const core::CursorRow& row) {
  out.begin_object();
  out.member("integration", row.integration);
  out.member("lane", row.lane);
  out.member("stream", row.stream);
  out.member("cursor", row.cursor);
  out.member("updated", core::rfc3339(row.updated));
  out.end_object();
}

/// How many cursors `action` has changed: for people a sentence, if they want it.
void print_changed(const Program& program, const StateArguments& arguments, std::size_t cursors,
                   const char* action) {
  if (program.options().json) {
    core::JsonWriter out;
    out.begin_object();
    out.member("integration", arguments.id);
    out.member(action, static_cast<std::uint64_t>(cursors));
    out.end_object();
    say("{}\n", out.take());
  } else if (!program.options().quiet) {
    say("{} cursor{} of {} {}\n", cursors, cursors == 1 ? "" : "s", arguments.id, action);
  }
}

ExitCode list(Program& program, const StateArguments& arguments) {
  const Result<std::vector<core::CursorRow>> rows = rows_of(program, arguments.id);
  if (!rows) return report(program, rows.error());
  Table table({"integration", "lane", "stream", "cursor", "updated"});
  core::JsonWriter out;
  out.begin_array();
  for (const core::CursorRow& row : *rows) {
    table.add({row.integration, lane_shown(row.lane), row.stream, fit(row.cursor, kCursorColumns),
               core::rfc3339(row.updated)});
    write_cursor(out, row);
  }
  out.end_array();
  if (program.options().json) {
    say("{}\n", out.take());
  } else if (table.empty()) {
    say("no cursors are stored yet; 'earshot sync' makes them\n");
  } else {
    say("{}", table.text());
  }
  return ExitCode::done;
}

/// For programs; a terminal gets it as it gets all else.
void print_as_it_is(const std::string& text) {
  if (::isatty(STDOUT_FILENO) == 1) return say("{}\n", text);
  fmt::print("{}\n", text);
}

ExitCode get(Program& program, const StateArguments& arguments) {
  const Result<std::vector<core::CursorRow>> rows = rows_of(program, arguments.id);
  if (!rows) return report(program, rows.error());
  const auto found = std::find_if(rows->begin(), rows->end(), [&](const core::CursorRow& row) {
    return row.lane == lane_stored(arguments.lane) && row.stream == arguments.stream;
  });
  if (found == rows->end()) {
    return report(program, {.code = core::Code::not_found,
                            .message = fmt::format(
                                "'{}' has no such cursor; 'earshot state list' shows what there is",
                                arguments.id)});
  }
  if (program.options().json) {
    core::JsonWriter out;
    write_cursor(out, *found);
    say("{}\n", out.take());
  } else {
    print_as_it_is(found->cursor);
  }
  return ExitCode::done;
}

struct LaneMove {
  std::string lane;
  core::CursorMove move;
};

/// Moves or, with an empty cursor, removes cursors.
Result<void> put(Program& program, const StateArguments& arguments,
                 const std::vector<LaneMove>& moves) {
  EAR_TRY(const std::vector<Target> targets, program.targets({arguments.id}));
  EAR_TRY(std::unique_ptr<Workbench> bench, Workbench::open(program));
  core::Store& store = bench->store();
  EAR_TRY(const core::IntegrationId id, core::wait_for<core::IntegrationId>([&](auto done) {
            store.ensure_integration(arguments.id, targets.front().settings.plugin,
                                     std::move(done));
          }));
  for (const LaneMove& one : moves) {
    EAR_CHECK(core::wait_for<void>(
        [&](auto done) { store.put_cursor(id, one.lane, one.move, std::move(done)); }));
  }
  return {};
}

ExitCode set(Program& program, const StateArguments& arguments) {
  if (arguments.cursor.empty()) {
    return report(
        program,
        {.code = core::Code::config,
         .message = "an empty cursor would forget the position; use 'earshot state reset'"});
  }
  const Result<void> done = put(
      program, arguments, {{lane_stored(arguments.lane), {arguments.stream, arguments.cursor}}});
  if (!done) return report(program, done.error());
  print_changed(program, arguments, 1, "set");
  return ExitCode::done;
}

ExitCode reset(Program& program, const StateArguments& arguments) {
  const Result<std::vector<core::CursorRow>> rows = rows_of(program, arguments.id);
  if (!rows) return report(program, rows.error());
  std::vector<LaneMove> moves;
  for (const core::CursorRow& row : *rows) {
    const bool lane = arguments.lane.empty() || row.lane == lane_stored(arguments.lane);
    const bool stream = arguments.stream.empty() || row.stream == arguments.stream;
    if (lane && stream) moves.push_back({row.lane, {row.stream, ""}});
  }
  const Result<void> done = put(program, arguments, moves);
  if (!done) return report(program, done.error());
  print_changed(program, arguments, moves.size(), "forgotten");
  return ExitCode::done;
}

}  // namespace

void add_state(CLI::App& app, Verb& chosen) {
  auto arguments = std::make_shared<StateArguments>();
  CLI::App* verb =
      app.add_subcommand("state", "Where each stream stands: list, get, set, reset cursors");
  verb->require_subcommand(1);
  verb->footer("Example:\n  earshot state list acme\n  earshot state reset acme");
  const auto add = [&](const char* name, const char* help, bool needs_id, const char* example,
                       ExitCode (*action)(Program&, const StateArguments&)) {
    CLI::App* sub = verb->add_subcommand(name, help);
    sub->footer(fmt::format("Example:\n  earshot state {}", example));
    CLI::Option* id = sub->add_option("id", arguments->id, "Integration");
    if (needs_id) id->required();
    const bool many = action == reset;
    sub->add_option(
        "--stream", arguments->stream,
        many ? "Only this stream; all where absent" : "Stream; the default one where absent");
    sub->add_option("--lane", arguments->lane,
                    many ? "Only this lane, as 'list' shows it; all where absent"
                         : "Lane, as 'list' shows it; the live one where absent");
    sub->fallthrough();
    sub->callback([arguments, action, &chosen] {
      chosen = [arguments, action](Program& program) { return action(program, *arguments); };
    });
    return sub;
  };
  add("list", "All cursors", false, "list acme", list);
  add("get", "One cursor as it is", true, "get acme", get);
  add("set", "Put a cursor in its place", true, "set acme MTc5NTIwMDQ1Mi4wfHwxNTk1fA==", set)
      ->add_option("cursor", arguments->cursor, "The cursor")
      ->required();
  add("reset", "Forget cursors: the next sync begins at the beginning, a window too", true,
      "reset acme", reset);
}

}  // namespace earshot::host
