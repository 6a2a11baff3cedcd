#include "config_file.hpp"

#include <yaml-cpp/yaml.h>

namespace earshot::host {

namespace {

void write_map(YAML::Emitter& out, const char* name,
               const std::map<std::string, std::string>& members) {
  if (members.empty()) return;
  out << YAML::Key << name << YAML::Value << YAML::BeginMap;
  for (const auto& [member, text] : members) out << YAML::Key << member << YAML::Value << text;
  out << YAML::EndMap;
}

void write_entry(YAML::Emitter& out, const ConfigEntry& entry) {
  out << YAML::Key << entry.name << YAML::Value << YAML::BeginMap;
  out << YAML::Key << "plugin" << YAML::Value << entry.plugin;
  write_map(out, "config", entry.config);
  write_map(out, "credentials", entry.credentials);
  if (!entry.base_url.empty()) out << YAML::Key << "base_url" << YAML::Value << entry.base_url;
  if (!entry.ca_file.empty()) {
    out << YAML::Key << "http" << YAML::Value << YAML::BeginMap << YAML::Key << "tls" << YAML::Value
        << YAML::BeginMap;
    out << YAML::Key << "ca_file" << YAML::Value << entry.ca_file << YAML::EndMap << YAML::EndMap;
  }
  out << YAML::EndMap;
}

}  // namespace

std::string config_text(const std::vector<std::filesystem::path>& plugin_dirs,
                        const std::filesystem::path& data_dir,
                        const std::vector<ConfigEntry>& entries) {
  YAML::Emitter out;
  out << YAML::BeginMap;
  out << YAML::Key << "plugin_dirs" << YAML::Value << YAML::BeginSeq;
  for (const std::filesystem::path& directory : plugin_dirs) out << directory.string();
  out << YAML::EndSeq;
  out << YAML::Key << "data_dir" << YAML::Value << data_dir.string();
  out << YAML::Key << "integrations" << YAML::Value << YAML::BeginMap;
  for (const ConfigEntry& entry : entries) write_entry(out, entry);
  out << YAML::EndMap << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

}  // namespace earshot::host
