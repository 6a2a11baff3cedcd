#include "conformance/library_file.hpp"

#include <cstring>
#include <optional>
#include <string_view>

#include <elf.h>

#include <earshot/core/base/file.hpp>

namespace earshot::conformance {

using core::Result;

namespace {

constexpr std::uint64_t kLargestFile = std::uint64_t{512} << 20;

/// The file's bytes. What would lie outside of them reads as zeros and empty text.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : bytes_(bytes) {}
  template <typename T>
  [[nodiscard]] T at(std::uint64_t offset) const {
    T value{};
    if (offset <= bytes_.size() && sizeof(T) <= bytes_.size() - offset)
      std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }
  [[nodiscard]] std::string text(std::uint64_t offset) const {
    if (offset >= bytes_.size()) return {};
    const std::string_view rest = bytes_.substr(offset);
    return std::string(rest.substr(0, rest.find('\0')));
  }

 private:
  std::string_view bytes_;
};

/// Calls `take` with each entry of a section and the offset of its strings.
template <typename Entry, typename Take>
void for_each_entry(const Bytes& bytes, const Elf64_Ehdr& header, std::uint32_t type, Take take) {
  for (std::uint64_t i = 0; i < header.e_shnum; ++i) {
    const auto section = bytes.at<Elf64_Shdr>(header.e_shoff + i * sizeof(Elf64_Shdr));
    if (section.sh_type != type) continue;
    const auto strings =
        bytes.at<Elf64_Shdr>(header.e_shoff + section.sh_link * sizeof(Elf64_Shdr));
    for (std::uint64_t offset = 0; offset + sizeof(Entry) <= section.sh_size;
         offset += sizeof(Entry))
      take(bytes.at<Entry>(section.sh_offset + offset), strings.sh_offset);
  }
}

void take_dynamic(const Bytes& bytes, const Elf64_Dyn& entry, std::uint64_t strings,
                  LibraryFile& file) {
  if (entry.d_tag == DT_NEEDED) file.needed.push_back(bytes.text(strings + entry.d_un.d_val));
  if (entry.d_tag == DT_RPATH || entry.d_tag == DT_RUNPATH)
    file.search_path.push_back(bytes.text(strings + entry.d_un.d_val));
  if (entry.d_tag == DT_TEXTREL) file.text_relocations = true;
  if (entry.d_tag == DT_FLAGS && (entry.d_un.d_val & DF_TEXTREL) != 0) file.text_relocations = true;
}

}  // namespace

Result<LibraryFile> read_library_file(const std::filesystem::path& path) {
  EAR_TRY(const std::string content, core::read_file(path, kLargestFile));
  const Bytes bytes(content);
  const auto header = bytes.at<Elf64_Ehdr>(0);
  LibraryFile file;
  for_each_entry<Elf64_Dyn>(bytes, header, SHT_DYNAMIC,
                            [&](const Elf64_Dyn& entry, std::uint64_t strings) {
                              take_dynamic(bytes, entry, strings, file);
                            });
  for_each_entry<Elf64_Sym>(
      bytes, header, SHT_DYNSYM, [&](const Elf64_Sym& symbol, std::uint64_t strings) {
        const bool local = ELF64_ST_BIND(symbol.st_info) == STB_LOCAL;
        if (symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS && !local)
          file.exported.push_back(bytes.text(strings + symbol.st_name));
      });
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    const auto segment = bytes.at<Elf64_Phdr>(header.e_phoff + i * sizeof(Elf64_Phdr));
    if (segment.p_type == PT_GNU_STACK && (segment.p_flags & PF_X) != 0)
      file.executable_stack = true;
  }
  return file;
}

}  // namespace earshot::conformance
