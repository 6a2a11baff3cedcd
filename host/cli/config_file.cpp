#include "config_file.hpp"

#include <yaml-cpp/yaml.h>

namespace earshot::host {

namespace {

void write_members(YAML::Emitter& out, const std::map<std::string, std::string>& members) {
  for (const auto& [member, text] : members) out << YAML::Key << member << YAML::Value << text;
}

void write_config(YAML::Emitter& out, const ConfigEntry& entry) {
  if (entry.config.empty() && entry.lists.empty()) return;
  out << YAML::Key << "config" << YAML::Value << YAML::BeginMap;
  write_members(out, entry.config);
  for (const auto& [member, elements] : entry.lists) {
    out << YAML::Key << member << YAML::Value << YAML::Flow << YAML::BeginSeq;
    for (const std::string& element : elements) out << element;
    out << YAML::EndSeq;
  }
  out << YAML::EndMap;
}

void write_entry(YAML::Emitter& out, const ConfigEntry& entry) {
  out << YAML::Key << entry.name << YAML::Value << YAML::BeginMap;
  out << YAML::Key << "plugin" << YAML::Value << entry.plugin;
  write_config(out, entry);
  if (!entry.credentials.empty()) {
    out << YAML::Key << "credentials" << YAML::Value << YAML::BeginMap;
    write_members(out, entry.credentials);
    out << YAML::EndMap;
  }
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
