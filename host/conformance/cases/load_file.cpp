/// Loading: how the file is linked, and what loading it leaves behind.

#include <array>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

#include <dlfcn.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <earshot/core/plugin/call.hpp>

#include "conformance/case.hpp"
#include "conformance/library.hpp"
#include "conformance/library_file.hpp"
#include "conformance/rig_visit.hpp"
#include "conformance/subject.hpp"

extern char** environ;

namespace earshot::conformance {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kEntry = "ear_entry_v1";
/// The runtimes of C and C++ and those of sanitizers, up to their version.
constexpr std::array<std::string_view, 14> kRuntimes{
    "libc.so",      "libm.so",     "libpthread.so", "libdl.so",     "librt.so",
    "libstdc++.so", "libgcc_s.so", "libc++.so",     "libc++abi.so", "ld-linux",
    "libasan.so",   "libubsan.so", "libtsan.so",    "libunwind.so"};

Verdict exports_only_its_entry(const Subject& subject) {
  EAR_TRY(const LibraryFile file, read_library_file(subject.file().path));
  for (const std::string& symbol : file.exported) {
    if (symbol != kEntry)
      return failed("it exports `{}`, too, which another library may mean or find", symbol);
  }
  return passed();
}

Verdict needs_only_runtimes(const Subject& subject) {
  EAR_TRY(const LibraryFile file, read_library_file(subject.file().path));
  for (const std::string& library : file.needed) {
    const bool runtime = std::any_of(kRuntimes.begin(), kRuntimes.end(), [&](std::string_view one) {
      return library.starts_with(one);
    });
    if (!runtime) return failed("it needs {}: link that statically", library);
  }
  return passed();
}

Verdict has_no_search_path(const Subject& subject) {
  EAR_TRY(const LibraryFile file, read_library_file(subject.file().path));
  return file.search_path.empty()
             ? passed()
             : failed("it looks for libraries in {}", file.search_path.front());
}

Verdict has_no_executable_stack(const Subject& subject) {
  EAR_TRY(const LibraryFile file, read_library_file(subject.file().path));
  return file.executable_stack ? failed("it asks for an executable stack (PT_GNU_STACK)")
                               : passed();
}

Verdict has_no_text_relocations(const Subject& subject) {
  EAR_TRY(const LibraryFile file, read_library_file(subject.file().path));
  return file.text_relocations ? failed("its code is changed while it is loaded (DT_TEXTREL)")
                               : passed();
}

// ---- What loading leaves behind ----

/// What is the same before and after, by name.
using Traces = std::map<std::string, std::string>;

Traces entries(const char* folder) {
  Traces traces;
  std::error_code failure;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failure)) {
    const fs::path target = fs::is_symlink(entry.symlink_status(failure))
                                ? fs::read_symlink(entry.path(), failure)
                                : fs::path();
    if (target != fs::path(fmt::format("/proc/{}/fd", ::getpid())))
      traces.emplace(entry.path().filename().string(), target.string());
  }
  return traces;
}

Traces signal_handlers() {
  Traces traces;
  for (int signal = 1; signal < NSIG; ++signal) {
    struct ::sigaction action {};
    if (::sigaction(signal, nullptr, &action) != 0) continue;
    traces.emplace(std::to_string(signal),
                   fmt::format("{}", reinterpret_cast<std::uintptr_t>(action.sa_handler)));
  }
  return traces;
}

Traces settings() {
  Traces traces;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string text = *variable;
    traces.emplace(text.substr(0, text.find('=')), text);
  }
  const ::mode_t mask = ::umask(0);
  ::umask(mask);
  traces.emplace("the umask", std::to_string(mask));
  traces.emplace("the locale", std::setlocale(LC_ALL, nullptr));
  std::error_code failure;
  traces.emplace("the working directory", fs::current_path(failure).string());
  return traces;
}

std::string first_apart(const Traces& before, const Traces& after) {
  for (const auto& [name, value] : after) {
    const auto there = before.find(name);
    if (there == before.end() || there->second != value) return name;
  }
  for (const auto& [name, value] : before) {
    if (!after.contains(name)) return name;
  }
  return {};
}

/// Loads, asks for the table, and compares; `what` gets the name of what changed.
template <typename Look>
Verdict leaves(const Subject& subject, Look look, const char* what) {
  const Traces before = look();
  EAR_TRY(const Library library, load_library(subject.file().path));
  EAR_TRY(const ear_plugin* table, plugin_table(library, core::host_table()));
  static_cast<void>(table);
  const std::string apart = first_apart(before, look());
  return apart.empty() ? passed() : failed("{} {}", what, apart);
}

Verdict leaves_no_descriptor(const Subject& subject) {
  return leaves(
      subject, [] { return entries("/proc/self/fd"); }, "it leaves open descriptor");
}
Verdict leaves_no_thread(const Subject& subject) {
  return leaves(
      subject, [] { return entries("/proc/self/task"); }, "it leaves running thread");
}
Verdict leaves_no_handler(const Subject& subject) {
  return leaves(subject, signal_handlers, "it handles signal");
}
Verdict leaves_settings_alone(const Subject& subject) {
  return leaves(subject, settings, "it changes");
}

constexpr core::Micros kQuick = std::chrono::milliseconds(50);
constexpr core::Micros kSlow = std::chrono::seconds(1);

Verdict loads_quickly(const Subject& subject) {
  const core::Micros before = processor_time();
  EAR_TRY(const Library library, load_library(subject.file().path));
  EAR_TRY(const ear_plugin* table, plugin_table(library, core::host_table()));
  static_cast<void>(table);
  const core::Micros taken = processor_time() - before;
  const std::string seen = fmt::format("loading it takes {} ms", taken.count() / 1000);
  if (taken > kSlow) return failed("{}", seen);
  return taken > kQuick ? warned("{}", seen) : passed();
}

constexpr Case kCases[] = {
    {.id = "load.exports_only_its_entry",
     .promise = "ear_entry_v1 is the only symbol that the library exports.",
     .clause = "LOAD-7",
     .needs = {},
     .run = exports_only_its_entry},
    {.id = "load.needs_only_runtimes",
     .promise = "The library needs no other but those of the system's C and C++ runtimes.",
     .clause = "LOAD-8",
     .needs = {},
     .run = needs_only_runtimes},
    {.id = "load.has_no_search_path",
     .promise = "The library carries no search path of the machine that built it.",
     .clause = "LOAD-8",
     .needs = {},
     .run = has_no_search_path},
    {.id = "load.has_no_executable_stack",
     .promise = "The library asks for no executable stack.",
     .clause = "LOAD-8",
     .needs = {},
     .run = has_no_executable_stack},
    {.id = "load.has_no_text_relocations",
     .promise = "The library's code is the same wherever it is loaded.",
     .clause = "LOAD-8",
     .needs = {},
     .run = has_no_text_relocations},
    {.id = "load.leaves_no_descriptor",
     .promise = "Loading leaves no open descriptor behind.",
     .clause = "LOAD-9",
     .needs = {},
     .run = leaves_no_descriptor},
    {.id = "load.leaves_no_thread",
     .promise = "Loading leaves no running thread behind.",
     .clause = "LOAD-9",
     .needs = {},
     .run = leaves_no_thread},
    {.id = "load.leaves_no_handler",
     .promise = "Loading changes nothing in how signals are handled.",
     .clause = "LOAD-9",
     .needs = {},
     .run = leaves_no_handler},
    {.id = "load.leaves_settings_alone",
     .promise = "Loading changes no variable, locale, umask or working directory.",
     .clause = "LOAD-9",
     .needs = {},
     .run = leaves_settings_alone},
    {.id = "load.loads_quickly",
     .promise = "Loading takes less than 50 ms of the processor.",
     .clause = "LOAD-11",
     .needs = {},
     .run = loads_quickly},
};

}  // namespace

std::span<const Case> load_file_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance
