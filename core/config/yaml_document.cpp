#include "yaml_document.hpp"

#include <charconv>
#include <optional>
#include <sstream>
#include <utility>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/json/pointer.hpp>
#include <earshot/core/json/writer.hpp>

#include "interpolate.hpp"

namespace earshot::core {

namespace {

constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxNodes = 200'000;

/// A JSON number that a double can hold: what from_chars reads, without its infinities, ".5", "5."
/// and "05".
bool is_number(std::string_view text) {
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return false;
  const std::string_view digits = text.substr(text.front() == '-' ? 1 : 0);
  const auto digit_at = [digits](std::size_t at) {
    return at < digits.size() && digits[at] >= '0' && digits[at] <= '9';
  };
  const std::size_t point = digits.find('.');
  return digit_at(0) && !(digits.front() == '0' && digit_at(1)) &&
         (point == std::string_view::npos || digit_at(point + 1));
}

bool wants(JsonValue schema, std::string_view type) {
  const JsonValue declared = schema.member("type");
  if (declared.is_string()) return declared.text() == type;
  for (const JsonValue one : declared) {
    if (one.text() == type) return true;
  }
  return false;
}

class Converter {
 public:
  Converter(JsonValue root_schema, const Environment& environment,
            const std::filesystem::path& file, const std::string& prefix,
            std::vector<ConfigIssue>& issues)
      : root_schema_(root_schema),
        environment_(environment),
        file_(file),
        prefix_(prefix),
        issues_(issues) {}

  YamlPart convert(const YAML::Node& node) {
    write(node, root_schema_, "", 0);
    if (failed_) return std::move(part_);
    Result<std::unique_ptr<JsonDocument>> parsed = JsonDocument::parse(out_.take());
    if (parsed) {
      part_.json = *std::move(parsed);
    } else {
      issue(node, "", "cannot be read: " + parsed.error().message);
    }
    return std::move(part_);
  }

 private:
  void write(const YAML::Node& node, JsonValue schema, const std::string& pointer, int depth) {
    part_.lines.try_emplace(pointer, node.Mark().line + 1);
    if (depth > kMaxDepth || ++nodes_ > kMaxNodes) {
      if (!failed_) issue(node, pointer, "is nested too deeply or too large");
      failed_ = true;
      return out_.null();
    }
    schema = resolved(schema);
    if (node.IsMap()) return write_map(node, schema, pointer, depth);
    if (node.IsSequence()) return write_sequence(node, schema, pointer, depth);
    if (node.IsScalar()) return write_scalar(node, schema, pointer);
    out_.null();
  }

  void write_map(const YAML::Node& node, JsonValue schema, const std::string& pointer, int depth) {
    out_.begin_object();
    std::map<std::string, bool> seen;
    for (const auto& member : node) {
      const std::string name = member.first.IsScalar() ? member.first.Scalar() : "";
      const std::string below = pointer + "/" + pointer_segment(name);
      if (!member.first.IsScalar()) {
        issue(member.first, pointer, "has a key that is not a plain name");
      } else if (!seen.emplace(name, true).second) {
        issue(member.first, below, "stands twice; keep one");
      } else {
        part_.lines.emplace(below, member.first.Mark().line + 1);
        out_.key(name);
        write(member.second, member_schema(schema, name), below, depth + 1);
      }
    }
    out_.end_object();
  }

  void write_sequence(const YAML::Node& node, JsonValue schema, const std::string& pointer,
                      int depth) {
    out_.begin_array();
    std::size_t index = 0;
    for (const YAML::Node& element : node) {
      write(element, schema.member("items"), pointer + "/" + std::to_string(index++), depth + 1);
    }
    out_.end_array();
  }

