// SPDX-License-Identifier: Apache-2.0
// Sound through a device: clicks played into a JACK server without hardware, heard through PortAudio, found in the hub.
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <random>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>

#include "base/clock.h"
#include "inputs/audio_input.h"
#include "inputs/audio_output.h"
#include "inputs/sample_ring.h"
#include "support/jack_server.h"
#include "support/scratch.h"
#include "support/soon.h"

namespace atelier::inputs {
namespace {

using test::JackServer;
using test::soon;
using testing::HasSubstr;

// A client that hums, and clicks when it is told to.
class Player {
public:
    explicit Player(const char* name) : client_(jack_client_open(name, JackNoStartServer, nullptr)) {
        if (client_ == nullptr) {
            return;
        }
        port_ = jack_port_register(client_, "out", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0);
        jack_set_process_callback(client_, &Player::process, this);
        jack_activate(client_);
    }
    ~Player() {
        if (client_ != nullptr) {
            jack_client_close(client_);
        }
    }
    Player(const Player&) = delete;
    Player& operator=(const Player&) = delete;

    bool works() const { return client_ != nullptr && port_ != nullptr; }
    void click() { ++clicks_; }
    std::atomic<float> hum{0}; // amplitude of a tone of 93.75 Hz

private:
    static int process(jack_nframes_t frames, void* self) {
        auto& player = *static_cast<Player*>(self);
        auto* out = static_cast<float*>(jack_port_get_buffer(player.port_, frames));
        if (player.begun_ < player.clicks_.load() && player.in_click_ == 0) {
            ++player.begun_;
            player.in_click_ = 480;
        }
        for (jack_nframes_t i = 0; i < frames; ++i) {
            out[i] = player.hum * std::sin(static_cast<float>(player.phase_++ % 512) * 2 * 3.14159265f / 512);
            if (player.in_click_ > 0) {
                out[i] += 0.8f * static_cast<float>(player.in_click_--) / 480 * player.noise_(player.random_);
            }
        }
        return 0;
    }

    jack_client_t* client_;
    jack_port_t* port_ = nullptr;
    std::atomic<int> clicks_{0};
    int begun_ = 0, in_click_ = 0;
    std::uint64_t phase_ = 0;
    std::minstd_rand random_{1};
    std::uniform_real_distribution<float> noise_{-1, 1};
};

// A client that hears: keeps the frames where something loud begins.
class Ear {
public:
    explicit Ear(const char* name) : client_(jack_client_open(name, JackNoStartServer, nullptr)) {
        if (client_ == nullptr) {
            return;
        }
        port_ = jack_port_register(client_, "in", JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0);
        jack_set_process_callback(client_, &Ear::process, this);
        jack_activate(client_);
    }
    ~Ear() {
        if (client_ != nullptr) {
            jack_client_close(client_);
        }
    }
    Ear(const Ear&) = delete;
    Ear& operator=(const Ear&) = delete;

    std::atomic<int> beginnings{0};
    std::array<std::atomic<std::int64_t>, 64> at{};

private:
    static int process(jack_nframes_t frames, void* self) {
        auto& ear = *static_cast<Ear*>(self);
        const auto* in = static_cast<const float*>(jack_port_get_buffer(ear.port_, frames));
        for (jack_nframes_t i = 0; i < frames; ++i, ++ear.frame_) {
            const bool loud = std::abs(in[i]) > 0.2f;
            if (loud && ear.frame_ - ear.last_loud_ > 4800 && ear.beginnings < 64) {
                ear.at[static_cast<std::size_t>(ear.beginnings.load())] = ear.frame_;
                ++ear.beginnings;
            }
            ear.last_loud_ = loud ? ear.frame_ : ear.last_loud_;
        }
        return 0;
    }

    jack_client_t* client_;
    jack_port_t* port_ = nullptr;
    std::int64_t frame_ = 0, last_loud_ = -100'000;
};

// All that came to the hub, until now.
struct Heard {
    std::map<std::string, double> values;
    int onsets = 0;
    void take(InputHub& hub) {
        for (const SourceReading& each : hub.take()) {
            values[each.source] = each.value;
            onsets += each.source == "audio/onset" ? each.hits : 0;
        }
    }
};

class AudioInputTest : public testing::Test {
protected:
    void SetUp() override {
        if (!JackServer::installed()) {
            GTEST_SKIP() << "needs the package jackd2";
        }
        ASSERT_TRUE(server_.start());
    }
    AudioInputOptions listening(const std::string& device) const {
        AudioInputOptions options;
        options.on = true;
        options.device = device;
        options.sound.levelling = false;
        return options;
    }
    bool hears(const AudioInput& input) const {
        return soon([&] { return input.status().listening; });
    }

