#include "conformance/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <earshot/sdk/text.hpp>

namespace earshot::conformance {

using core::Code;
using core::Error;
using core::Result;

namespace {

constexpr const char* kEntry = "ear_entry_v1";

Error not_loaded() {
  const char* reason = ::dlerror();
  return {.code = Code::config, .message = reason == nullptr ? "it does not load" : reason};
}

}  // namespace

Result<Library> load_library(const std::filesystem::path& file) {
  Library library;
  library.handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library.handle == nullptr) return not_loaded();
  library.entry = reinterpret_cast<ear_entry_fn*>(::dlsym(library.handle, kEntry));
  if (library.entry == nullptr) return not_loaded();
  return library;
}

Result<const ear_plugin*> plugin_table(const Library& library, const ear_host& host) {
  ear_str why_not{};
  const ear_plugin* table = library.entry(&host, &why_not);
  if (table != nullptr) return table;
  return Error{.code = Code::unsupported,
               .message = fmt::format("it refuses this host: {}", sdk::view(why_not))};
}

}  // namespace earshot::conformance
