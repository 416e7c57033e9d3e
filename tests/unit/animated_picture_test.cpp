// SPDX-License-Identifier: Apache-2.0
// Animated WebP: its pictures, their times, alpha, and that it is whole or not there.
#include <gmock/gmock.h>
#include <webp/demux.h>

#include "base/error.h"
#include "media/output.h"
#include "support/media_fixture.h"
#include "support/scratch.h"

namespace atelier::media {
namespace {

using test::number_of;
using test::numbered_picture;

class Animated : public test::MediaTest {
protected:
    OutputOptions options(const char* name, double fps, int crf = 0, bool alpha = false) {
        OutputOptions out;
        out.path = in_folder(name);
        out.codec = Codec::webp;
        out.width = out.height = 16;
        out.fps = fps;
        out.crf = crf;
        out.alpha = alpha;
        return out;
    }
    static void write(const OutputOptions& options, int frames) {
        const auto sink = make_sink(options);
        for (int n = 0; n < frames; ++n)
            sink->add(numbered_picture(16, n));
        sink->finish();
    }
    struct Shown {
        std::vector<std::vector<std::uint8_t>> pictures; // RGBA
        std::vector<int> ends;                           // ms
        std::uint32_t loops = 1;
    };
    static Shown read(const std::filesystem::path& file) {
        const auto bytes = test::file_bytes(file);
        const WebPData data{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
        const std::unique_ptr<WebPAnimDecoder, void (*)(WebPAnimDecoder*)> decoder(WebPAnimDecoderNew(&data, nullptr),
                                                                                   WebPAnimDecoderDelete);
        Shown shown;
        WebPAnimInfo info;
        if (!decoder || WebPAnimDecoderGetInfo(decoder.get(), &info) == 0)
            return shown;
        shown.loops = info.loop_count;
        std::uint8_t* pixels = nullptr;
        for (int end = 0; WebPAnimDecoderGetNext(decoder.get(), &pixels, &end) != 0;) {
            shown.pictures.emplace_back(pixels, pixels + std::size_t{4} * info.canvas_width * info.canvas_height);
            shown.ends.push_back(end);
        }
        return shown;
    }
};

TEST_F(Animated, HasItsPicturesAtTheirTimes) {
    write(options("a.webp", 29.97), 4);
    const Shown shown = read(in_folder("a.webp"));
    ASSERT_EQ(shown.pictures.size(), 4U);
    for (int n = 0; n < 4; ++n)
        EXPECT_EQ(shown.pictures[static_cast<std::size_t>(n)], numbered_picture(16, n).rgba) << n;
    EXPECT_THAT(shown.ends, testing::ElementsAre(33, 67, 100, 133));
    EXPECT_EQ(shown.loops, 0U) << "it begins again by itself";
}

TEST_F(Animated, QualityLosesLittle) {
    const PixelBuffer first = test::noise_picture(16, 16, 1);
    const auto sink = make_sink(options("a.webp", 10, 16));
    sink->add(first);
    sink->add(numbered_picture(16, 3));
    sink->finish();
    const Shown shown = read(in_folder("a.webp"));
    ASSERT_EQ(shown.pictures.size(), 2U);
    EXPECT_NE(shown.pictures[0], first.rgba);
    EXPECT_EQ(number_of(shown.pictures[1]), 3);
}

TEST_F(Animated, KeepsAlphaWhereThereIsSome) {
    PixelBuffer picture = numbered_picture(16, 1);
    for (std::size_t i = 3; i < picture.rgba.size(); i += 8)
        picture.rgba[i] = 77;
    for (const bool alpha : {false, true}) {
        const auto sink = make_sink(options("a.webp", 10, 0, alpha));
        sink->add(picture);
        sink->add(numbered_picture(16, 2));
        sink->finish();
        EXPECT_EQ(read(in_folder("a.webp")).pictures.front()[3], alpha ? 77 : 255);
    }
}

TEST_F(Animated, TheSameFramesGiveTheSameBytes) {
    write(options("a.webp", 25, 20), 5);
    write(options("b.webp", 25, 20), 5);
    EXPECT_EQ(test::file_bytes(in_folder("a.webp")), test::file_bytes(in_folder("b.webp")));
}

TEST_F(Animated, ThatIsNotFinishedLeavesNothing) {
    {
        const auto sink = make_sink(options("a.webp", 25));
        sink->add(numbered_picture(16, 0));
        EXPECT_THROW(sink->add(numbered_picture(8, 0)), Error);
        sink->cancel();
        EXPECT_THROW(sink->add(numbered_picture(16, 0)), Error);
    }
    EXPECT_TRUE(files().empty());
    EXPECT_THROW(make_sink(options("a.webp", 25))->finish(), Error) << "no picture came";
    OutputOptions large = options("a.webp", 25);
    large.width = 16384;
    EXPECT_THROW(make_sink(large), Error);
    EXPECT_EQ(codec_for("walk.webp"), Codec::webp);
    EXPECT_TRUE(keeps_alpha(options("a.webp", 25)));
}

} // namespace
} // namespace atelier::media
