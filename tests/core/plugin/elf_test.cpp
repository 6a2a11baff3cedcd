#include "elf.hpp"

#include <cstring>

#include <earshot/abi.h>
#include <earshot/core/base/file.hpp>

#include "plugin_files.hpp"

namespace earshot::core {
namespace {

class ElfFileOfAPlugin : public PluginFiles {
 protected:
  const std::string bytes_ = read_file(built("good.so"), 64U << 20).value_or(std::string());

  /// Reads everything there is to read; what it finds does not matter, that it ends does.
  static std::size_t read_all(std::string_view bytes) {
    const Result<ElfFile> elf = ElfFile::read(bytes);
    if (!elf) return 0;
    const std::size_t manifest = elf->section(EAR_MANIFEST_SECTION).value_or("").size();
    return manifest + elf->exported_functions("ear_entry_v").size();
  }
};

TEST_F(ElfFileOfAPlugin, GivesMachineSectionsAndExports) {
  const Result<ElfFile> elf = ElfFile::read(bytes_);
  ASSERT_TRUE(elf) << elf.error().message;
  EXPECT_EQ(elf->machine(), host_machine());
  EXPECT_TRUE(elf->is_shared_object());
  EXPECT_EQ(elf->exported_functions(""), std::vector<std::string_view>{"ear_entry_v1"});
  const auto manifest = elf->section(EAR_MANIFEST_SECTION);
  ASSERT_TRUE(manifest);
  EXPECT_TRUE(manifest->starts_with("{\n  \"manifest_version\": 1"));
  EXPECT_TRUE(manifest->ends_with("}\n"));
  EXPECT_FALSE(elf->section(".earshot"));
}

TEST_F(ElfFileOfAPlugin, SurvivesTruncationAtEveryHeaderByteAndSection) {
  for (std::size_t size = 0; size < 256; ++size) read_all(std::string_view(bytes_).substr(0, size));
  for (std::size_t size = 256; size < bytes_.size(); size += 509) {
    EXPECT_EQ(read_all(std::string_view(bytes_).substr(0, size)), 0U) << size;
  }
}

TEST_F(ElfFileOfAPlugin, SurvivesHostileOffsetsEverywhere) {
  Elf64_Ehdr header{};
  std::memcpy(&header, bytes_.data(), sizeof header);
  const std::size_t table = header.e_shoff;
  std::vector<std::size_t> places;
  for (std::size_t at = 16; at < sizeof header; ++at) places.push_back(at);
  for (std::size_t at = table; at < bytes_.size(); ++at) places.push_back(at);
  for (const std::size_t at : places) {
    for (const char hostile : {'\x00', '\x7f', '\xff'}) {
      std::string copy = bytes_;
      std::fill_n(copy.begin() + static_cast<std::ptrdiff_t>(at),
                  std::min<std::size_t>(8, copy.size() - at), hostile);
      read_all(copy);
    }
  }
  SUCCEED() << "nothing outside the file was read";
}

TEST(ElfFile, SaysWhatTheBytesAreInstead) {
  EXPECT_EQ(ElfFile::read("").error().message, "is empty");
  EXPECT_EQ(ElfFile::read("#!/bin/sh\n").error().message, "is no ELF file");
  EXPECT_EQ(ElfFile::read("\177ELF").error().message, "is a truncated ELF file");
  const std::string narrow = "\177ELF\1\1\1" + std::string(100, '\0');
  EXPECT_EQ(ElfFile::read(narrow).error().message, "is no 64-bit little-endian ELF file");
}

}  // namespace
}  // namespace earshot::core
