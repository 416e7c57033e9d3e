// SPDX-License-Identifier: Apache-2.0
// Each call to the disk while something is recorded or exported, failing in turn: what was recorded stays and plays, a
// sentence names the file, and no part file lies about.
#include <cerrno>

#include <gmock/gmock.h>

#include "faults/failing_disk.h"
#include "faults/recorded.h"
#include "media/frame_sink.h"

namespace atelier::media {
namespace {

using faults::FailingDisk;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr int pictures = 12;

struct Fault {
    int error;
    bool stays;
};

class RecordingFaults : public Codecs, public ::testing::WithParamInterface<Codec> {
protected:
    RecordStatus record(const fs::path& path) const { return recorded(GetParam(), path, 32, pictures); }
    std::int64_t frames_in(const fs::path& path) const {
        if (GetParam() != Codec::png)
            return static_cast<std::int64_t>(read_video(path).pictures.size());
        std::int64_t n = 0;
        while (fs::exists(path / fmt::format("frame-{:06}.png", n)))
            ++n;
        return n;
    }
    void expect_kept(const RecordStatus& status, const fs::path& wanted, const std::string& call) {
        SCOPED_TRACE(call + ": " + status.message);
        EXPECT_THAT(status.message, HasSubstr(wanted.string()));
        EXPECT_THAT(status.message, Not(HasSubstr("Success")));
        if (status.kept.empty()) {
            EXPECT_EQ(status.kept_seconds, 0);
            EXPECT_THAT(files(), IsEmpty());
            return;
        }
        EXPECT_EQ(files(), std::vector{status.kept.filename().string()}) << "nothing else stays";
        EXPECT_GT(status.kept_seconds, 0);
        EXPECT_EQ(frames_in(status.kept), std::llround(status.kept_seconds * fps));
    }
    void fails_everywhere(Fault fault) {
        const fs::path path = in_folder(std::string("take") + codec_extension(GetParam()));
        int failures = 0, kept = 0;
        for (std::size_t n = 1;; ++n) {
            RecordStatus status;
            std::string call;
            bool failed = false;
            {
                FailingDisk disk(scratch_.path());
                disk.fail(n, fault.error, fault.stays);
                status = record(path);
                failed = disk.failed();
                call = fmt::format("{}: {}", n, disk.failed_call());
            }
            if (status.state == RecordState::failed) {
                expect_kept(status, path, call);
                kept += status.kept.empty() ? 0 : 1;
            } else {
                EXPECT_EQ(status.state, RecordState::done);
                EXPECT_EQ(frames_in(path), pictures) << call;
                EXPECT_THAT(files(), ::testing::SizeIs(1)) << call;
            }
            if (!failed)
                break;
            ++failures;
            for (const std::string& each : files())
                fs::remove_all(in_folder(each));
            ASSERT_LT(n, 3000U);
        }
        EXPECT_GE(failures, 5);
        EXPECT_GE(kept, 1);
    }
};

TEST_P(RecordingFaults, AFullDisk) {
    fails_everywhere({ENOSPC, true});
}

TEST_P(RecordingFaults, ADiskThatTurnsReadOnly) {
    fails_everywhere({EROFS, true});
}

TEST_P(RecordingFaults, OneBadCall) {
    fails_everywhere({EIO, false});
}

TEST_P(RecordingFaults, ShortAndInterruptedWritesCostNothing) {
    const fs::path path = in_folder(std::string("take") + codec_extension(GetParam()));
    FailingDisk disk(scratch_.path());
    disk.write_little(100);
    EXPECT_EQ(record(path).state, RecordState::done);
    EXPECT_EQ(frames_in(path), pictures);
}

// An export is bit exact and appears whole: what it fails at leaves nothing, and an older file of that name.
TEST_P(RecordingFaults, AnExportThatFailsKeepsTheOlderFile) {
    if (GetParam() == Codec::png)
        GTEST_SKIP() << "a folder with pictures is refused before anything is written";
    const OutputOptions wanted = options(GetParam(), 32, 32);
    const auto export_it = [&](unsigned seed) {
        const auto sink = make_sink(wanted);
        for (unsigned n = 0; n < 5; ++n)
            sink->add(noise_picture(32, 32, seed + n));
        sink->finish();
    };
    export_it(1);
    const std::string before = bytes_of(wanted.path);
    export_it(2);
    const std::string fresh = bytes_of(wanted.path);
    ASSERT_NE(before, fresh);
    for (const Fault fault : {Fault{ENOSPC, true}, Fault{EIO, false}}) {
        for (std::size_t n = 1;; ++n) {
            export_it(1);
            std::string said, call;
            bool failed = false;
            {
                FailingDisk disk(scratch_.path());
                disk.fail(n, fault.error, fault.stays);
                said = test::message_from<Error>([&] { export_it(2); });
                failed = disk.failed();
                call = disk.failed_call();
            }
            EXPECT_THAT(files(), ::testing::SizeIs(1)) << call;
            if (!said.empty()) {
                EXPECT_THAT(said, HasSubstr(wanted.path.string())) << call;
                EXPECT_EQ(bytes_of(wanted.path), before) << call;
            } else if (!failed) {
                EXPECT_EQ(bytes_of(wanted.path), fresh);
            } else { // a file of fragments, since there was no room for two
                EXPECT_EQ(frames_in(wanted.path), 5) << call;
            }
            if (!failed)
                break;
            ASSERT_LT(n, 3000U);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Disk, RecordingFaults, ::testing::ValuesIn(all), [](const auto& info) {
    std::string name = codec_name(info.param);
    std::erase_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); });
    return name;
});

} // namespace
} // namespace atelier::media
