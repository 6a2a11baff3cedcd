#include <string_view>

#include <earshot/core/plugin/loader.hpp>

/// What `earshot probe-plugin FILE` does, for tests of the loader.
int main(int argc, char** argv) {
  ear_host host{};
  host.size = sizeof host;
  if (argc != 3 || std::string_view(argv[1]) != "probe-plugin") return 2;
  return earshot::core::probe_plugin(argv[2], host);
}
