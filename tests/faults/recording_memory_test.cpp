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

class RecordingWithoutMemory : public Codecs, public ::testing::WithParamInterface<Codec> {
protected:
    // As a player finds them; -1: it doesn't play.
    std::int64_t pictures_in(const fs::path& kept) const {
        if (GetParam() == Codec::png)
            return std::distance(fs::directory_iterator(kept), fs::directory_iterator());
        try {
            return static_cast<std::int64_t>(read_video(kept).pictures.size());
        } catch (const std::exception&) {
            return -1;
        }
    }
};

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
                    EXPECT_EQ(pictures_in(kept),
                              status.state == RecordState::done ? pictures : std::llround(status.kept_seconds * fps));
                }
                for (const std::string& each : files())
                    fs::remove_all(in_folder(each));
            };
        },
        GetParam() == Codec::png ? 60 : 300);
    EXPECT_GT(failures, 0);
}

INSTANTIATE_TEST_SUITE_P(Memory, RecordingWithoutMemory, ::testing::ValuesIn(all), [](const auto& info) {
    std::string name = codec_name(info.param);
    std::erase_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); });
    return name;
});

} // namespace
} // namespace atelier::media
