// SPDX-License-Identifier: Apache-2.0
// What recording costs the thread that shows the pictures: Recorder::submit, 512 x 512, 60 times a second.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <unistd.h>

#include "base/flash_meter.h"
#include "bench/benchmarks.h"
#include "media/recorder.h"

namespace atelier::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int side = 512, frames = 300;

// Soft shapes that move, as a model's pictures do: noise would be an encoder's worst case, a still picture its best.
PixelBuffer picture(int n) {
    PixelBuffer made{side, side, {}};
    made.rgba.resize(std::size_t{side} * side * 4);
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            std::uint8_t* at = &made.rgba[static_cast<std::size_t>(y * side + x) * 4];
            at[0] = static_cast<std::uint8_t>((x * x / 300 + n * 5) & 255);
            at[1] = static_cast<std::uint8_t>((y * (x + 90) / 400 - n * 3) & 255);
            at[2] = static_cast<std::uint8_t>((x + y + n * 9) & 255);
            at[3] = 255;
        }
    }
    return made;
}

void record(benchmark::State& state, media::Codec codec) {
    std::vector<PixelBuffer> pictures;
    for (int n = 0; n < 16; ++n) {
        pictures.push_back(picture(n));
    }
    media::RecorderOptions options;
    options.path = std::filesystem::temp_directory_path() /
                   fmt::format("atelier-bench-{}{}", getpid(), media::codec_extension(codec));
    options.codec = codec;
    options.crf = 18;
    options.fps = 60;
    media::Recorder recorder;
    recorder.start(options);
    auto due = Clock::now();
    double longest = 0;
    std::size_t n = 0;
    for (auto _ : state) {
        due += std::chrono::microseconds(1'000'000 / 60);
        std::this_thread::sleep_until(due);
        const auto before = Clock::now();
        recorder.submit(pictures[n++ % pictures.size()]);
        const double seconds = std::chrono::duration<double>(Clock::now() - before).count();
        longest = std::max(longest, seconds);
        state.SetIterationTime(seconds);
    }
    const auto before = Clock::now();
    recorder.stop();
    const double stop = std::chrono::duration<double>(Clock::now() - before).count();
    while (!recorder.status().can_start()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    const double finish = std::chrono::duration<double>(Clock::now() - before).count();
    const media::RecordStatus status = recorder.status();
    if (status.state != media::RecordState::done) {
        state.SkipWithError(status.message.c_str());
    }
    state.SetLabel(fmt::format("longest {:.2f} ms, stop {:.2f} ms, {} of {} dropped, whole file {:.2f} s after",
                               longest * 1e3, stop * 1e3, status.frames_dropped, n, finish));
    std::error_code ignored;
    std::filesystem::remove_all(options.path, ignored);
}

// What looking for flashes costs a picture.
void flash_guard(benchmark::State& state) {
    const auto width = static_cast<int>(state.range(0)), height = width * 9 / 16;
    PixelBuffer pictures[2];
    for (int i = 0; i < 2; ++i) {
        pictures[i] = {width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height * 4)};
        std::ranges::fill(pictures[i].rgba, static_cast<std::uint8_t>(i * 255));
    }
    FlashMeter meter;
    int n = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(meter.add(pictures[n % 2], n / 60.0));
        ++n;
    }
    state.SetLabel(fmt::format("{} x {} px", width, height));
}

} // namespace

void register_record_benchmarks() {
    benchmark::RegisterBenchmark("flash_guard", flash_guard)
        ->Arg(512)
        ->Arg(1920)
        ->Arg(3840)
        ->Unit(benchmark::kMicrosecond);
    for (const media::Codec codec : {media::Codec::h264, media::Codec::prores, media::Codec::ffv1, media::Codec::png}) {
        const std::string name =
            codec == media::Codec::h264 ? "record_60fps" : fmt::format("record_60fps/{}", codec_name(codec));
        benchmark::RegisterBenchmark(name.c_str(), record, codec)
            ->Unit(benchmark::kMillisecond)
            ->UseManualTime()
            ->Iterations(frames);
    }
}

} // namespace atelier::bench
