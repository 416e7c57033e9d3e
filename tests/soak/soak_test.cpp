// SPDX-License-Identifier: Apache-2.0
// The real studio, played at random from a seed for as long as it is told: memory, descriptors and threads stay what
// they were after the warm-up, nothing is complained of, and each deed does what it is to do. A minute unless
// ATELIER_SOAK_MINUTES says more (scripts/soak.sh); ATELIER_SOAK_SEED is the seed: 1 in the suite,
// so that what passes once passes again, and another one each time by the script.
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "soak/player.h"
#include "soak/process_watch.h"
#include "soak/shorten.h"
#include "soak/soak_report.h"
#include "support/paths.h"
#include "support/program.h"
#include "support/scratch.h"
#include "support/soon.h"

namespace atelier::soak {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Clock = std::chrono::steady_clock;

constexpr double most_growth = 48; // MiB, from the first third to the last

std::string told(const char* variable, const std::string& otherwise) {
    const char* value = std::getenv(variable);
    return value != nullptr && *value != '\0' ? value : otherwise;
}

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double minutes() {
    return std::stod(told("ATELIER_SOAK_MINUTES", "1"));
}

Deeds words_of(const std::string& text) {
    std::istringstream in(text);
    return {std::istream_iterator<std::string>(in), {}};
}

std::string text_of(const Deeds& deeds) {
    std::string text;
    for (const std::string& each : deeds)
        text += (text.empty() ? "" : " ") + each;
    return text;
}

// All but those of ATELIER_SOAK_WITHOUT.
Deeds chosen() {
    const Deeds without = words_of(told("ATELIER_SOAK_WITHOUT", ""));
    Deeds all = Player::deeds();
    std::erase_if(all, [&](const std::string& each) { return std::ranges::find(without, each) != without.end(); });
    return all;
}

// One studio and what was done to it.
class Evening {
public:
    Evening() {
        Player::lay_out(folder_.path());
        setenv("XDG_DATA_HOME", (folder_ / "data").c_str(), 1); // the program inherits it
        const std::vector<std::string> arguments{
            "studio", (folder_ / "a.safetensors").string(), "--size", "1280x720", "--scale", "1"};
        studio_ = std::make_unique<testing::RunningStudio>(test::program(), arguments, folder_.path(), 0);
        if (!studio_->wait([](const auto& s) { return s["counters"]["pictures"] >= 1; }))
            throw Stuck("the studio did not start\n" + studio_->messages());
        studio_->focus();
        player_ = std::make_unique<Player>(*studio_, folder_.path());
    }
    void perform(const std::string& deed) {
        done.push_back(deed);
        const auto start = Clock::now();
        player_->perform(deed);
        fmt::print("soak: {} in {:.1f} s, {:.0f} MiB\n", deed, seconds_since(start), memory_of(studio_->pid()));
        std::fflush(stdout);
    }
    Sample sample() const {
        return {0, done.back(), memory_of(studio_->pid()), sum(descriptors_of(studio_->pid())),
                sum(threads_of(studio_->pid()))};
    }
    testing::RunningStudio& studio() { return *studio_; }

    Deeds done;

private:
    test::Scratch folder_;
    std::unique_ptr<testing::RunningStudio> studio_;
    std::unique_ptr<Player> player_;
};

// Empty: all went well.
std::string played(const Deeds& deeds) {
    try {
        Evening evening;
        for (const std::string& each : deeds)
            evening.perform(each);
        const int code = evening.studio().end();
        return code == 0 ? "" : "it ended with " + std::to_string(code) + "\n" + evening.studio().messages();
    } catch (const Stuck& stuck) {
        return stuck.what();
    }
}

class Soak : public ::testing::Test {
protected:
    void SetUp() override {
        if (std::getenv("DISPLAY") == nullptr)
            GTEST_SKIP() << "no display";
        if (std::system("xdotool version >/dev/null 2>&1") != 0)
            GTEST_SKIP() << "no xdotool";
    }
    void warm_up();
    void play_on();
    void expect_as_before();
    void report();