  void write_scalar(const YAML::Node& node, JsonValue schema, const std::string& pointer) {
    Result<Interpolated> filled = interpolate(node.Scalar(), environment_);
    if (!filled) {
      issue(node, pointer, filled.error().message);
      return out_.string("");
    }
    if (filled->from_environment) part_.from_outside.emplace(pointer, true);
    const std::string& text = filled->text;
    const bool plain = node.Tag() == "?";
    const bool typed = schema.member("type").exists();
    if (wants(schema, "string")) return out_.string(text);
    if ((typed || plain) && (text == "true" || text == "false") &&
        (!typed || wants(schema, "boolean"))) {
      return out_.boolean(text == "true");
    }
    const bool wants_number = wants(schema, "integer") || wants(schema, "number");
    if ((typed ? wants_number : plain) && is_number(text)) return out_.raw(text);
    out_.string(text);
  }

  [[nodiscard]] JsonValue resolved(JsonValue schema) const {
    const std::string_view ref = schema.member("$ref").text();
    return ref.starts_with("#") ? root_schema_.at(ref.substr(1)) : schema;
  }
  static JsonValue member_schema(JsonValue schema, std::string_view name) {
    const JsonValue declared = schema.member("properties").member(name);
    return declared.exists() ? declared : schema.member("additionalProperties");
  }
  void issue(const YAML::Node& node, const std::string& pointer, std::string message) {
    issues_.push_back({file_, node.Mark().line + 1, dotted(prefix_, pointer), std::move(message)});
  }

  JsonValue root_schema_;
  const Environment& environment_;
  const std::filesystem::path& file_;
  const std::string& prefix_;
  std::vector<ConfigIssue>& issues_;
  YamlPart part_;
  JsonWriter out_;
  std::size_t nodes_ = 0;
  bool failed_ = false;
};

/// Remembers where the last document began.
class DocumentStart final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override { last = mark; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

  YAML::Mark last;
};

/// yaml-cpp 0.7 reads documents without an end where one begins with ','.
void check_documents_end(const std::string& text) {
  std::istringstream in(text);
  YAML::Parser parser(in);
  DocumentStart start;
  std::optional<int> before;
  while (parser.HandleNextDocument(start)) {
    if (before == start.last.pos) throw YAML::ParserException(start.last, "begins with no value");
    before = start.last.pos;
  }
}

}  // namespace

int YamlPart::line(std::string pointer) const {
  while (true) {
    if (const auto found = lines.find(pointer); found != lines.end()) return found->second;
    const std::size_t slash = pointer.rfind('/');
    if (slash == std::string::npos) return 0;
    pointer.resize(slash);
  }
}

bool load_yaml(const std::string& text, const std::filesystem::path& file, YAML::Node& out,
               std::vector<ConfigIssue>& issues) {
  std::vector<YAML::Node> documents;
  try {
    check_documents_end(text);
    documents = YAML::LoadAll(text);
  } catch (const YAML::Exception& error) {
    issues.push_back({file, error.mark.line + 1, "", "is not valid YAML: " + error.msg});
    return false;
  }
  const YAML::Node* first = nullptr;
  for (const YAML::Node& document : documents) {
    if (document.IsNull()) continue;
    if (first != nullptr) {
      issues.push_back({file, document.Mark().line + 1, "",
                        "begins a second document; remove the '---' before"});
      return false;
    }
    first = &document;
  }
  out.reset(first != nullptr ? *first : YAML::Node(YAML::NodeType::Map));
  return true;
}

YamlPart yaml_to_json(const YAML::Node& node, JsonValue schema, const Environment& environment,
                      const std::filesystem::path& file, const std::string& prefix,
                      std::vector<ConfigIssue>& issues) {
  return Converter(schema, environment, file, prefix, issues).convert(node);
}

std::string dotted(const std::string& prefix, std::string_view pointer) {
  std::string path = prefix;
  for (const std::string_view segment : split(pointer.empty() ? pointer : pointer.substr(1), '/')) {
    if (segment.empty()) continue;
    if (!path.empty()) path += '.';
    path += unescaped_segment(segment);
  }
  return path;
}

}  // namespace earshot::core
