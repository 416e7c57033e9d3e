// SPDX-License-Identifier: Apache-2.0
// Pictures to a video device, against something that stands for it: what is asked of it, what it may answer, and that
// nobody waits for it.
#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <map>
#include <mutex>

#include <linux/videodev2.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "outputs/v4l2_output.h"
#include "outputs/yuyv.h"
#include "support/fake_video_devices.h"
#include "support/soon.h"

namespace {

using namespace atelier;
using namespace atelier::outputs;
using test::FakeVideoDevices;
using test::soon;
using testing::HasSubstr;

std::shared_ptr<const PixelBuffer> picture(int width, int height, std::uint8_t red = 255, std::uint8_t green = 0,
                                           std::uint8_t blue = 0) {
    auto out = std::make_shared<PixelBuffer>();
    out->width = width;
    out->height = height;
    for (int i = 0; i < width * height; ++i)
        out->rgba.insert(out->rgba.end(), {red, green, blue, 255});
    return out;
}

TEST(Yuyv, IsBt601OfLimitedRange) {
    const auto four = [](std::uint8_t r, std::uint8_t g, std::uint8_t b) {
        std::vector<std::uint8_t> out;
        to_yuyv(*picture(2, 1, r, g, b), 4, out);
        return out;
    };
    using Bytes = std::vector<std::uint8_t>; // as the standard's table of colour bars has them
    EXPECT_EQ(four(255, 255, 255), (Bytes{235, 128, 235, 128}));
    EXPECT_EQ(four(0, 0, 0), (Bytes{16, 128, 16, 128}));
    EXPECT_EQ(four(255, 0, 0), (Bytes{81, 90, 81, 240}));
    EXPECT_EQ(four(0, 255, 0), (Bytes{145, 54, 145, 34}));
    EXPECT_EQ(four(0, 0, 255), (Bytes{41, 240, 41, 110}));
}

TEST(Yuyv, PairsShareTheirColourAndAnOddColumnStandsTwice) {
    PixelBuffer three{3, 1, {255, 0, 0, 255, 0, 0, 255, 255, 255, 255, 255, 255}, {}};
    std::vector<std::uint8_t> out;
    to_yuyv(three, 12, out); // rows of a device that are longer
    ASSERT_EQ(out.size(), 12u);
    EXPECT_EQ((std::vector<std::uint8_t>(out.begin(), out.begin() + 8)),
              (std::vector<std::uint8_t>{81, 165, 41, 175, 235, 128, 235, 128}));
}

TEST(VideoDevices, ThoseThatTakePicturesAreListed) {
    FakeVideoDevices devices;
    devices.add("/dev/video0", {.name = "Camera", .capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING});
    devices.add("/dev/video2", {.name = "Loopback"});
    devices.add("/dev/video10", {.name = "Card", .capabilities = V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_STREAMING});
    devices.add("/dev/video11", {.name = "Mine", .open_code = -EACCES});
    devices.add("/dev/video12", {.name = "Odd", .query_code = -ENOTTY});
    EXPECT_EQ(output_devices(devices), (std::vector<OutputDevice>{{"/dev/video2", "Loopback"}}));
    EXPECT_EQ(devices.open_now(), 0);
}

TEST(VideoDevices, OfThisMachineCanBeListed) {
    for (const OutputDevice& each : output_devices(*system_video_devices()))
        EXPECT_TRUE(each.file.string().starts_with("/dev/video")) << each.file;
}

class V4l2 : public ::testing::Test {
protected:
    V4l2() { devices_->add("/dev/video2", {.name = "Loopback"}); }
    OutStatus failed(const V4l2Output& out) {
        EXPECT_TRUE(soon([&] { return out.status().state == OutState::failed; }));
        return out.status();
    }
    std::shared_ptr<FakeVideoDevices> devices_ = std::make_shared<FakeVideoDevices>();
};

TEST_F(V4l2, PicturesAreWrittenAsTheDeviceTakesThem) {
    {
        V4l2Output out("/dev/video2", devices_);
        out.show({picture(64, 48)});
        ASSERT_TRUE(soon([&] { return devices_->written() > 0; }));
        const v4l2_pix_format format = devices_->format();
        EXPECT_EQ(format.width, 64u);
        EXPECT_EQ(format.height, 48u);
        EXPECT_EQ(format.pixelformat, static_cast<std::uint32_t>(V4L2_PIX_FMT_YUYV));
        EXPECT_EQ(devices_->last().size(), 64u * 48 * 2);
        EXPECT_EQ(devices_->last()[0], 81);
        EXPECT_EQ(out.status().state, OutState::streaming);
        // One that stands goes on being written, and light and look are those of the audience.
        const std::size_t before = devices_->written();
        EXPECT_TRUE(soon([&] { return devices_->written() > before + 2; }));
        EXPECT_EQ(devices_->formats(), 1);
        ShownPicture dark{picture(64, 48)};
        dark.light = 0;
        out.show(dark);
        EXPECT_TRUE(soon([&] { return devices_->last()[0] == 16; }));
    }
    EXPECT_EQ(devices_->open_now(), 0) << "it is let go";
}

TEST_F(V4l2, LongerRowsAreFilled) {
    devices_->set("/dev/video2", &FakeVideoDevices::Device::row, 256U);
    V4l2Output out("/dev/video2", devices_);
    out.show({picture(64, 48, 0, 0, 255)});
    ASSERT_TRUE(soon([&] { return devices_->written() > 0; }));
    ASSERT_EQ(devices_->last().size(), 256u * 48);
    EXPECT_EQ(devices_->last()[256], 41);
    EXPECT_EQ(devices_->last()[128], 0);
}

TEST_F(V4l2, AnotherSizeIsAskedForAnew) {
    V4l2Output out("/dev/video2", devices_);
    out.show({picture(64, 48)});
    ASSERT_TRUE(soon([&] { return devices_->written() > 0; }));
    out.show({picture(33, 16)});
    ASSERT_TRUE(soon([&] { return devices_->last().size() == 34u * 16 * 2; }));
    EXPECT_EQ(devices_->format().width, 34u);
    devices_->set("/dev/video2", &FakeVideoDevices::Device::format_code, -EBUSY); // somebody reads
    out.show({picture(64, 48)});
    EXPECT_EQ(failed(out).message,
              "/dev/video2 takes no pictures of 64 x 48: Device or resource busy with another size; end the "
              "programs that read it.");
}

TEST_F(V4l2, WhatIsWrongIsASentence) {
    devices_->add("/dev/video0", {.name = "Camera", .capabilities = V4L2_CAP_VIDEO_CAPTURE});
    devices_->add("/dev/video4", {.name = "Other", .force_width = 640});
    devices_->add("/dev/video5", {.name = "Gone", .write_code = -ENODEV});
    EXPECT_THAT(failed(V4l2Output("/dev/video9", devices_)).message,
                HasSubstr("/dev/video9 can't be opened: No such file"));
    EXPECT_THAT(failed(V4l2Output("/dev/video0", devices_)).message,
                HasSubstr("/dev/video0 gives pictures and takes none"));
    for (const auto& [file, said] : std::map<std::string, std::string>{
             {"/dev/video4", "/dev/video4 takes pictures of 640 x 48 in a format of its own"},
             {"/dev/video5", "/dev/video5 takes no more pictures: No such device"}}) {
        V4l2Output out(file, devices_);
        out.show({picture(64, 48)});
        EXPECT_THAT(failed(out).message, HasSubstr(said));
    }
}

// A device that takes its time: who shows pictures doesn't wait, and the newest wins.
TEST_F(V4l2, NobodyWaitsForIt) {
    V4l2Output out("/dev/video2", devices_);
    devices_->hold(true);
    out.show({picture(64, 48)});
    ASSERT_TRUE(soon([&] { return devices_->waiting(); }));
    for (int i = 0; i < 1000; ++i) // returns, though the write never does
        out.show({picture(64, 48, 0, 0, static_cast<std::uint8_t>(i == 999 ? 255 : 0))});
    EXPECT_EQ(devices_->written(), 0u);
    devices_->hold(false);
    EXPECT_TRUE(soon([&] { return devices_->written() > 1 && devices_->last()[0] == 41; }));
    EXPECT_LT(devices_->written(), 100u) << "not each of them";
    const auto write_code = &FakeVideoDevices::Device::write_code;
    devices_->set("/dev/video2", write_code, -EAGAIN); // full
    const std::size_t tries = devices_->tries();
    ASSERT_TRUE(soon([&] { return devices_->tries() > tries + 2; }));
    EXPECT_NE(out.status().state, OutState::failed);
    const std::size_t before = devices_->written();
    devices_->set("/dev/video2", write_code, 0); // the next ones go
    EXPECT_TRUE(soon([&] { return devices_->written() > before; }));
}

} // namespace
