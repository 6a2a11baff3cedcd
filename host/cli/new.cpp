#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <earshot/core/base/file.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/json/writer.hpp>

#include "folder.hpp"
#include "say.hpp"
#include "templates.hpp"
#include "verb.hpp"

namespace earshot::host {

using core::Code;
using core::Error;
using core::Result;

namespace {

struct NewArguments {
  std::string name;
  std::string language = "cpp";
  std::filesystem::path folder;
};

constexpr std::size_t kShortest = 2;
constexpr std::size_t kLongest = 40;

Result<void> check_name(const std::string& name) {
  const auto may_stand = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  const bool good = name.size() >= kShortest && name.size() <= kLongest && name.front() >= 'a' &&
                    name.front() <= 'z' && name.back() != '-' &&
                    std::all_of(name.begin(), name.end(), may_stand);
  if (!good) {
    return Error{
        .code = Code::config,
        .message = fmt::format("'{}' is no name for a plugin: it takes {} to {} lower-case "
                               "letters, digits and '-', beginning with a letter, not "
                               "ending with '-'",
                               name, kShortest, kLongest)};
  }
  for (const std::string_view taken : {"all", "clean", "help", "install", "package", "test"}) {
    if (name == taken)
      return Error{.code = Code::config,
                   .message = fmt::format("'{}' is a word of CMake's; take another name", name)};
  }
  return {};
}

/// "acme-desk" as "AcmeDesk" or "Acme Desk".
std::string words(const std::string& name, std::string_view between) {
  std::string out;
  for (const std::string_view part : core::split(name, '-')) {
    if (part.empty()) continue;
    if (!out.empty()) out += between;
    out += part.front() >= 'a' ? static_cast<char>(part.front() - 'a' + 'A') : part.front();
    out += part.substr(1);
  }
  return out;
}

std::string upper(std::string text) {
  for (char& c : text) {
    if (c == '-') c = '_';
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

using Words = std::vector<std::pair<std::string, std::string>>;

Words words_of(const NewArguments& arguments) {
  const bool in_c = arguments.language == "c";
  return {{"{{name}}", arguments.name},
          {"{{class}}", words(arguments.name, "")},
          {"{{title}}", words(arguments.name, " ")},
          {"{{upper}}", upper(arguments.name)},
          {"{{source}}", arguments.name + (in_c ? ".c" : ".cpp")},
          {"{{add_plugin}}",
           fmt::format("earshot_add_plugin({}{})", arguments.name, in_c ? " LANGUAGE C" : "")}};
}

std::string filled_in(std::string_view text, const Words& replacements) {
  std::string out(text);
  for (const auto& [word, value] : replacements) {
    for (std::size_t at = 0; (at = out.find(word, at)) != std::string::npos; at += value.size())
      out.replace(at, word.size(), value);
  }
  return out;
}

/// Where a template goes in the project; empty where it is for another language.
std::filesystem::path place_of(const NewArguments& arguments, std::string_view path) {
  const std::size_t slash = path.find('/');
  const std::string_view part = path.substr(0, slash);
  if (part != "common" && part != arguments.language) return {};
  const std::string file(path.substr(slash + 1));
  if (file.starts_with("plugin.")) return arguments.name + file.substr(file.find('.'));
  return file == "gitignore" ? ".gitignore" : file;
}

Result<void> write_project(const NewArguments& arguments) {
  const Words replacements = words_of(arguments);
  for (const Template& one : project_templates()) {
    const std::filesystem::path place = place_of(arguments, one.path);
    if (place.empty()) continue;
    const std::filesystem::path file = arguments.folder / place;
    EAR_CHECK(make_folder(file.parent_path(), "--dir"));
    const unsigned mode = file.extension() == ".sh" ? 0755 : 0644;
    EAR_CHECK(core::write_file(file, filled_in(one.text, replacements), mode));
  }
  return {};
}

Result<void> make_project(const NewArguments& arguments) {
  EAR_CHECK(check_name(arguments.name));
  std::error_code failure;
  if (std::filesystem::exists(std::filesystem::symlink_status(arguments.folder, failure))) {
    return Error{.code = Code::config,
                 .message = fmt::format("{} is there already and is left as it is; name another "
                                        "folder with --dir",
                                        arguments.folder.string())};
  }
  return write_project(arguments);
}

ExitCode make(Program& program, NewArguments arguments) {
  if (arguments.folder.empty()) arguments.folder = arguments.name;
  const Result<void> made = make_project(arguments);
  if (!made) return report(program, made.error());
  const std::string folder = arguments.folder.string();
  if (program.options().json) {
    core::JsonWriter out;
    out.begin_object();
    out.member("name", arguments.name);
    out.member("folder", std::filesystem::absolute(arguments.folder).string());
    out.end_object();
    say("{}\n", out.take());
  } else {
    say("{} is a plugin of an invented product; README.md says what to replace.\n"
        "Next: cmake -S {} -B {}/build && cmake --build {}/build && ctest --test-dir {}/build\n",
        folder, folder, folder, folder, folder);
  }
  return ExitCode::done;
}

}  // namespace

void add_new(CLI::App& app, Verb& chosen) {
  auto arguments = std::make_shared<NewArguments>();
  CLI::App* verb = app.add_subcommand(
      "new", "Write a plugin project that builds and passes the conformance kit");
  verb->add_option("name", arguments->name, "The plugin's name: acme-desk")->required();
  verb->add_option("--lang", arguments->language, "cpp over the SDK, or c over earshot/abi.h alone")
      ->option_text("cpp|c")
      ->check(CLI::IsMember({"cpp", "c"}));
  verb->add_option("--dir", arguments->folder, "The folder to make; the name where it is not given")
      ->option_text("FOLDER");
  verb->footer("Example:\n  earshot new acme-desk");
  verb->callback([arguments, &chosen] {
    chosen = [arguments](Program& program) { return make(program, *arguments); };
  });
}

}  // namespace earshot::host
