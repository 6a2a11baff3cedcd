/// Whatever a plugin file holds, what is read of it lies inside it.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <earshot/abi.h>

#include "elf.hpp"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto elf = earshot::core::ElfFile::read(bytes);
  if (!elf) {
    require(!elf.error().message.empty());
    return 0;
  }
  const auto inside = [bytes](std::string_view part) {
    return part.data() >= bytes.data() && part.data() + part.size() <= bytes.data() + bytes.size();
  };
  if (const auto section = elf->section(EAR_MANIFEST_SECTION)) require(inside(*section));
  const auto names = elf->exported_functions("ear_");
  require(names.size() <= 16);
  for (const std::string_view name : names) require(inside(name) && name.size() <= 64);
  require(!earshot::core::machine_name(elf->machine()).empty());
  return 0;
}
