#include <cstdio>

#include <earshot/core/json/writer.hpp>

#include "say.hpp"
#include "verb.hpp"

namespace earshot::host {

ExitCode report(const Program& program, const core::Error& error) {
  if (program.options().json) {
    core::JsonWriter out;
    out.begin_object();
    out.key("error");
    out.begin_object();
    out.member("code", to_string(error.code));
    out.member("message", error.message);
    out.end_object();
    out.end_object();
    say("{}\n", out.take());
  }
  say(stderr, "earshot: {}\n", error.message);
  return exit_code(error);
}

}  // namespace earshot::host
