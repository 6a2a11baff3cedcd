/// Files in the plugin folder that are no plugins, or not ours.

#include <fstream>
#include <sstream>

#include "bad_days.hpp"

namespace earshot::scenario {

namespace {

std::string bytes_of(const std::filesystem::path& file) {
  std::ostringstream bytes;
  bytes << std::ifstream(file, std::ios::binary).rdbuf();
  return bytes.str();
}

/// `zendesk.so` has that content instead.
Fault replaced(std::function<std::string()> content) {
  return {.strike = [content = std::move(content)](BadDays& day) {
    const std::filesystem::path own = day.folder() / "plugins";
    std::filesystem::create_directory(own);
    day.write_file("plugins/zendesk.so", content());
    day.edit_config(EARSHOT_PLUGIN_DIR, own.string());
    return day.run({"sync"});
  }};
}

std::string zendesk_file() {
  return bytes_of(std::string(EARSHOT_PLUGIN_DIR) + "/zendesk.so");
}

/// Of an ELF header: the machine that it is for.
std::string for_another_machine() {
  std::string file = zendesk_file();
  file[18] = '\x08';  // MIPS
  return file;
}

std::string test_plugin(const char* name) {
  return bytes_of(std::string(EARSHOT_TEST_PLUGINS) + "/" + name);
}

Finished sync_with_an_open_file(BadDays& day) {
  const std::filesystem::path own = day.folder() / "plugins";
  std::filesystem::create_directory(own);
  day.write_file("plugins/zendesk.so", zendesk_file());
  std::filesystem::permissions(own / "zendesk.so", std::filesystem::perms{0666});
  day.edit_config(EARSHOT_PLUGIN_DIR, own.string());
  return day.run({"sync"});
}

/// The plugin "acme" is fine to look at and brings down whoever loads it.
Finished sync_with_a_crash(BadDays& day) {
  std::filesystem::create_directory(day.folder() / "plugins");
  day.write_file("plugins/acme.so", test_plugin("crashes.so"));
  day.write_file("earshot.yaml",
                 "data_dir: data\n"
                 "plugin_dirs: [plugins]\n"
                 "integrations:\n"
                 "  other:\n"
                 "    plugin: acme\n"
                 "    config: {account: acme, region: eu}\n");
  return day.run({"sync"});
}

}  // namespace

Faults plugin_faults() {
  return {
      {"a plugin file that is empty", replaced([] { return std::string(); })},
      {"a plugin file that is text",
       replaced([] { return std::string("#!/bin/sh\necho hello\n"); })},
      {"a plugin for another machine", replaced(for_another_machine)},
      {"a plugin file that was cut", replaced([] { return zendesk_file().substr(0, 20'000); })},
      {"a library that is no plugin", replaced([] { return bytes_of(EARSHOT_SOME_LIBRARY); })},
      {"a plugin for a newer host", replaced([] { return test_plugin("newer.so"); })},
      {"a plugin file that anybody may change", {.strike = sync_with_an_open_file}},
      {"a plugin that crashes while it loads", {.strike = sync_with_a_crash}},
  };
}

}  // namespace earshot::scenario
