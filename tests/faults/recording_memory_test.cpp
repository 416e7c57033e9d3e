// SPDX-License-Identifier: Apache-2.0
// No memory at some call of what records: a sentence, and what was recorded until then stays and plays.
#include <gmock/gmock.h>

#include "faults/memory_calls.h"
#include "faults/recorded.h"

namespace atelier::media {
namespace {

using faults::FailingMemory;
using faults::WhoseMemory;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int pictures = 12;
constexpr std::size_t picture_bytes =
    4096; // smaller pieces are never refused where the kernel promises more than it has

class RecordingWithoutMemory : public Codecs, public ::testing::WithParamInterface<Codec> {};

TEST_P(RecordingWithoutMemory, WhatWasRecordedStaysAndPlays) {
    const fs::path path = in_folder(std::string("take") + codec_extension(GetParam()));
    int failures = 0;
    faults::each_failing_call(
        WhoseMemory::other_threads, picture_bytes,
        [&](const FailingMemory& memory) {
            const RecordStatus status = recorded(GetParam(), path, 64, pictures);
            const bool failed = memory.failed();
            return [&, status, failed] {
                SCOPED_TRACE(status.message);
                if (status.state == RecordState::failed) {
                    ++failures;
                    EXPECT_TRUE(failed);
                    EXPECT_THAT(status.message, Not(HasSubstr("\n")));
                    EXPECT_FALSE(status.message.empty());
                } else {
                    EXPECT_EQ(status.state, RecordState::done);
                }
                const fs::path kept = status.state == RecordState::done ? path : status.kept;
                if (kept.empty()) {
                    EXPECT_THAT(files(), IsEmpty());
                } else {
                    EXPECT_EQ(files(), std::vector{kept.filename().string()}) << "nothing else stays";
                    if (GetParam() != Codec::png && status.message.find("can't be read back") == std::string::npos) {
                        EXPECT_NO_THROW(EXPECT_FALSE(read_video(kept).pictures.empty()))
                            << static_cast<int>(status.state);
                    }
                }
                for (const std::string& each : files())
                    fs::remove_all(in_folder(each));
            };
        },
        60);
    EXPECT_GT(failures, 0);
}

// Not ProRes: libav's muxer may leave a file that it has no memory for, and says that all went well.
INSTANTIATE_TEST_SUITE_P(Memory, RecordingWithoutMemory, ::testing::Values(Codec::h264, Codec::ffv1, Codec::png),
                         [](const auto& info) {
                             std::string name = codec_name(info.param);
                             std::erase_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); });
                             return name;
                         });

} // namespace
} // namespace atelier::media
