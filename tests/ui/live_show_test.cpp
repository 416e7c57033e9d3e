// SPDX-License-Identifier: Apache-2.0
// A performance played by real MIDI, real OSC and a song at once with a real model, and the same pictures from its log
// alone, byte for byte.
#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include <RtMidi.h>
#include <gtest/gtest.h>
#include <lo/lo.h>

#include "engine/loaded_model.h"
#include "inputs/jack_users.h"
#include "io/image.h"
#include "studio/adapters/engine_render_service.h"
#include "studio/performance/performance_export.h"
#include "support/jack_server.h"
#include "support/model_file.h"
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

constexpr double rate = 60; // turns a second, as Stage::frame makes them

struct Seen { // at the end of a turn
    double seconds;
    RenderParams params;
};
using Picture = std::pair<RenderParams, std::vector<std::uint8_t>>; // as it was on the screen

// The log as pictures of the turns' rate: picture n is the end of turn n.
void render_again(const Performance& log, const std::filesystem::path& folder) {
    PerformanceExport job;
    job.performance = log;
    job.output = {.path = folder, .codec = media::Codec::png, .fps = rate};
    const auto load = [](const std::string& file) {
        return std::shared_ptr<const LoadedModel>(load_model(file, "cpu"));
    };
    export_performance(job, load, {}, {});
}

// Of the pictures on the screen all that were asked for at the end of a turn; returns how many.
int expect_the_same(const std::vector<Seen>& seen, const std::vector<Picture>& pictures,
                    const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".png")
            files.push_back(entry.path());
    std::ranges::sort(files);
    int compared = 0;
    std::size_t turn = 0;
    for (const auto& [params, rgba] : pictures) {
        const auto asked = std::find_if(seen.begin() + static_cast<std::ptrdiff_t>(turn), seen.end(),
                                        [&wanted = params](const Seen& each) { return each.params == wanted; });
        if (asked == seen.end())
            continue; // before the first
        turn = static_cast<std::size_t>(asked - seen.begin());
        const auto frame = static_cast<std::size_t>(std::lround(seen[turn].seconds * rate));
        if (frame >= files.size()) {
            ADD_FAILURE() << "picture " << frame << " of " << files.size();
            break;
        }
        EXPECT_TRUE(io::read_image(files[frame], 4).pixels == rgba) << "at " << seen[turn].seconds;
        ++compared;
    }
    return compared;
}

TEST(LiveShow, IsTheSameFromItsLogAlone) {
    if (!test::JackServer::installed())
        GTEST_SKIP() << "there is no jackd (package jackd2)";
    test::JackServer server;
    ASSERT_TRUE(server.start());
    const test::Scratch folder;
    write_song(folder / "song.wav", 8);
    std::vector<Seen> seen;
    std::vector<Picture> pictures;
    std::filesystem::path log;
    PlayContext context;
    {
        inputs::JackUser user;
        RtMidiOut knobs(RtMidi::UNIX_JACK, "Knobs");
        knobs.openVirtualPort("out");
        const auto say = [&](std::vector<unsigned char> bytes) { knobs.sendMessage(&bytes); };

        StudioOptions options;
        options.settings_file = folder / "studio.json";
        options.precision = Precision::fp32;
        Stage stage(std::make_unique<EngineRenderService>(EngineOptions{"cpu", 1}), test::model_file(), options,
                    {1280, 720});
        Studio& studio = *stage.studio;
        ASSERT_TRUE(stage.soon([&] { return studio.playback.shown().pixels != nullptr; }));
        studio.playback.on_picture = [&](const Frame& frame) {
            if (!frame.preview)
                pictures.emplace_back(frame.params, frame.pixels->rgba);
        };
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
            return moved.size() == 5 && turn > 300 && pictures.size() > 100;
        })) << moved.size();
        lo_address_free(osc);
        seen.push_back({studio.capture.performance.seconds(), studio.playback.program_params()});
        context = studio.playback.context();
        log = studio.capture.performance.last_log();
    }
    server.stop(); // neither devices nor sound
    std::filesystem::remove(folder / "song.wav");
    const Performance performance = load_performance(log);
    PerformancePlayer player(performance);
    for (const Seen& each : seen) {
        player.advance_to(each.seconds);
        ASSERT_EQ(player.params(context), each.params) << each.seconds;
    }
    render_again(performance, folder / "again");
    EXPECT_GT(expect_the_same(seen, pictures, folder / "again"), 90) << pictures.size();
}

} // namespace
} // namespace atelier::testing
