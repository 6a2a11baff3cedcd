#include "sandbox/content.hpp"

#include <array>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>

namespace earshot::sandbox {
namespace {

using core::Random;

constexpr std::array kFeatures = {
    "CSV export",      "dashboard",          "calendar sync", "mobile app",
    "search",          "invoice page",       "login by SSO",  "team invite",
    "weekly report",   "API key screen",     "import wizard", "notification email",
    "billing history", "custom field editor"};
constexpr std::array kTroubles = {"fails with error 500",     "shows an empty page",
                                  "is slower than last week", "lost my changes",
                                  "does not open in Firefox", "sends everything twice",
                                  "stops at 99 percent",      "ignores the time zone",
                                  "cannot be found any more", "asks for the password again"};
constexpr std::array kRequests = {"please add a dark mode",         "could remember my filters",
                                  "should support two currencies",  "needs an undo button",
                                  "would be better with shortcuts", "question about our plan"};
constexpr std::array kSentences = {
    "Since the update on Monday the {} {}.",
    "We have about {n} people who use the {} every day, and none of them can work.",
    "I tried it in another browser and on my phone, and the {} {} there too.",
    "The support page says to clear the cache, which I did {n} times.",
    "If it helps, the last time it worked was {n} days ago.",
    "My colleague sees the same, but only when the {} is open in a second tab.",
    "Apart from that we are very happy with the product, especially the {}.",
    "Is there a way to get the data out while the {} {}?",
    "We are on the yearly plan and the renewal is in {n} days, so this matters to us.",
    "Please do not close this ticket before somebody looked at the {}.",
    "It would save us {n} hours a week if the {} could do this by itself.",
    "The message on the screen was: request {n} could not be completed.",
    "I attach a screenshot, although there is little to see on it.",
    "Before we bought it, your colleague promised that the {} would be ready by spring.",
    "One more thing: the {} {} whenever the list has more than {n} rows."};
constexpr std::array kGreetings = {"Hello,", "Hi team,", "Good morning,", "Dear support,",
                                   "Hey there,"};
constexpr std::array kClosings = {"Kind regards", "Thanks a lot", "Best", "Thank you in advance",
                                  "Cheers"};
constexpr std::array kFirstNames = {"Jane",  "Omar",   "Lucía", "Tomasz", "Aiko",   "Priya",
                                    "Søren", "Chidi",  "Elif",  "Mateo",  "Noémie", "Ivan",
                                    "Grace", "Bjarte", "Leila", "Kwame"};
constexpr std::array kLastNames = {"Doe",    "Example", "Sample",  "Muster",  "Invented", "Tester",
                                   "Placey", "Fictive", "Model",   "Nobody",  "Specimen", "Imagin",
                                   "Draft",  "Mockley", "Pretend", "Stand-In"};

template <typename List>
std::string_view pick(const List& list, Random& random) {
  return list[random.below(list.size())];
}

/// `{}` becomes a feature, then a trouble; `{n}` a number.
std::string sentence(Random& random) {
  std::string out;
  bool feature = true;
  std::string_view rest = pick(kSentences, random);
  for (std::size_t open = rest.find('{'); open != std::string_view::npos; open = rest.find('{')) {
    out += rest.substr(0, open);
    if (rest.substr(open).starts_with("{n}")) {
      out += std::to_string(2 + random.below(400));
    } else {
      out += feature ? pick(kFeatures, random) : pick(kTroubles, random);
      feature = !feature;
    }
    rest.remove_prefix(rest.find('}', open) + 1);
  }
  return out += rest;
}

std::string paragraph(Random& random) {
  std::string out = sentence(random);
  for (std::uint64_t more = 1 + random.below(3); more > 0; --more) (out += ' ') += sentence(random);
  return out;
}

std::string html_message(Random& random) {
  return fmt::format(
      "<div dir=\"auto\"><p>Hello &amp; good morning,</p><p>{} <b>{}</b> &lt;urgent&gt;</p>"
      "<ul><li>one</li><li>two &nbsp; three</li></ul><a href=\"https://example.com/a?b=1&amp;c=2\">"
      "see here</a><script>alert(\"not me\")</script><br/>1 < 2 && 3 > 2</div>",
      sentence(random), sentence(random));
}

std::string nested_quotes(Random& random, int depth) {
  std::string out;
  std::string prefix;
  for (int level = 0; level < depth; ++level) {
    out += prefix + sentence(random) + "\n" + prefix + "\n";
    out += fmt::format("{}On day {} somebody@example.com wrote:\n", prefix, depth - level);
    prefix += "> ";
  }
  return out += prefix + "\"He said: 'she said: \"it works\"'\"";
}

std::string correspondence(Random& random) {
  std::string out;
  for (int mail = 40; mail > 0; --mail) {
    out += fmt::format("----- Message {} of 40 -----\nFrom: user{}@example.com\n\n{}\n\n", mail,
                       random.below(9), paragraph(random));
  }
  return out;
}

std::string of_size(Random& random, std::size_t size) {
  std::string out;
  while (out.size() < size) (out += paragraph(random)) += "\n\n";
  out.resize(size);
  return out;
}

std::string word_of(Random& random, std::size_t size) {
  std::string out;
  while (out.size() < size) out += static_cast<char>('a' + random.below(26));
  return out;
}

constexpr std::size_t kLongText = 64 * 1024;
constexpr std::size_t kLongWord = 5000;

/// Texts that are the same for everybody; prose is put behind them.
std::string_view opening(Oddity oddity) {
  switch (oddity) {
    case Oddity::emoji:
      return "🚀🎉 It works again! 👩‍👩‍👧‍👦 👍🏽 🇩🇪🇯🇵 ❤️ "
             "#️⃣ "
             "🏴‍☠️ "
             "🤷🏿‍♀️ ";
    case Oddity::right_to_left:
      return "مرحبا، التصدير لا يعمل منذ التحديث الأخير\u200f (error 500)\u200e. "
             "שלום, הייצוא אינו עובד 123 \u202bמאז העדכון\u202c. ";
    case Oddity::east_asian:
      return "エクスポートできません。導出功能無法使用，𠮷野家。내보내기가 안 됩니다. ";
    case Oddity::line_separators:
      return "line one\u2028line two\u2029paragraph\u0085next\u00a0no-break\u200bzero\ufeffwidth. ";
    case Oddity::combining_marks:
      return "e\u0301 n\u0303 u\u0308 \u0041\u030a o\u0302\u0323 z\u0351\u036b\u0313\u032a ﬁ ﬀ "
             "क्षि நி ก็ Å Å. ";
    case Oddity::escapes:
      return "{\"path\": \"C:\\\\temp\\\\new\", 'single': \"\\\"quoted\\\"\"} \\u0041 %41 &amp; "
             "\x01\x07\x1b[31mred\x1b[0m \x7f </script> '; DROP TABLE tickets; -- ${HOME} {{x}} ";
    case Oddity::formula:
      return "=HYPERLINK(\"https://example.com\",\"click\")\n+1+1\n-2\n@SUM(A1) ";
    case Oddity::whitespace: return "  \t leading blanks\r\nand CR LF\r\n\r\n\ttab  double  ";
    default: return "";
  }
}

}  // namespace

std::string subject(Random& random) {
  const bool wish = random.below(4) == 0;
  std::string out = fmt::format("{} {}", pick(kFeatures, random),
                                wish ? pick(kRequests, random) : pick(kTroubles, random));
  if (out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

std::string message(Random& random, std::size_t size) {
  std::string out(pick(kGreetings, random));
  do {
    (out += "\n\n") += paragraph(random);
  } while (out.size() < size);
  return out += fmt::format("\n\n{},\n{}", pick(kClosings, random), pick(kFirstNames, random));
}

std::string odd_subject(Oddity oddity, Random& random) {
  switch (oddity) {
    case Oddity::html: return "<b>Urgent</b> &amp; broken: " + subject(random);
    case Oddity::long_word: return word_of(random, 200);
    case Oddity::whitespace: return "  Re:\tFW:  " + subject(random) + " \t";
    case Oddity::formula: return "=1+2\";=cmd|' /C calc'!A0";
    default: return std::string(core::trim(opening(oddity))) + subject(random);
  }
}

std::string odd_message(Oddity oddity, Random& random) {
  switch (oddity) {
    case Oddity::html: return html_message(random);
    case Oddity::long_text: return of_size(random, kLongText);
    case Oddity::nested_quotes: return nested_quotes(random, 12);
    case Oddity::long_thread: return correspondence(random);
    case Oddity::long_word: return word_of(random, kLongWord) + " " + sentence(random);
    case Oddity::whitespace: return std::string(opening(oddity)) + sentence(random) + " \r\n\t ";
    default: return std::string(opening(oddity)) + message(random, 300);
  }
}

Person person(Random& random, std::uint64_t number) {
  const std::string_view first = pick(kFirstNames, random);
  const std::string_view last = pick(kLastNames, random);
  return {fmt::format("{} {}", first, last), fmt::format("customer{}@example.com", number)};
}

}  // namespace earshot::sandbox
