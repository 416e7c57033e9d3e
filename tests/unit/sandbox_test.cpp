// SPDX-License-Identifier: Apache-2.0
// A decoder's process may compute and nothing else; whatever it does costs one file.
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>
#include <sys/mman.h>

#include "base/error.h"
#include "prepare/cut_run.h"
#include "prepare/read_picture.h"
#include "prepare/sandboxed_decoder.h"
#include "sandbox/worker.h"
#include "support/paths.h"
#include "support/scratch.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;
using sandbox::Limits;
using sandbox::Worker;
using test::Scratch;
using testing::HasSubstr;

const fs::path odd_decoder = ATELIER_ODD_DECODER;

std::string ask(Worker& worker, const std::string& text, int fd = -1) {
    const std::vector<std::uint8_t> question(text.begin(), text.end());
    const std::vector<std::uint8_t> answer = worker.ask(question, fd);
    return {answer.begin(), answer.end()};
}

// How a worker of its own ends over it, or what it answers.
std::string outcome(const std::string& what, const Limits& limits = {}, int fd = -1) {
    Worker worker(odd_decoder, limits, 1U << 20U);
    try {
        return ask(worker, "try " + what, fd);
    } catch (const sandbox::Lost& lost) {
        EXPECT_THROW(ask(worker, "try INHERIT"), sandbox::Lost) << "it is gone for good";
        return lost.what();
    }
}

#define SKIP_WITHOUT_A_JAIL()                                                                                          \
    try {                                                                                                              \
        const Worker worker(odd_decoder, {}, 1U << 20U);                                                               \
    } catch (const sandbox::Unavailable& trouble) {                                                                    \
        GTEST_SKIP() << trouble.what();                                                                                \
    }

TEST(Sandbox, ACrashIsALine) {
    SKIP_WITHOUT_A_JAIL();
    for (const char* what : {"CRASH", "ABORT", "EXIT"}) {
        EXPECT_EQ(outcome(what), "could not be read: its decoder crashed") << what;
    }
}

TEST(Sandbox, WhatTakesTooLongIsStopped) {
    SKIP_WITHOUT_A_JAIL();
    EXPECT_EQ(outcome("HANG", {.seconds = 0.5}), "could not be read: its decoder took longer than 0.5 seconds");
    EXPECT_EQ(outcome("SLEEP", {.seconds = 60, .waiting = 1}),
              "could not be read: its decoder took longer than 1 seconds");
}

TEST(Sandbox, MemoryIsBounded) {
    SKIP_WITHOUT_A_JAIL();
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "a sanitizer's own tables take more addresses than any limit";
#endif
    EXPECT_EQ(outcome("ALLOCATE", {.memory = 256U << 20U}),
              "could not be read: its decoder wanted more memory than 256 MiB");
}

TEST(Sandbox, NothingIsWrittenSentOrStarted) {
    SKIP_WITHOUT_A_JAIL();
    const Scratch scratch;
    const fs::path file = scratch / "file";
    test::put_bytes(file, test::bytes_of("as it was"));
    const int fd = ::open(file.c_str(), O_RDWR | O_CLOEXEC); // more than any decoder gets
    ASSERT_GE(fd, 0);
    fs::remove("/tmp/atelier-odd-decoder");
    for (const char* what : {"CREATE", "REWRITE", "WRITE", "TRUNCATE", "SOCKET", "EXECUTE", "FORK", "KILL", "UNLINK"}) {
        EXPECT_EQ(outcome(what, {}, fd),
                  "could not be read: its decoder tried what a decoder never does, and was stopped")
            << what;
    }
    ::close(fd);
    EXPECT_EQ(test::file_bytes(file), test::bytes_of("as it was"));
    EXPECT_FALSE(fs::exists("/tmp/atelier-odd-decoder"));
}

TEST(Sandbox, NothingIsOpenedOrRun) {
    SKIP_WITHOUT_A_JAIL();
    const Scratch scratch;
    test::put_bytes(scratch / "file", test::bytes_of("text"));
    const int fd = ::open((scratch / "file").c_str(), O_RDONLY | O_CLOEXEC);
    for (const char* what : {"OPEN", "REOPEN", "RUN"}) {
        EXPECT_EQ(outcome(what, {}, fd), "Operation not permitted") << what;
    }
    ::close(fd);
}

TEST(Sandbox, OnlyWhatWasMeantForItIsOpen) {
    SKIP_WITHOUT_A_JAIL();
    const int not_meant = ::open("/etc/passwd", O_RDONLY); // a library that forgot O_CLOEXEC
    EXPECT_EQ(outcome("INHERIT"), "0");
    ::close(not_meant);
}

TEST(Sandbox, WithoutAProgramThereIsNone) {
    EXPECT_THROW(Worker("/nowhere/atelier-decode", {}, 4096), sandbox::Unavailable);
    EXPECT_THROW(Worker("/bin/true", {}, 4096), sandbox::Unavailable);
}

std::vector<std::uint8_t> png() {
    cv::Mat image(40, 50, CV_8UC3);
    cv::randu(image, 0, 255);
    std::vector<std::uint8_t> bytes;
    cv::imencode(".png", image, bytes);
    return bytes;
}

std::string trouble_of(prepare::Decoder& decoder, const fs::path& file) {
    try {
        decoder.open_picture({std::make_shared<const io::InputFile>(file), {}}, file.filename().string(), 0);
        decoder.picture(0);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

TEST(Sandbox, EachOfTheseCostsOneFile) {
    SKIP_WITHOUT_A_JAIL();
    const Scratch scratch;
    test::put_bytes(scratch / "good.png", png());
    prepare::SandboxedDecoder decoder(odd_decoder, {.seconds = 0.5});
    for (const auto& [what, says] :
         {std::pair("TRY CRASH", "crashed"), std::pair("TRY EXIT", "crashed"),
          std::pair("TRY HANG", "took longer than 0.5 seconds"),
          std::pair("TRY CREATE", "tried what a decoder never does"),
          std::pair("TRY SOCKET", "tried what a decoder never does"), std::pair("NONSENSE", "answered nonsense")}) {
        test::put_bytes(scratch / "bad.png", test::bytes_of(std::string(what) + "\n"));
        EXPECT_THAT(trouble_of(decoder, scratch / "bad.png"),
                    HasSubstr(std::string("bad.png: could not be read: its decoder ") + says));
        EXPECT_EQ(trouble_of(decoder, scratch / "good.png"), "") << what;
    }
}

} // namespace
} // namespace atelier
