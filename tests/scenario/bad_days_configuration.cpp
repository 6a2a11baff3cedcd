#include "bad_days.hpp"

namespace earshot::scenario {

namespace {

/// A sync after `from` became `to` in the configuration.
Fault edited(std::string from, std::string to) {
  return {.strike = [from = std::move(from), to = std::move(to)](BadDays& day) {
    day.edit_config(from, to);
    return day.run({"sync"});
  }};
}

Fault typed(std::vector<std::string> words) {
  return {.strike = [words = std::move(words)](BadDays& day) { return day.run(words); }};
}

Fault written(std::string text) {
  return {.strike = [text = std::move(text)](BadDays& day) {
    day.write_file("earshot.yaml", text);
    return day.run({"sync"});
  }};
}

}  // namespace

Faults configuration_faults() {
  return {
      {"no configuration",
       {.strike =
            [](BadDays& day) {
              std::filesystem::remove(day.folder() / "earshot.yaml");
              return day.run({"sync"});
            }}},
      {"a file that is no YAML", written("integrations: [\n")},
      {"a setting is missing", edited("\"subdomain\"", "\"page_size_\"")},
      {"a setting that there is not", edited("\"subdomain\"", "\"subdomian\"")},
      {"a value of the wrong type", edited("\"page_size\": 10", "\"page_size\": \"many\"")},
      {"a key that there is not", edited("data_dir:", "data_dri:")},
      {"a credential that there is not", edited("\"api_token\"", "\"api_tokne\"")},
      {"a plugin that there is not", edited("plugin: zendesk", "plugin: zendeks")},
      {"no credentials",
       {.strike =
            [](BadDays& day) {
              day.write_config({.credentials = "{}"});
              return day.run({"sync"});
            }}},
      {"a variable that is not set",
       edited("data_dir: data", "data_dir: \"${EARSHOT_NOT_SET_ANYWHERE}\"")},
      {"a secret file that is not there",
       {.strike =
            [](BadDays& day) {
              day.write_config({.credentials = R"({"api_token": "file:absent.txt"})"});
              return day.run({"sync"});
            }}},
      {"an integration that there is not", typed({"sync", "acmee"})},
      {"a verb that there is not", typed({"snyc"})},
      {"a window that ends before it begins",
       typed({"sync", "--from", "2026-03-02", "--to", "2026-03-01"})},
      {"a time that is none", typed({"sync", "--from", "yesterday"})},
      {"http to another machine",
       edited("base_url: http://127.0.0.1", "base_url: http://192.0.2.1")},
  };
}

}  // namespace earshot::scenario
