// SPDX-License-Identifier: Apache-2.0
// A recording by a clock of the test's own, as it ended; what goes wrong under way is the test's business.
#pragma once

#include <atomic>
#include <thread>

#include "unit/media_codec_fixture.h"

namespace atelier::media {

inline constexpr int fps = 10;

// Of pictures of `side` px, all different.
inline RecordStatus recorded(Codec codec, const fs::path& path, int side, int pictures) {
    std::atomic<double> now{0};
    RecorderOptions wanted;
    wanted.codec = codec;
    wanted.path = path;
    wanted.fps = fps;
    wanted.clock = [&now] { return now.load(); };
    wanted.threads = 1;
    Recorder recorder;
    recorder.start(wanted);
    for (int n = 0; n < pictures; ++n) {
        now = static_cast<double>(n) / fps;
        while (!recorder.submit(noise_picture(side, side, static_cast<unsigned>(n))) && recorder.status().can_stop())
            std::this_thread::sleep_for(1ms);
    }
    recorder.stop();
    while (!recorder.status().can_start())
        std::this_thread::sleep_for(1ms);
    return recorder.status();
}

} // namespace atelier::media
