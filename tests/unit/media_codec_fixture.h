// SPDX-License-Identifier: Apache-2.0
// What the tests of codecs share.
#pragma once

#include <csignal>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "base/error.h"
#include "io/image.h"
#include "media/output.h"
#include "media/recorder.h"
#include "support/media_fixture.h"
#include "support/video_reader.h"

namespace atelier::media {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using test::noise_picture;
using test::number_of;
using test::numbered_picture;
using test::plain_picture;
using test::read_video;
using test::rgb_of;
using testing::HasSubstr;

inline constexpr Codec videos[] = {Codec::h264, Codec::prores, Codec::ffv1};
inline constexpr Codec all[] = {Codec::h264, Codec::prores, Codec::ffv1, Codec::png};

class Codecs : public test::MediaTest {
protected:
    OutputOptions options(Codec codec, int width, int height, const std::string& name = "out") const {
        OutputOptions result;
        result.codec = codec;
        result.path = in_folder(name + codec_extension(codec));
        result.width = width;
        result.height = height;
        return result;
    }
};

inline std::string bytes_of(const fs::path& path) {
    if (fs::is_directory(path)) {
        std::string all;
        for (int n = 0; fs::exists(path / fmt::format("frame-{:06}.png", n)); ++n) {
            all += bytes_of(path / fmt::format("frame-{:06}.png", n));
        }
        return all;
    }
    return test::bytes_in(path);
}

// A moving shape over noise: work for every part of an encoder.
inline PixelBuffer moving_picture(int size, int n) {
    PixelBuffer picture = noise_picture(size, size, static_cast<unsigned>(n / 4));
    for (int y = size / 4; y < size / 2; ++y) {
        for (int x = n; x < n + size / 4; ++x) {
            picture.rgba[static_cast<std::size_t>(y * size + x % size) * 4] = 250;
        }
    }
    return picture;
}

} // namespace atelier::media
