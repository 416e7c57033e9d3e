// SPDX-License-Identifier: Apache-2.0
// What OSC costs the window's thread: a turn in which nothing changed, one with a change, and the longest frame while
// 100,000 messages a second come by the loopback. bin/atelier_network_bench; docs/measuring.md.
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <lo/lo.h>

#include "inputs/net/sockets.h"
#include "ui/stage.h"

namespace atelier::bench {
namespace {

using Clock = std::chrono::steady_clock;
using testing::Stage;

constexpr int flood_seconds = 10;
constexpr int a_second = 100000;

std::unique_ptr<Stage> listening_stage() {
    auto stage = std::make_unique<Stage>(64, 18, studio::StudioOptions{}, ImVec2{1280, 1400});
    for (int i = 0; i < 20; ++i)
        stage->state().directions.push_back({fmt::format("d{}", i), {.method = "sefa", .index = i}});
    NetworkOptions& options = stage->studio->settings.network.options;
    options.osc = options.query = true;
    options.osc_port = options.query_port = 0;
    stage->studio->settings.folds["NETWORK"] = true;
    stage->settle();
    return stage;
}

// A turn of the network alone; move: one parameter changes each time.
void turn(benchmark::State& state, bool move) {
    const auto stage = listening_stage();
    std::vector<studio::ParameterRef> due;
    studio::NetworkLink& link = stage->studio->live.network;
    for (auto _ : state) {
        if (move)
            stage->state().truncation.psi = stage->state().truncation.psi > 0.5 ? 0.25 : 0.75;
        link.turn(1.0 / 60, due);
    }
    state.SetLabel(fmt::format("{} parameters", link.network.mirror.table()->all().size()));
}

std::string packet(const std::string& address, float value) {
    lo_message message = lo_message_new();
    lo_message_add_float(message, value);
    std::string out(lo_message_length(message, address.c_str()), '\0');
    lo_message_serialise(message, address.c_str(), out.data(), nullptr);
    lo_message_free(message);
    return out;
}

// Parameters, triggers that do nothing to the picture, faders, new names without end, and rubbish.
void send_flood(int port, std::atomic<std::uint64_t>& sent, const std::stop_token& stop) {
    const OwnedFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const net::Place place = net::place_of("127.0.0.1", port);
    std::vector<std::string> packets;
    for (int i = 0; i < 200; ++i) {
        packets.push_back(packet("/truncation/psi", static_cast<float>(i) / 100 - 0.5F));
        packets.push_back(packet("/noise/strength", static_cast<float>(i) / 100));
        packets.push_back(packet("/atelier/tap", 1));
        packets.push_back(packet(fmt::format("/fader/{}", i), static_cast<float>(i) / 200));
        packets.push_back("no osc at all");
    }
    const auto start = Clock::now();
    for (std::uint64_t i = 0; !stop.stop_requested(); ++i) {
        const std::string bytes = i % 10 == 9 ? packet(fmt::format("/new/{}", i), 0.5F) : packets[i % packets.size()];
        sendto(socket.get(), bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&place.storage),
               place.size);
        ++sent;
        if (i % 500 == 499)
            std::this_thread::sleep_until(start + std::chrono::microseconds(i * 1000000 / a_second));
    }
}

double thread_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

// flood: whether it is one; without, the same frames for comparison.
void longest_frame(benchmark::State& state, bool flood) {
    std::string label;
    for (auto _ : state) {
        const auto stage = listening_stage();
        std::atomic<std::uint64_t> sent = 0;
        const net::Network& network = stage->studio->live.network.network;
        std::jthread sender;
        if (flood)
            sender = std::jthread(
                [&, port = network.osc().port](const std::stop_token& stop) { send_flood(port, sent, stop); });
        std::vector<double> wall, own;
        const auto end = Clock::now() + std::chrono::seconds(flood_seconds);
        while (Clock::now() < end) {
            const auto start = Clock::now();
            const double before = thread_ms();
            stage->frame();
            own.push_back(thread_ms() - before);
            wall.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
            std::this_thread::sleep_until(start + std::chrono::microseconds(16667));
        }
        sender = {};
        std::ranges::sort(wall);
        std::ranges::sort(own);
        state.SetIterationTime(wall.back() / 1000);
        label =
            fmt::format("computed at most {:.2f} ms, median {:.2f}; 99 of 100 frames within {:.2f} ms; {} frames, {} "
                        "sent, {} read, {} dropped",
                        own.back(), own[own.size() / 2], wall[wall.size() * 99 / 100], wall.size(), sent.load(),
                        network.counts.messages() + network.counts.of(net::Refusal::malformed),
                        network.counts.of(net::Refusal::overrun));
    }
    state.SetLabel(label);
}

} // namespace
} // namespace atelier::bench

int main(int argc, char** argv) {
    using namespace atelier::bench;
    benchmark::RegisterBenchmark("network_turn/still", turn, false)->Unit(benchmark::kMicrosecond);
    benchmark::RegisterBenchmark("network_turn/moving", turn, true)->Unit(benchmark::kMicrosecond);
    for (const bool flood : {false, true})
        benchmark::RegisterBenchmark(flood ? "longest_frame/flood" : "longest_frame/quiet", longest_frame, flood)
            ->Unit(benchmark::kMillisecond)
            ->UseManualTime()
            ->Iterations(1);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
