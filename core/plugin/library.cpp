#define BOOST_DLL_USE_STD_FS

#include "library.hpp"

#include <array>
#include <string_view>
#include <system_error>
#include <utility>

#include <boost/dll/shared_library.hpp>
#include <dlfcn.h>
#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/sdk/text.hpp>

#include "inspect.hpp"

namespace earshot::core {
namespace {

namespace dll = boost::dll;

constexpr const char* kEntry = "ear_entry_v1";
constexpr std::size_t kLongestText = 500;

/// RTLD_NODELETE: what a plugin gave is used until the process ends, whoever drops the handle.
constexpr dll::load_mode::type kMode = dll::load_mode::rtld_now | dll::load_mode::rtld_local |
                                       static_cast<dll::load_mode::type>(RTLD_NODELETE);

std::string words(std::string_view text) {
  return shorten(clean_utf8(text), kLongestText);
}

Error not_linked() {
  const char* reason = ::dlerror();
  return refusal(
      fmt::format("cannot be loaded: {}; install what it needs, or a build for this system",
                  reason == nullptr ? "no reason given" : words(reason)));
}

Result<void> check_size(const ear_plugin& table) {
  if (EAR_HAS(&table, extension)) return {};
  return refusal(
      fmt::format("gives a table of {} bytes, ABI {}.0 has {}: build it again with the SDK of ABI "
                  "{}.0 or later",
                  table.size, EAR_ABI_MAJOR,
                  offsetof(ear_plugin, extension) + sizeof table.extension, EAR_ABI_MAJOR));
}

Result<void> check_slots(const ear_plugin& table) {
  const std::array<std::pair<std::string_view, bool>, 9> slots{
      {{"manifest", table.manifest != nullptr},
       {"source_name", table.source_name != nullptr},
       {"required_config", table.required_config != nullptr},
       {"open", table.open != nullptr},
       {"close", table.close != nullptr},
       {"authenticate", table.authenticate != nullptr},
       {"fetch_feedback", table.fetch_feedback != nullptr},
       {"register_webhook", table.register_webhook != nullptr},
       {"extension", table.extension != nullptr}}};
  for (const auto& [name, filled] : slots) {
    if (!filled) {
      return refusal(
          fmt::format("leaves `{}` empty in its table: every plugin fills it, if only to "
                      "answer EAR_UNSUPPORTED",
                      name));
    }
  }
  return {};
}

Result<void> check_same(std::string_view function, ear_str said, std::string_view embedded) {
  const std::string_view text = sdk::view(said);
  if (text == embedded) return {};
  return refusal(
      fmt::format("`{}` answers '{}', its embedded manifest says '{}': build it again "
                  "from one manifest.json",
                  function, words(text), words(embedded)));
}

Result<void> check_texts(const ear_plugin& table, const PluginFile& file) {
  if (sdk::view(table.manifest()) != file.manifest_text) {
    return refusal(
        "its `manifest` answers another text than the manifest embedded in the file: build it "
        "again "
        "from one manifest.json");
  }
  EAR_CHECK(check_same("source_name", table.source_name(), file.manifest.name));
  return check_same("required_config", table.required_config(), file.manifest.required_config());
}

}  // namespace

Result<const ear_plugin*> open_plugin(const std::filesystem::path& path, const PluginFile& file,
                                      const ear_host& host) {
  std::error_code failure;
  const dll::shared_library library(path, failure, kMode);
  if (failure || !library.has(kEntry)) return not_linked();
  ear_str why_not{};
  const ear_plugin* table = library.get<ear_entry_fn>(kEntry)(&host, &why_not);
  if (table == nullptr) {
    const std::string_view why = sdk::view(why_not);
    return refusal(fmt::format("refuses this host (ABI {}.{}): {}", EAR_ABI_MAJOR, host.minor,
                               why.empty() ? "it does not say why" : words(why)));
  }
  EAR_CHECK(check_size(*table));
  EAR_CHECK(check_slots(*table));
  EAR_CHECK(check_texts(*table, file));
  return table;
}

}  // namespace earshot::core
