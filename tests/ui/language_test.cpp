// SPDX-License-Identifier: Apache-2.0
// What the interface says in other languages: tables, gaps, names that stay, and what they lack.
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "studio/core/language.h"
#include "studio/state/parameters.h"
#include "support/paths.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {
using namespace studio;

Translator of(const char* table) {
    return Translator(table, "test.json");
}

std::string refusal(const char* table) {
    try {
        of(table);
        return {};
    } catch (const Error& error) {
        return error.what();
    }
}

TEST(Translator, SaysEnglishWithoutATable) {
    Translator say;
    EXPECT_EQ(say("Walk"), "Walk");
}

TEST(Translator, KnowsWholeSentencesAndThoseWithGaps) {
    Translator say = of(R"({"Walk": "W", "{} of {} pictures": "{1}/{0}", "Reset to {}": "<{0:t}>", "{} s": "{} sec",
                            "Seed {}. Click": "click {}"})");
    EXPECT_EQ(say("Walk"), "W");
    EXPECT_EQ(say("3 of 12 pictures"), "12/3");
    EXPECT_EQ(say("Reset to Walk"), "<W>") << "what is in the gap is said, too";
    EXPECT_EQ(say("Reset to 0.5 s"), "<0.5 sec>");
    EXPECT_EQ(say("Seed 85. Click"), "click 85");
    EXPECT_EQ(say("Seed . Click"), "Seed . Click") << "no gap is empty";
    EXPECT_EQ(say("pictures"), "pictures");
    EXPECT_EQ(say("0.70"), "0.70");
}

TEST(Translator, TakesTheSurerOfTwoSentences) {
    Translator say = of(R"({"{} is kept": "A {}", "The log {} is kept": "B {}"})");
    EXPECT_EQ(say("The log a.txt is kept"), "B a.txt");
    EXPECT_EQ(say("Walk is kept"), "A Walk");
}

TEST(Translator, NotesWhatItLacks) {
    Translator say = of(R"({"Walk": "W"})");
    std::set<std::string> unsaid;
    say.unsaid = &unsaid;
    say("Walk");
    say("Mix");
    say("1 / 2");
    EXPECT_THAT(unsaid, ::testing::ElementsAre("Mix"));
}

TEST(Translator, RefusesWhatIsNoTable) {
    EXPECT_THAT(refusal("[1]"), ::testing::HasSubstr("test.json"));
    EXPECT_THAT(refusal(R"({"Walk": 1})"), ::testing::HasSubstr("'Walk'"));
    EXPECT_THAT(refusal(R"({"{}{} x": "a"})"), ::testing::HasSubstr("side by side"));
    EXPECT_THAT(refusal("{"), ::testing::HasSubstr("test.json"));
}

TEST(Languages, AreChosenByCodeOrByTheSystem) {
    EXPECT_EQ(language_of("ko").code, "ko");
    setenv("LC_ALL", "ko_KR.UTF-8", 1);
    EXPECT_EQ(language_of("").code, "ko");
    EXPECT_EQ(language_of("en").code, "en") << "what is chosen comes first";
    EXPECT_EQ(language_of("xx").code, "ko");
    setenv("LC_ALL", "C", 1);
    EXPECT_EQ(language_of("").code, "en");
    unsetenv("LC_ALL");
}

// Each gap of the translation is one of the English sentence.
TEST(Languages, TablesFitTheirSentences) {
    for (const Language& language : languages()) {
        if (language.table.empty())
            continue;
        const auto table = nlohmann::json::parse(language.table);
        EXPECT_GT(table.size(), 1000U);
        for (const auto& [english, said] : table.items()) {
            const auto text = said.get<std::string>();
            EXPECT_FALSE(text.empty()) << english;
            int gaps = 0;
            for (std::size_t at = 0; (at = english.find("{}", at)) != std::string::npos; at += 2)
                ++gaps;
            for (std::size_t at = 0; (at = text.find('{', at)) != std::string::npos; ++at) {
                if (text[at + 1] >= '0' && text[at + 1] <= '9')
                    EXPECT_LT(text[at + 1] - '0', gaps) << english;
                else
                    EXPECT_GT(gaps, 0) << english;
            }
        }
    }
}

TEST(Languages, HaveEveryParameterAndEveryKey) {
    const Stage stage;
    for (const Language& language : languages()) {
        Translator say = translator_of(language);
        std::set<std::string> unsaid;
        say.unsaid = &unsaid;
        for (const ParameterSection& section : parameter_sections()) {
            for (const Parameter& each : section.rows) {
                say(each.label);
                say(each.tooltip);
                for (const ChoiceText& choice : each.choices) {
                    say(choice.text);
                    say(choice.tooltip);
                }
            }
        }
        for (const KeyGroup& group : stage.studio->keys().groups()) {
            say(group.title);
            for (const Binding& binding : group.bindings)
                say(binding.text);
        }
        EXPECT_THAT(unsaid, ::testing::IsEmpty()) << language.name;
    }
}

// Messages of the engines come behind the name of a file, which stays.
TEST(Languages, SayMessagesBehindNames) {
    Translator say = translator_of(language_of("ko"));
    const std::string said(say("/a/b.npz: holds no latents"));
    EXPECT_THAT(said, ::testing::StartsWith("/a/b.npz: "));
    EXPECT_THAT(said, ::testing::Not(::testing::HasSubstr("holds")));
    EXPECT_EQ(say("/a/b.npz: something unheard of"), "/a/b.npz: something unheard of");
}

// What somebody named stays as it is, whatever word it is.
TEST(Languages, LeaveNamesAlone) {
    Stage stage;
    stage.studio->settings.language = "ko";
    stage.frame();
    Ui& ui = Ui::current();
    const std::string said(ui.say("Walk"));
    ASSERT_NE(said, "Walk");
    EXPECT_EQ(measure(Face::body, Own{"Walk"}).x, measure(Face::body, Own{std::string_view("Walk")}).x);
    EXPECT_EQ(measure(Face::body, "Walk").x, measure(Face::body, Own{said}).x);
    EXPECT_NE(measure(Face::body, "Walk").x, measure(Face::body, Own{"Walk"}).x);
    stage.studio->settings.language = "en";
    stage.frame();
    EXPECT_EQ(ui.say("Walk"), "Walk") << "at once";
}

} // namespace
} // namespace atelier::testing
