// Command lines: what is accepted, and that each mistake is one sentence saying what would be
// right.
#include <gtest/gtest.h>

#include <set>

#include "base/text.hpp"
#include "cli/arguments.hpp"

namespace lockstep::cli {

namespace {

Result<Invocation> parse(std::string_view line) {
    static std::vector<std::string> kept; // the views must outlive the call
    kept.emplace_back(line);
    std::vector<std::string_view> words;
    for (const auto word : split(kept.back(), ' ')) {
        if (!word.empty())
            words.push_back(word);
    }
    return parse_arguments(words);
}

std::string mistake(std::string_view line) {
    const auto parsed = parse(line);
    return parsed ? "accepted" : parsed.error().text;
}

} // namespace

TEST(Arguments, FindTheCommandItsParametersAndOptions) {
    const auto parsed = parse(
        "--data /d account add anna@example.org --name=Anna --language de --password-stdin --json"
    );
    ASSERT_TRUE(parsed) << parsed.error().text;
    EXPECT_EQ(parsed->command->words, "account add");
    EXPECT_EQ(parsed->data, "/d");
    EXPECT_TRUE(parsed->json);
    EXPECT_TRUE(parsed->password_stdin);
    EXPECT_EQ(parsed->args.at("address"), "anna@example.org");
    EXPECT_EQ(parsed->args.at("name"), "Anna");
    EXPECT_EQ(parsed->args.at("language"), "de");
}

TEST(Arguments, GlobalOptionsMayStandAnywhere) {
    const auto parsed = parse("serve --set a.b=1 --data /d --set c.d=x=y");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->sets, (std::vector<std::string>{"a.b=1", "c.d=x=y"}));
    EXPECT_EQ(parsed->data, "/d");
    EXPECT_EQ(parse("verify")->data, "/var/lib/lockstep");
}

TEST(Arguments, ThreeWordCommandsAndFlags) {
    const auto parsed = parse("group member add team@example.org anna@example.org");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->command->words, "group member add");
    EXPECT_EQ(parsed->args.at("member"), "anna@example.org");
    EXPECT_EQ(parse("verify --recount")->args.at("recount"), "true");
    EXPECT_TRUE(parse("device list")->args.empty());
}

TEST(Arguments, DashesEndTheOptions) {
    const auto parsed = parse("domain add -- --odd.example");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->args.at("name"), "--odd.example");
}

TEST(Arguments, MistakesAreOneSentence) {
    EXPECT_EQ(
        mistake("acount list"),
        "there is no command 'acount'; 'lockstep --help' lists what there is"
    );
    EXPECT_EQ(
        mistake("account lst"),
        "there is no command 'account lst'; 'lockstep account --help' lists what there is"
    );
    EXPECT_EQ(mistake(""), "a command is needed; 'lockstep --help' lists them");
    EXPECT_EQ(mistake("account"), "'account' needs a verb; 'lockstep account --help' lists them");
    EXPECT_EQ(
        mistake("domain add"), "'lockstep domain add' needs NAME: domain name, such as example.org"
    );
    EXPECT_EQ(mistake("domain add a b"), "'b' is one word too many for 'lockstep domain add'");
    EXPECT_EQ(mistake("domain list --colour"), "there is no option --colour");
    EXPECT_EQ(mistake("domain list --recount"), "'lockstep domain list' has no option --recount");
    EXPECT_EQ(mistake("domain list --json=yes"), "--json takes no value");
    EXPECT_EQ(mistake("domain list --data"), "--data needs a value: --data DIR");
    EXPECT_EQ(mistake("domain list --data="), "--data needs a path");
    EXPECT_EQ(
        mistake("domain list --password-stdin"),
        "'lockstep domain list' has no option --password-stdin"
    );
    EXPECT_EQ(mistake("domain add \xff"), "NAME is not text");
}

TEST(Arguments, APasswordIsNeverAnArgument) {
    EXPECT_EQ(mistake("account add a@example.org --password x"), "there is no option --password");
    for (const auto& command : commands()) {
        for (const auto& option : command.options)
            EXPECT_NE(option.name, "password") << command.words;
    }
}

TEST(Help, IsThereForEveryCommandAndNoun) {
    EXPECT_TRUE(parse("--help")->help);
    EXPECT_TRUE(parse("-h")->help);
    for (const auto& command : commands()) {
        const auto parsed = parse(std::string(command.words) + " --help");
        ASSERT_TRUE(parsed && parsed->help) << command.words;
        const auto text = help_text(parsed->words);
        EXPECT_NE(text.find("usage: lockstep " + std::string(command.words)), std::string::npos)
            << text;
        EXPECT_NE(text.find(command.doc), std::string::npos) << text;
        const auto noun = std::string(command.words.substr(0, command.words.find(' ')));
        EXPECT_TRUE(parse(noun + " --help")->help) << noun;
    }
    EXPECT_NE(
        help_text("account").find("account app-password add ADDRESS NAME"), std::string::npos
    );
    EXPECT_EQ(help_text("account").find("domain add"), std::string::npos);
    EXPECT_EQ(help_text("").find("config doc"), std::string::npos) << "hidden";
}

TEST(Commands, HaveWordsThatCannotBeMistaken) {
    std::set<std::string_view> words;
    for (const auto& command : commands()) {
        EXPECT_TRUE(words.insert(command.words).second) << command.words;
        EXPECT_TRUE(command.doc.ends_with('.')) << command.words;
        for (const auto& other : commands()) {
            EXPECT_FALSE(other.words.starts_with(std::string(command.words) + " "))
                << command.words << " and " << other.words;
        }
    }
}

} // namespace lockstep::cli
