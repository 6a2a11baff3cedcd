#include <future>
#include <memory>
#include <string>

#include <earshot/core/http/message.hpp>
#include <earshot/core/json/writer.hpp>

#include "say.hpp"
#include "verb.hpp"
#include "workbench.hpp"

namespace earshot::host {

using core::Error;
using core::Result;
using core::WebhookReport;

namespace {

struct RegisterArguments {
  std::string id;
  std::string url;
};

Result<WebhookReport> register_webhook(Program& program, const RegisterArguments& arguments) {
  const std::optional<core::Url> url = core::parse_url(arguments.url);
  if (!url || (url->origin.scheme != "https" && !core::is_loopback(url->origin.host))) {
    return Error{
        .code = core::Code::config,
        .message = "--url takes the https address under which the product reaches this host"};
  }
  EAR_TRY(const std::vector<Target> targets, program.targets({arguments.id}));
  EAR_TRY(std::unique_ptr<Workbench> bench, Workbench::open(program));
  std::promise<Result<WebhookReport>> promise;
  std::future<Result<WebhookReport>> answer = promise.get_future();
  bench->engine().register_webhook(
      targets.front().settings, targets.front().plugin, arguments.url,
      [&promise](Result<WebhookReport> made) { promise.set_value(std::move(made)); });
  return bench->await(answer);
}

ExitCode run(Program& program, const RegisterArguments& arguments) {
  const Result<WebhookReport> made = register_webhook(program, arguments);
  if (!made) return report(program, made.error());
  if (program.options().json) {
    core::JsonWriter out;
    out.begin_object();
    out.member("integration", arguments.id);
    out.member("outcome", made->hook_id.empty() ? "manual" : "registered");
    out.member("hook_id", made->hook_id);
    out.member("manual", made->manual);
    out.end_object();
    say("{}\n", out.take());
  } else if (made->hook_id.empty()) {
    say("this product has no API for it; by hand:\n{}\n", made->manual);
  } else {
    say("webhook {} delivers to {}; its signing secret is in the vault\n", made->hook_id,
        arguments.url);
  }
  return ExitCode::done;
}

}  // namespace

void add_webhooks(CLI::App& app, Verb& chosen) {
  CLI::App* verb = app.add_subcommand("webhooks", "Make products deliver live");
  verb->footer("Example:\n  earshot webhooks register --help");
  verb->require_subcommand(1);
  auto arguments = std::make_shared<RegisterArguments>();
  CLI::App* sub =
      verb->add_subcommand("register", "One webhook at the product, however often this is called");
  sub->add_option("id", arguments->id, "Integration")->required();
  sub->add_option("--url", arguments->url, "Where the product shall deliver")->required();
  sub->footer(
      "Example:\n  earshot webhooks register acme --url "
      "https://hooks.example.com/webhooks/zendesk");
  sub->fallthrough();
  sub->callback([arguments, &chosen] {
    chosen = [arguments](Program& program) { return run(program, *arguments); };
  });
}

}  // namespace earshot::host