    JackServer server_;
    InputHub hub_;
    std::shared_ptr<PortAudio> port_ = std::make_shared<PortAudio>();
};

TEST_F(AudioInputTest, NothingIsOpenedUnlessItIsSwitchedOn) {
    AudioInput input(hub_, port_);
    input.look();
    ASSERT_TRUE(soon([&] { return input.status().looked; }));
    EXPECT_FALSE(input.status().listening);
    EXPECT_TRUE(hub_.take().empty());
}

TEST_F(AudioInputTest, ClicksArriveAsOnsetsAndAHumAsBass) {
    Player player("clicker");
    ASSERT_TRUE(player.works());
    AudioInput input(hub_, port_);
    input.set(listening("clicker (JACK)"));
    ASSERT_TRUE(hears(input)) << input.status().trouble;
    EXPECT_EQ(input.status().device, "clicker (JACK)");
    EXPECT_EQ(input.status().rate, 48000);
    EXPECT_GT(input.status().latency, 0);
    EXPECT_LT(input.status().latency, 0.2);

    player.hum = 0.5f;
    Heard heard;
    ASSERT_TRUE(soon([&] {
        heard.take(hub_);
        return std::abs(heard.values["audio/bass"] - 0.5) < 0.03;
    })) << heard.values["audio/bass"];
    EXPECT_NEAR(heard.values["audio/level"], 0.5, 0.1);
    player.hum = 0;
    ASSERT_TRUE(soon([&] {
        heard.take(hub_);
        return heard.values["audio/level"] < 0.001;
    }));
    const std::uint64_t before = input.status().onsets;
    heard.onsets = 0;
    for (int i = 1; i <= 5; ++i) {
        player.click();
        ASSERT_TRUE(soon([&] {
            heard.take(hub_);
            return heard.onsets >= i;
        })) << i;
        EXPECT_EQ(heard.onsets, i);
        ASSERT_TRUE(soon([&] { // until it has died away: then nothing hides the next
            heard.take(hub_);
            return heard.values["audio/onset"] == 0 && input.status().onset_age > 0.4;
        }));
    }
    EXPECT_EQ(input.status().onsets, before + 5);
    EXPECT_GT(input.status().peak, 0);
}

TEST_F(AudioInputTest, SwitchedOffItFallsSilent) {
    Player player("clicker");
    player.hum = 0.5f;
    AudioInput input(hub_, port_);
    input.set(listening("clicker (JACK)"));
    Heard heard;
    ASSERT_TRUE(soon([&] {
        heard.take(hub_);
        return heard.values["audio/level"] > 0.4;
    }));
    input.set({});
    ASSERT_TRUE(soon([&] {
        heard.take(hub_);
        return !input.status().listening && heard.values["audio/level"] == 0;
    }));
    EXPECT_EQ(input.status().trouble, "");
}

TEST_F(AudioInputTest, ADeviceThatIsNotThereIsToldAndTakenWhenItComes) {
    AudioInput input(hub_, port_);
    input.set(listening("clicker (JACK)"));
    ASSERT_TRUE(soon([&] { return !input.status().trouble.empty(); }));
    EXPECT_EQ(input.status().trouble, "clicker (JACK) isn't there.");
    EXPECT_FALSE(input.status().listening);
    Player player("clicker");
    EXPECT_TRUE(hears(input)) << input.status().trouble;
    EXPECT_EQ(input.status().trouble, "");
}

// What a driver writes to the terminal would stand in the middle of what a command says.
TEST(AudioInputQuiet, NoDriverSpeaksToTheTerminalAndNoDeviceIsNoError) {
    setenv("JACK_DEFAULT_SERVER", "atelier-test-nobody", 1);
    test::Scratch scratch;
    const std::string said = (scratch / "said").string();
    const int out = dup(1), err = dup(2), file = open(said.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    dup2(file, 1);
    dup2(file, 2);
    bool looked = false;
    AudioInputStatus status;
    {
        InputHub hub;
        AudioInput input(hub, std::make_shared<PortAudio>());
        input.look();
        looked = soon([&] { return input.status().looked; });
        AudioInputOptions options;
        options.on = true;
        options.device = "Theremin (ALSA)";
        input.set(options);
        soon([&] { return !input.status().trouble.empty(); });
        status = input.status();
    }
    dup2(out, 1);
    dup2(err, 2);
    for (const int each : {out, err, file}) {
        close(each);
    }
    EXPECT_TRUE(looked);
    EXPECT_EQ(status.trouble, "Theremin (ALSA) isn't there.");
    const auto bytes = test::file_bytes(said);
    EXPECT_EQ(std::string(bytes.begin(), bytes.end()), "");
}

TEST(SampleRing, LosesNothingWhileThereIsRoomAndCountsWhatItLoses) {
    SampleRing ring(1000);
    std::vector<float> in(2 * 600), out;
    for (std::size_t i = 0; i < 600; ++i) {
        in[2 * i] = static_cast<float>(i);
        in[2 * i + 1] = static_cast<float>(i) + 1;
    }
    ring.write(in.data(), 600, 2);
    ring.read(out);
    ASSERT_EQ(out.size(), 600u);
    EXPECT_EQ(out[10], 10.5f);
    for (int i = 0; i < 3; ++i) {
        ring.write(in.data(), 600, 2);
    }
    ring.read(out);
    EXPECT_EQ(out.size(), 1000u);
    EXPECT_EQ(ring.lost(), 800u);
}

TEST(SampleRing, OneWriterAndOneReaderAtOnce) {
    SampleRing ring(1 << 12);
    std::jthread writer([&](const std::stop_token&) {
        std::vector<float> block(64);
        for (int n = 0; n < 200'000;) {
            for (float& each : block) {
                each = static_cast<float>(n++);
            }
            while (ring.lost() == 0 && ring.room() < 64) {
                std::this_thread::yield();
            }
            ring.write(block.data(), 64, 1);
        }
    });
    std::vector<float> part;
    int expected = 0;
    while (expected < 200'000) {
        ring.read(part);
        for (const float each : part) {
            ASSERT_EQ(each, static_cast<float>(expected++));
        }
    }
    EXPECT_EQ(ring.lost(), 0u);
}

TEST_F(AudioInputTest, ASongIsHeardThroughTheOutputInTimeWithTheClock) {
    Ear ear("ear");
    auto song = std::make_shared<SongSamples>();
    song->rate = 48000;
    song->stereo.resize(2 * 48000 * 20);
    for (std::size_t click = 0; click < 40; ++click) { // two a second
        for (std::size_t i = 0; i < 480; ++i) {
            song->stereo[2 * (click * 24000 + i)] = i % 8 < 4 ? 20000 : -20000;
        }
    }
    AudioOutput output(port_);
    output.set(song, "ear (JACK)");
    ASSERT_TRUE(soon([&] { return output.status().open; })) << output.status().trouble;
    const double begin = steady_seconds();
    ASSERT_TRUE(soon([&] { // the clock is told every 5 ms
        output.follow(0.1 + steady_seconds() - begin, true, 1);
        return ear.beginnings >= 6;
    }));
    for (int i = 1; i < 6; ++i) { // the first ones may be where it caught up
        const std::int64_t apart = ear.at[static_cast<std::size_t>(i)] - ear.at[static_cast<std::size_t>(i) - 1];
        EXPECT_NEAR(static_cast<double>(apart) / 24000, std::max(1.0, std::round(static_cast<double>(apart) / 24000)),
                    0.1)
            << i;
    }
    const int before = ear.beginnings;
    for (int i = 0; i < 60; ++i) { // it stands
        output.follow(3, false, 1);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    EXPECT_LE(ear.beginnings, before + 1);
    output.set(nullptr, "");
    EXPECT_TRUE(soon([&] { return !output.status().open; }));
}

TEST_F(AudioInputTest, WaitingForADeviceCutsNoSongOff) {
    Ear ear("ear");
    auto song = std::make_shared<SongSamples>();
    song->rate = 48000;
    song->stereo.resize(48000);
    AudioOutput output(port_);
    output.set(song, "ear (JACK)");
    ASSERT_TRUE(soon([&] { return output.status().open; })) << output.status().trouble;
    AudioInput input(hub_, port_);
    input.set(listening("clicker (JACK)"));
    ASSERT_TRUE(soon([&] { return !input.status().trouble.empty(); }));
    for (int i = 0; i < 250; ++i) { // it is looked for every two seconds
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        ASSERT_TRUE(output.status().open) << i;
        ASSERT_EQ(output.status().trouble, "");
    }
}

TEST_F(AudioInputTest, WithoutAnOutputThatIsSaidAndNothingElse) {
    AudioOutput output(port_);
    auto song = std::make_shared<SongSamples>();
    song->rate = 48000;
    song->stereo.resize(1000);
    output.set(song, "nobody (JACK)");
    ASSERT_TRUE(soon([&] { return !output.status().trouble.empty(); }));
    EXPECT_EQ(output.status().trouble, "nobody (JACK) isn't there.");
    EXPECT_FALSE(output.status().open);
}

// The last one, for PortAudio lets go of JACK late (port_audio.cpp).
TEST_F(AudioInputTest, AServerThatVanishesIsToldAndNothingHangs) {
    auto player = std::make_unique<Player>("clicker");
    auto input = std::make_unique<AudioInput>(hub_, port_);
    input->set(listening("clicker (JACK)"));
    ASSERT_TRUE(hears(*input)) << input->status().trouble;
    player->hum = 0.5f;
    Heard heard;
    ASSERT_TRUE(soon([&] {
        heard.take(hub_);
        return heard.values["audio/level"] > 0.4;
    }));
    server_.stop();
    ASSERT_TRUE(soon([&] { return !input->status().listening && !input->status().trouble.empty(); }));
    EXPECT_THAT(input->status().trouble, HasSubstr("clicker (JACK)"));
    heard.take(hub_);
    EXPECT_EQ(heard.values["audio/level"], 0); // nothing hangs in the air
    input->set({});
    ASSERT_TRUE(soon([&] { return input->status().trouble.empty(); }));
    input->set(listening("clicker (JACK)"));
    ASSERT_TRUE(soon([&] { return !input->status().trouble.empty(); }));
    input.reset(); // at once
}

} // namespace
} // namespace atelier::inputs
