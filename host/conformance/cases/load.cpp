/// Loading: the file, its one symbol and what that gives.

#include <algorithm>
#include <cstring>
#include <future>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/core/base/text.hpp>
#include <earshot/core/plugin/call.hpp>
#include <earshot/sdk/text.hpp>

#include "conformance/case.hpp"
#include "conformance/library.hpp"
#include "conformance/rig.hpp"
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

/// Whether there is something to fetch.
bool fetches(const Subject& subject) {
  return subject.has({.provides = "feedback", .cassettes = "first_run"}).outcome == Outcome::pass;
}

/// Behind the table that the plugin knows lies what it may not touch.
Verdict takes_a_larger_host(const Subject& subject) {
  constexpr std::uint32_t kMore = 512;
  Loans loans({.ends = true});
  ear_json json = *rig_host().json;
  json.size += kMore;
  ear_host host = rig_host();
  host.size += kMore;
  host.json = static_cast<const ear_json*>(loans.lend(&json, sizeof json, alignof(ear_json),
                                                      Loans::Kind::argument,
                                                      "the `json` table it knows", 0));
  const auto* larger = static_cast<const ear_host*>(
      loans.lend(&host, sizeof host, alignof(ear_host), Loans::Kind::argument,
                 "the host's table as it knows it", 0));
  EAR_TRY(const auto rig, Rig::open(subject, larger));
  if (!fetches(subject)) return passed();
  const Deeds deeds = rig->fetch();
  return deeds.rc == EAR_OK ? passed()
                            : failed("with a larger host, fetching comes to {}: {}",
                                     code_name(deeds.rc), deeds.message());
}

/// It refuses the host, or fails, or does without.
Verdict misses_what_it_needs(const Subject& subject) {
  if (subject.manifest().needs.empty()) return passed();
  EAR_TRY(const Library library, load_library(subject.file().path));
  ear_str why_not{};
  if (library.entry(&bare_rig_host(), &why_not) == nullptr) {
    return why_not.size != 0 ? passed() : failed("it refuses a host without saying why");
  }
  EAR_TRY(const auto rig, Rig::open(subject, &bare_rig_host()));
  if (!fetches(subject)) return passed();
  const Deeds deeds = rig->fetch();
  return is_sticky(deeds.rc) ? failed("it returns {}", code_name(deeds.rc)) : passed();
}

/// Tables of a plugin, and the capability that each is for.
constexpr std::pair<std::string_view, std::string_view> kExtensions[] = {
    {"ear.webhooks/1", "webhooks"}, {"ear.actions/1", "actions"}};

Verdict answers_its_own_extensions(const Subject& subject) {
  EAR_TRY(const Library library, load_library(subject.file().path));
  EAR_TRY(const ear_plugin* table, plugin_table(library, core::host_table()));
  if (table->extension == nullptr) return skipped("its table has no `extension`");
  for (const char* id : {"", "ear.unknown/1", "ear.webhooks/1 ", "ear.webhooks/99", "ear.actions",
                         "ear.actions/1x", "ear.lookup/-1", "example.com/none/1"}) {
    if (table->extension(sdk::borrow(id)) != nullptr)
      return failed("`extension` answers the id '{}'", id);
  }
  const auto& provides = subject.manifest().provides;
  for (const auto& [id, capability] : kExtensions) {
    const bool provided = std::find(provides.begin(), provides.end(), capability) != provides.end();
    if (!provided && table->extension(sdk::borrow(id)) != nullptr)
      return failed("`extension` answers '{}', but the manifest does not provide '{}'", id,
                    capability);
  }
  return passed();
}

Verdict tells_what_it_was_built_with(const Subject& subject) {
  EAR_TRY(const Library library, load_library(subject.file().path));
  EAR_TRY(const ear_plugin* table, plugin_table(library, core::host_table()));
  const std::string sdk(sdk::view(table->sdk));
  if (sdk.empty() || core::clean_utf8(sdk) != sdk)
    return failed("`sdk` is {}", sdk.empty() ? "empty" : "no UTF-8");
  const std::string told = fmt::format("{}.{}", EAR_ABI_MAJOR, table->minor);
  if (told != subject.manifest().abi)
    return failed("its table says ABI {}, its manifest {}", told, subject.manifest().abi);
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
    {.id = "load.takes_a_larger_host",
     .promise =
         "A host whose table is larger is taken, and what the plugin does not know not read.",
     .clause = "LOAD-5",
     .needs = {},
     .run = takes_a_larger_host},
    {.id = "load.misses_what_it_needs",
     .promise = "A host without the extensions that the manifest needs leads to a refusal or a "
                "code at most.",
     .clause = "LOAD-12",
     .needs = {},
     .run = misses_what_it_needs},
    {.id = "load.answers_its_own_extensions",
     .promise = "`extension` answers NULL for every id that the plugin does not have.",
     .clause = "LOAD-10",
     .needs = {},
     .run = answers_its_own_extensions},
    {.id = "load.tells_what_it_was_built_with",
     .promise = "The table says in UTF-8 what it was built with, and the ABI of the manifest.",
     .clause = "LOAD-13",
     .needs = {},
     .run = tells_what_it_was_built_with},
};

}  // namespace

std::span<const Case> load_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance
