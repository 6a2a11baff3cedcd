/// Loading: the file, its one symbol and what that gives.

#include <cstring>
#include <future>
#include <vector>

#include <earshot/core/plugin/call.hpp>
#include <earshot/sdk/text.hpp>

#include "conformance/case.hpp"
#include "conformance/library.hpp"
#include "conformance/subject.hpp"

namespace earshot::conformance {

namespace {

Verdict entry_is_pure(const Subject& subject) {
  EAR_TRY(const Library library, load_library(subject.file().path));
  EAR_TRY(const ear_plugin* first, plugin_table(library, core::host_table()));
  const ear_plugin before = *first;
  EAR_TRY(const ear_plugin* again, plugin_table(library, core::host_table()));
  if (again != first) return failed("a second call gives another table");
  auto elsewhere = std::async(std::launch::async, [&library] {
    ear_str why_not{};
    return library.entry(&core::host_table(), &why_not);
  });
  if (elsewhere.get() != first) return failed("a call on another thread gives another table");
  if (std::memcmp(&before, first, sizeof before) != 0)
    return failed("the table changes from call to call");
  return passed();
}

Verdict is_taken_by_the_host(const Subject& subject) {
  core::PluginLoader loader(core::host_table(), core::LoaderOptions{});
  const auto loaded = loader.load(subject.file());
  return loaded ? passed() : Verdict(loaded.error());
}

Verdict refuses_a_small_host(const Subject& subject) {
  EAR_TRY(const Library library, load_library(subject.file().path));
  ear_host small{};
  small.size = offsetof(ear_host, json);
  small.version = sdk::borrow("0.0.1");
  ear_str why_not{};
  if (library.entry(&small, &why_not) != nullptr)
    return failed("it takes a host whose table ends before `json`");
  if (why_not.size == 0) return failed("it refuses such a host without saying why");
  return passed();
}

Verdict tells_its_manifest(const Subject& subject) {
  EAR_TRY(const Library library, load_library(subject.file().path));
  EAR_TRY(const ear_plugin* table, plugin_table(library, core::host_table()));
  const core::PluginFile& file = subject.file();
  if (sdk::view(table->manifest()) != file.manifest_text)
    return failed("`manifest` answers another text than the one in the file's section");
  if (sdk::view(table->source_name()) != file.manifest.name) {
    return failed("`source_name` answers '{}', the manifest's name is '{}'",
                  sdk::view(table->source_name()), file.manifest.name);
  }
  if (sdk::view(table->required_config()) != file.manifest.required_config()) {
    return failed("`required_config` answers '{}', the manifest requires '{}'",
                  sdk::view(table->required_config()), file.manifest.required_config());
  }
  return passed();
}

constexpr Case kCases[] = {
    {.id = "load.entry_is_pure",
     .promise = "ear_entry_v1 has no side effect: the same table every time, on every thread.",
     .clause = "LOAD-3",
     .needs = {},
     .run = entry_is_pure},
    {.id = "load.is_taken_by_the_host",
     .promise = "This host loads the file: a table without gaps, an entry that takes the host.",
     .clause = "LOAD-2",
     .needs = {},
     .run = is_taken_by_the_host},
    {.id = "load.refuses_a_small_host",
     .promise = "A host whose table is too small for the plugin is refused with a reason.",
     .clause = "LOAD-4",
     .needs = {},
     .run = refuses_a_small_host},
    {.id = "load.tells_its_manifest",
     .promise = "What the code says of the plugin is what its manifest says.",
     .clause = "LOAD-6",
     .needs = {},
     .run = tells_its_manifest},
};

}  // namespace

std::span<const Case> load_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance
