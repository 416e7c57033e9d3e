// SPDX-License-Identifier: Apache-2.0
// Strangers' model files and songs are read in a copy of the program that can do nothing else: to the same end as in
// the program itself, whatever is in them; and what such a copy does costs one file.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <random>
#include <thread>

#include <ATen/ops/allclose.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "io/checkpoint_reader.h"
#include "io/model_formats.h"
#include "media/audio_reader.h"
#include "sandbox/forker.h"
#include "sandbox/worker.h"
#include "strangers/packed_model.h"
#include "strangers/readers.h"
#include "support/model_file.h"
#include "support/paths.h"
#include "support/scratch.h"
#include "support/sounds.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::vector<std::uint8_t> odd_answer(sandbox::Question& asked) {
    const std::string what(asked.bytes.begin(), asked.bytes.end());
    if (what == "CRASH")
        raise(SIGSEGV);
    if (what == "ABORT")
        std::abort();
    if (what == "HANG") {
        for (volatile int forever = 1; forever != 0;) {
        }
    }
    if (what == "ALLOCATE") {
        std::vector<std::vector<char>> all;
        for (;;)
            all.emplace_back(16 << 20, 'x');
    }
    if (what == "WRITE")
        std::ofstream("/tmp/atelier-strangers-test") << "mine";
    if (what == "SOCKET")
        static_cast<void>(::socket(AF_INET, SOCK_STREAM, 0));
    if (what == "FORK")
        static_cast<void>(::fork());
    if (what == "THREAD")
        std::jthread([] {}).join();
    return asked.bytes.empty() ? std::vector<std::uint8_t>{} : std::vector<std::uint8_t>(what.rbegin(), what.rend());
}

// As main() would make them: before there is any other thread.
struct First {
    std::unique_ptr<sandbox::Forker> odd;
    std::unique_ptr<strangers::Readers> readers;
    std::string trouble;
    First() {
        try {
            odd = std::make_unique<sandbox::Forker>(odd_answer);
            const sandbox::Worker worker(*odd, {}, 1U << 20U); // whether there is a jail
            readers = std::make_unique<strangers::Readers>();
        } catch (const sandbox::Unavailable& none) {
            trouble = none.what();
        }
    }
};
const First first;

class Strangers : public ::testing::Test {
protected:
    void SetUp() override {
        if (!first.trouble.empty())
            GTEST_SKIP() << first.trouble;
    }
    // What a copy of its own answers, or how it ends over it.
    static std::string outcome(const std::string& what, const sandbox::Limits& limits = {}) {
        sandbox::Worker worker(*first.odd, limits, 1U << 20U);
        try {
            const std::vector<std::uint8_t> question(what.begin(), what.end()), answer = worker.ask(question);
            return {answer.begin(), answer.end()};
        } catch (const sandbox::Lost& lost) {
            return lost.what();
        }
    }
    test::Scratch scratch_;
};

TEST_F(Strangers, WhatACopyDoesCostsOneFile) {
    EXPECT_EQ(outcome("hello"), "olleh");
    EXPECT_EQ(outcome("THREAD"), "DAERHT");
    for (const char* what : {"CRASH", "ABORT"})
        EXPECT_EQ(outcome(what), "could not be read: its decoder crashed") << what;
    for (const char* what : {"WRITE", "SOCKET", "FORK"})
        EXPECT_THAT(outcome(what), HasSubstr("tried what a decoder never does")) << what;
    EXPECT_THAT(outcome("HANG", {.seconds = 0.5}), HasSubstr("took longer than 0.5 seconds"));
    EXPECT_THAT(outcome("ALLOCATE", {.memory = 256U << 20U}), HasSubstr("wanted more memory than 256 MiB"));
    EXPECT_EQ(outcome("again"), "niaga") << "the next one is as the first";
    EXPECT_FALSE(fs::exists("/tmp/atelier-strangers-test"));
}

TEST_F(Strangers, ManyAtOnce) {
    std::vector<std::jthread> threads;
    std::atomic<int> right{0};
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&right, i] { right += outcome("ab" + std::to_string(i)) == std::to_string(i) + "ba"; });
    threads.clear();
    EXPECT_EQ(right, 8);
}

long faults_of_children() {
    rusage used{};
    getrusage(RUSAGE_CHILDREN, &used);
    return used.ru_minflt;
}

void expect_same(const io::CheckpointFile& a, const io::CheckpointFile& b) {
    EXPECT_EQ(a.kind, b.kind);
    EXPECT_EQ(a.description, b.description);
    EXPECT_EQ(a.metadata, b.metadata);
    ASSERT_EQ(a.networks.size(), b.networks.size());
    for (const auto& [name, network] : a.networks) {
        const io::NetworkData& other = b.networks.at(name);
        EXPECT_EQ(network.class_name, other.class_name);
        EXPECT_EQ(network.init_kwargs, other.init_kwargs);
        EXPECT_EQ(network.attributes, other.attributes);
        EXPECT_EQ(network.channels_are_claims, other.channels_are_claims);
        ASSERT_EQ(network.tensors.size(), other.tensors.size());
        for (std::size_t i = 0; i < network.tensors.size(); ++i) {
            const io::NamedTensor &x = network.tensors[i], &y = other.tensors[i];
            EXPECT_EQ(x.name, y.name);
            EXPECT_EQ(x.buffer, y.buffer);
            ASSERT_EQ(x.value.scalar_type(), y.value.scalar_type()) << x.name;
            ASSERT_EQ(x.value.sizes(), y.value.sizes()) << x.name;
            EXPECT_EQ(x.value.is_contiguous(), y.value.is_contiguous()) << x.name;
            EXPECT_TRUE(at::allclose(x.value, y.value, 0, 0, true)) << x.name;
        }
    }
}

struct Read {
    io::CheckpointFile file;
    std::string refused;
};
template <typename Work> Read read(const Work& work) {
    try {
        return {work(), ""};
    } catch (const Error& error) {
        return {{}, error.what()};
    }
}

// Of all that there are: what is in them, or the sentence that refuses them.
TEST_F(Strangers, ModelsAreReadToTheSameEnd) {
    std::size_t models = 0, refused = 0;
    for (const auto& each : fs::recursive_directory_iterator(test::formats_dir())) {
        const std::string ending = each.path().extension().string();
        if (!each.is_regular_file() || (ending != ".pkl" && ending != ".pt" && ending != ".pth" && ending != ".ckpt" &&
                                        ending != ".safetensors" && ending != ".bin"))
            continue;
        SCOPED_TRACE(each.path());
        const Read here = read([&] { return io::read_checkpoint_here(io::InputFile(each.path())); });
        const long before = faults_of_children();
        const Read there = read([&] { return io::read_checkpoint(each.path()); });
        EXPECT_EQ(there.refused, here.refused);
        if (here.refused.empty()) {
            ++models;
            EXPECT_GT(faults_of_children(), before) << "another process has read it";
            expect_same(there.file, here.file);
            std::vector<std::string> warnings;
            for (const std::string& warning : here.file.warnings)
                warnings.push_back(each.path().string() + ": " + warning);
            EXPECT_EQ(there.file.warnings, warnings);
        } else {
            ++refused;
        }
    }
    EXPECT_GT(models, 8U);
    EXPECT_GT(refused, 20U);
}

// What it costs: printed, for docs/security.md.
TEST_F(Strangers, TakeLittleLonger) {
    const fs::path model = test::bundled_model(), pickle = scratch_ / "model.pkl";
    if (model.empty())
        GTEST_SKIP() << "no model";
    io::written_format("nvidia")->write(pickle, io::read_checkpoint(model), {});
    const auto best_of = [](const auto& work) {
        double best = 1e9;
        for (int i = 0; i < 10; ++i) {
            const auto start = std::chrono::steady_clock::now();
            work();
            best = std::min(
                best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
        }
        return best;
    };
    const double here = best_of([&] { io::read_checkpoint_here(io::InputFile(pickle)); }),
                 there = best_of([&] { io::read_checkpoint(pickle); });
    std::printf("a pickle of %.1f MB: %.1f ms in the program itself, %.1f ms in a copy\n",
                static_cast<double>(fs::file_size(pickle)) / 1e6, here, there);
    EXPECT_LT(there, 10 * here + 1000);
}

// A process that a file has taken over may answer anything.
TEST(PackedModel, WhateverIsSaidIsAModelOrRefused) {
    const io::CheckpointFile file = io::read_checkpoint_here(
        io::InputFile(test::own_data_dir() / "formats/hostile/control/control_nvidia_pickle.pkl"));
    std::vector<std::uint8_t> memory(32U << 20U);
    const strangers::PackedAt at = strangers::pack(file, memory);
    memory.resize(at.description + at.bytes);
    expect_same(strangers::unpack(memory, at), file);
    std::mt19937 random(5);
    int refused = 0;
    for (int round = 0; round < 3000; ++round) {
        std::vector<std::uint8_t> odd = memory;
        for (unsigned i = 0; i <= random() % 3; ++i)
            odd[at.description + random() % at.bytes] = static_cast<std::uint8_t>(random());
        try {
            strangers::unpack(odd, at);
        } catch (const Error&) {
            ++refused;
        }
    }
    EXPECT_GT(refused, 500);
    for (const strangers::PackedAt& odd :
         {strangers::PackedAt{at.description, at.bytes + 1}, {~0ULL, 10}, {10, ~0ULL}, {memory.size(), 0}, {0, 0}})
        EXPECT_THROW(strangers::unpack(memory, odd), Error);
    const std::vector<std::uint8_t> deep(4U << 20U, 0x81); // a list of a list of a list ...
    EXPECT_THROW(strangers::unpack(deep, {0, deep.size()}), Error);
    EXPECT_THROW(strangers::pack(file, std::span(memory).first(1000)), Error);
}

std::vector<float> all_of(media::SoundSource& source) {
    std::vector<float> all, part(2 * 12345);
    while (const std::size_t pairs = source.read(part))
        all.insert(all.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(2 * pairs));
    return all;
}
std::vector<float> all_of(media::AudioReader& reader) {
    std::vector<float> all, part(2 * 777);
    while (const std::size_t pairs = reader.read(part))
        all.insert(all.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(2 * pairs));
    return all;
}

TEST_F(Strangers, SongsAreReadToTheSameEnd) {
    constexpr int rate = 44100;
    test::write_wav(scratch_ / "song.wav", test::clicks(rate, 3, 120), rate, 2);
    test::write_float_wav(scratch_ / "loud.wav", {0.5F, -0.5F, 1e30F, -1e30F}, rate, 2);
    std::ofstream(scratch_ / "text.wav") << "no sound";
    std::vector<fs::path> files{scratch_ / "song.wav", scratch_ / "loud.wav", scratch_ / "text.wav"};
    for (const auto& each : fs::directory_iterator(test::own_data_dir() / "fuzz" / "sound"))
        files.push_back(each.path());
    int read = 0, refused = 0;
    for (const fs::path& each : files) {
        SCOPED_TRACE(each);
        std::unique_ptr<media::SoundSource> here;
        std::string why;
        try {
            here = media::open_sound_here(std::make_shared<const io::InputFile>(each));
        } catch (const Error& error) {
            why = error.what();
        }
        const long before = faults_of_children();
        try {
            std::vector<float> there;
            {
                media::AudioReader reader(each);
                ASSERT_TRUE(here);
                EXPECT_EQ(reader.rate(), here->rate());
                EXPECT_EQ(reader.seconds(), here->seconds());
                there = all_of(reader);
            }
            EXPECT_GT(faults_of_children(), before) << "another process has read it";
            EXPECT_EQ(there, all_of(*here));
            ++read;
        } catch (const Error& error) {
            EXPECT_EQ(error.what(), why);
            ++refused;
        }
    }
    EXPECT_GE(read, 2);
    EXPECT_GE(refused, 1);
}

} // namespace
} // namespace atelier
