// SPDX-License-Identifier: Apache-2.0
// An encoder that fails in the middle of a recording: the file ends there, plays, and a sentence says so.
#include <atomic>

extern "C" {
#include <libavcodec/avcodec.h>
}

#include <dlfcn.h>
#include <gmock/gmock.h>

#include "faults/recorded.h"

namespace {

std::atomic<int> fails_at{0}; // calls until the one that fails, of either kind; 0: none does
std::atomic<bool> has_failed{false};

bool refuse() {
    int left = fails_at.load();
    while (left > 0 && !fails_at.compare_exchange_weak(left, left - 1)) {
    }
    if (left != 1)
        return false;
    has_failed = true;
    return true;
}

template <typename Function> Function* next(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

} // namespace

// libavcodec's own, which the recorder calls.
extern "C" {
int avcodec_send_frame(AVCodecContext* context, const AVFrame* frame) {
    static auto* const real = next<int(AVCodecContext*, const AVFrame*)>("avcodec_send_frame");
    return refuse() ? AVERROR_EXTERNAL : real(context, frame);
}
int avcodec_receive_packet(AVCodecContext* context, AVPacket* packet) {
    static auto* const real = next<int(AVCodecContext*, AVPacket*)>("avcodec_receive_packet");
    return refuse() ? AVERROR_EXTERNAL : real(context, packet);
}
}

namespace atelier::media {
namespace {

constexpr int pictures = 20;

class EncoderFaults : public Codecs, public ::testing::WithParamInterface<Codec> {
protected:
    ~EncoderFaults() override { fails_at = 0; }
    RecordStatus record(const fs::path& path) const { return recorded(GetParam(), path, 64, pictures); }
};

TEST_P(EncoderFaults, WhereverItFailsTheFileEndsThereAndPlays) {
    const fs::path path = in_folder(std::string("take") + codec_extension(GetParam()));
    int kept = 0;
    double longest = 0;
    for (int n = 1;; ++n) {
        fails_at = n;
        has_failed = false;
        const RecordStatus status = record(path);
        fails_at = 0;
        if (!has_failed) {
            EXPECT_EQ(status.state, RecordState::done);
            break;
        }
        SCOPED_TRACE(fmt::format("call {}: {}", n, status.message));
        ASSERT_EQ(status.state, RecordState::failed);
        EXPECT_THAT(status.message, HasSubstr(path.string()));
        if (status.kept.empty()) {
            EXPECT_TRUE(files().empty());
        } else {
            ++kept;
            EXPECT_EQ(status.kept, path);
            EXPECT_EQ(files(), std::vector{path.filename().string()});
            EXPECT_EQ(static_cast<std::int64_t>(read_video(path).pictures.size()),
                      std::llround(status.kept_seconds * fps));
            longest = std::max(longest, status.kept_seconds);
        }
        fs::remove(path);
        ASSERT_LT(n, 1000);
    }
    EXPECT_GT(kept, 3);
    EXPECT_GT(longest, 1.0) << "of two seconds";
}

INSTANTIATE_TEST_SUITE_P(Recording, EncoderFaults, ::testing::ValuesIn(videos), [](const auto& info) {
    std::string name = codec_name(info.param);
    std::erase_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); });
    return name;
});

} // namespace
} // namespace atelier::media