    std::unique_ptr<Evening> evening_;
    std::uint64_t seed_ = std::stoull(told("ATELIER_SOAK_SEED", "1"));
    std::vector<Sample> samples_;
    Counts descriptors_, threads_; // the most of the warm-up
    nlohmann::json warm_;
};

// Each deed once: what is made ready at its first time is there from then on.
void Soak::warm_up() {
    for (const std::string& each : chosen()) {
        evening_->perform(each);
        for (const auto& [now, most] : {std::pair{descriptors_of(evening_->studio().pid()), &descriptors_},
                                        std::pair{threads_of(evening_->studio().pid()), &threads_}}) {
            for (const auto& [name, count] : now)
                (*most)[name] = std::max((*most)[name], count);
        }
    }
    warm_ = evening_->studio().state();
}

void Soak::play_on() {
    std::mt19937_64 random(seed_);
    const Deeds all = chosen();
    const auto start = Clock::now();
    while (seconds_since(start) < minutes() * 60) {
        evening_->perform(all[random() % all.size()]);
        samples_.push_back(evening_->sample());
        samples_.back().seconds = seconds_since(start);
    }
}

void Soak::expect_as_before() {
    const pid_t process = evening_->studio().pid();
    const auto more = [&](auto counts, const Counts& before) {
        test::soon([&] { return sum(counts(process)) <= sum(before); }); // threads end a moment after their work
        return sum(counts(process)) <= sum(before) ? std::string() : more_of(counts(process), before);
    };
    EXPECT_EQ(more(descriptors_of, descriptors_), "");
    EXPECT_EQ(more(threads_of, threads_), "");
    EXPECT_LT(growth(samples_), most_growth) << curve_of(samples_);
}

void Soak::report() {
    const auto [least, most] = std::minmax_element(samples_.begin(), samples_.end(),
                                                   [](const auto& a, const auto& b) { return a.memory < b.memory; });
    fmt::print("soak: seed {}, {} deeds in {:.0f} s; memory {:.0f} to {:.0f} MiB, grown by {:.1f} MiB, {:+.2f} MiB a "
               "minute; {} descriptors, {} threads\nsoak: {}\n",
               seed_, samples_.size(), samples_.back().seconds, least->memory, most->memory, growth(samples_),
               slope(samples_), samples_.back().descriptors, samples_.back().threads,
               frames_between(warm_, evening_->studio().state()));
    if (const std::string curve = told("ATELIER_SOAK_CURVE", ""); !curve.empty())
        std::ofstream(curve) << curve_of(samples_);
}

TEST_F(Soak, AnEveningAtRandomLeavesTheStudioAsItWas) {
    fmt::print("soak: seed {}\n", seed_);
    std::string stuck;
    try {
        evening_ = std::make_unique<Evening>();
        warm_up();
        play_on();
    } catch (const Stuck& problem) {
        stuck = problem.what();
    }
    if (!stuck.empty()) {
        ASSERT_TRUE(evening_) << stuck;
        Deeds deeds = evening_->done;
        const std::string messages = evening_->studio().messages();
        evening_.reset();
        if (!told("ATELIER_SOAK_SHORTEN", "").empty())
            deeds = shortened(
                deeds, [](const Deeds& some) { return !played(some).empty(); }, 100);
        FAIL() << "seed " << seed_ << "; a line for tests/soak/found.txt:\n"
               << text_of(deeds) << "\n"
               << stuck << "\n"
               << messages;
    }
    report();
    expect_as_before();
    EXPECT_EQ(evening_->studio().end(), 0);
    EXPECT_THAT(evening_->studio().messages(), Not(::testing::AnyOf(HasSubstr("error"), HasSubstr("ERROR"))));
}

// Each list of deeds that failed once.
TEST_F(Soak, WhatFailedOnceWorks) {
    std::ifstream in(test::source_dir() / "tests" / "soak" / "found.txt");
    int lists = 0;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.starts_with('#'))
            continue;
        ++lists;
        EXPECT_EQ(played(words_of(line)), "") << line;
    }
    EXPECT_GE(lists, 1);
}

TEST(Shorten, LeavesOutWhatIsNotNeeded) {
    Deeds deeds;
    for (int i = 0; i < 40; ++i)
        deeds.push_back(i == 7 ? "open" : i == 29 ? "record" : "walk");
    int asked = 0;
    const auto fails = [&](const Deeds& some) { // a recording after something was opened
        ++asked;
        const auto open = std::ranges::find(some, "open");
        return std::find(open, some.end(), "record") != some.end();
    };
    EXPECT_THAT(shortened(deeds, fails, 1000), ElementsAre("open", "record"));
    EXPECT_LT(asked, 60);
    EXPECT_THAT(shortened({"record"}, fails, 1000), ElementsAre("record"));
    EXPECT_EQ(shortened(deeds, fails, 0), deeds);
}

TEST(SoakReport, TellsWhatWasLostFromWhatComesAndGoes) {
    std::vector<Sample> busy, lost;
    for (int i = 0; i < 30; ++i) {
        busy.push_back({i * 2.0, "", 100.0 + 50 * (i % 3), 0, 0});
        lost.push_back({i * 2.0, "", 100.0 + 50 * (i % 3) + i * 4, 0, 0});
    }
    EXPECT_EQ(growth(busy), 0);
    EXPECT_EQ(growth(lost), 20 * 4 + 4);
    EXPECT_NEAR(slope(lost) - slope(busy), 120, 1e-6);
    const nlohmann::json before = {{"frames", {{"steps", {{1.0, 100}, {70.0, 2}}}}}},
                         after = {{"frames", {{"steps", {{1.0, 190}, {20.0, 9}, {70.0, 3}}}}}};
    EXPECT_EQ(frames_between(before, after),
              "100 frames: half within 1.0 ms, 99 of 100 within 20.0 ms, all within 70 ms; 1 over 50 ms");
}

} // namespace
} // namespace atelier::soak
