// SPDX-License-Identifier: Apache-2.0
// A performance played by real MIDI, real OSC and a song at once, and the same pictures from its log alone.
#include <cmath>
#include <set>
#include <vector>

#include <RtMidi.h>
#include <gtest/gtest.h>
#include <lo/lo.h>

#include "inputs/jack_users.h"
#include "studio/performance/performance_player.h"
#include "support/jack_server.h"
#include "support/scratch.h"
#include "support/sounds.h"
#include "ui/stage.h"

namespace atelier::testing {
namespace {

using namespace studio;

// Half a second of a low tone, half of silence, over and over.
void write_song(const std::filesystem::path& file, double seconds) {
    constexpr int rate = 48000;
    std::vector<float> samples;
    for (int i = 0; i < seconds * rate; ++i) {
        const double t = static_cast<double>(i) / rate;
        samples.push_back(
            static_cast<float>(std::fmod(t, 1) < 0.5 ? 0.7 * std::sin(2 * 3.14159265358979 * 80 * t) : 0));
    }
    test::write_wav(file, samples, rate);
}

TEST(LiveShow, IsTheSameFromItsLogAlone) {
    if (!test::JackServer::installed())
        GTEST_SKIP() << "there is no jackd (package jackd2)";
    test::JackServer server;
    ASSERT_TRUE(server.start());
    const test::Scratch folder;
    write_song(folder / "song.wav", 8);
    struct Seen {
        double seconds;
        RenderParams params;
    };
    std::vector<Seen> seen;
    std::filesystem::path log;
    PlayContext context;
    {
        inputs::JackUser user;
        RtMidiOut knobs(RtMidi::UNIX_JACK, "Knobs");
        knobs.openVirtualPort("out");
        const auto say = [&](std::vector<unsigned char> bytes) { knobs.sendMessage(&bytes); };

        StudioOptions options;
        options.settings_file = folder / "studio.json";
        Stage stage(64, 10, options);
        Studio& studio = *stage.studio;
        NetworkOptions& network = studio.settings.network.options;
        network.osc_port = 0;
        network.osc = true;
        Live& live = studio.live;
        live.open_devices();
        // The names that the sources have are those of the devices, as the studio hears them.
        std::string knob, pad;
        ASSERT_TRUE(stage.soon([&] {
            say({0xb0, 7, 64});
            say({0x99, 36, 100});
            for (const SourceReading& each : live.heard()) {
                if (each.source.ends_with("/1/cc/7"))
                    knob = each.source;
                if (each.source.ends_with("/10/note/36"))
                    pad = each.source;
            }
            return !knob.empty() && !pad.empty() && studio.live.network.network.osc().on;
        }));
        live.connect(knob, "noise.strength");
        live.state.connections.back().soft = false;
        live.connect(pad, "transport.next_seed");
        live.connect("osc/fader", "mix.coarse.weight");
        live.state.connections.back().soft = false;
        live.connect("audio/bass", "truncation.psi");
        live.state.connections.back().mode = ConnectionMode::add;
        live.state.connections.back().from = 0;
        live.state.connections.back().to = 0.8;
        stage.state().mix.groups[0].on = true;
        ASSERT_TRUE(live.open_song(folder / "song.wav"));
        ASSERT_TRUE(stage.soon([&] { return live.sound.song() != nullptr; }));
        live.sound.toggle_play();
        const lo_address osc = lo_address_new("127.0.0.1", std::to_string(live.network.network.osc().port).c_str());

        // Until each of them has moved its control.
        std::set<std::string> moved;
        int turn = 0;
        const float strength = stage.state().noise.strength, weight = stage.state().mix.groups[0].weight;
        const auto seed = studio.playback.seed_now();
        double least = 9, most = -9;
        ASSERT_TRUE(stage.soon([&] {
            ++turn;
            say({0xb0, 7, static_cast<unsigned char>(turn * 3 % 128)});
            if (turn % 40 == 20) {
                say({0x99, 36, 100});
                say({0x89, 36, 0});
            }
            lo_send(osc, "/fader", "f", static_cast<double>(turn % 30) / 30);
            if (turn % 50 == 10)
                lo_send(osc, "/truncation/psi", "f", 0.3 + 0.002 * (turn % 100));
            seen.push_back({studio.capture.performance.seconds(), studio.playback.program_params()});
            const double psi = seen.back().params.psi - stage.state().truncation.psi;
            least = std::min(least, psi), most = std::max(most, psi);
            if (stage.state().noise.strength != strength)
                moved.insert("MIDI control");
            if (studio.playback.seed_now() != seed)
                moved.insert("MIDI note");
            if (stage.state().mix.groups[0].weight != weight)
                moved.insert("OSC source");
            if (stage.state().truncation.psi != default_psi)
                moved.insert("OSC parameter");
            if (most - least > 0.3)
                moved.insert("sound");
            return moved.size() == 5 && turn > 300;
        })) << moved.size();
        lo_address_free(osc);
        seen.push_back({studio.capture.performance.seconds(), studio.playback.program_params()});
        context = studio.playback.context();
        log = studio.capture.performance.last_log();
    }
    server.stop(); // neither devices nor sound
    std::filesystem::remove(folder / "song.wav");
    PerformancePlayer player(load_performance(log));
    for (const Seen& each : seen) {
        player.advance_to(each.seconds);
        const RenderParams params = player.params(context);
        ASSERT_NEAR(params.psi, each.params.psi, 1e-3) << each.seconds; // a slider that has come snaps into place
        ASSERT_EQ(params.walk.seeds, each.params.walk.seeds) << each.seconds;
        ASSERT_NEAR(params.noise_strength, each.params.noise_strength, 1e-3) << each.seconds;
        ASSERT_EQ(params.mix.size(), each.params.mix.size()) << each.seconds;
        for (std::size_t i = 0; i < params.mix.size(); ++i)
            ASSERT_NEAR(params.mix[i].weight, each.params.mix[i].weight, 3e-3) << each.seconds;
    }
}

} // namespace
} // namespace atelier::testing
