// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include <gtest/gtest.h>

#include "base/without_folders.h"

namespace atelier {
namespace {

TEST(WithoutFolders, LeavesNames) {
    EXPECT_EQ(without_folders("/home/ann/face.pkl: can't be read"), "face.pkl: can't be read");
    EXPECT_EQ(without_folders("/home/ann/My Models/face.pkl: can't be read"), "face.pkl: can't be read");
    EXPECT_EQ(without_folders("/a/b c/d.png, /e/f.png and /g/h i/j.png"), "d.png, f.png and j.png");
    EXPECT_EQ(without_folders("/a/b c/d.png /e/f.png"), "d.png f.png");
    EXPECT_EQ(without_folders("can't open \"/x/y z/w.mp4\" (No such file)"), "can't open \"w.mp4\" (No such file)");
    EXPECT_EQ(without_folders("written to ../runs/cats-001/"), "written to cats-001/");
    EXPECT_EQ(without_folders("written to runs/cats-001/x.pt."), "written to x.pt.");
    EXPECT_EQ(without_folders("~/models/a.pkl\n./b/c.pkl"), "a.pkl\nc.pkl");
    EXPECT_EQ(without_folders("3/4 of 1/2, at 24 fps: 100 %"), "3/4 of 1/2, at 24 fps: 100 %");
    EXPECT_EQ(without_folders("--data=/home/ann/cats"), "--data=cats");
    EXPECT_EQ(without_folders("/"), "/");
    EXPECT_EQ(without_folders(""), "");
}

TEST(WithoutFolders, TheUsersOwnFolderGoesWhateverItIsCalled) {
    const char* before = std::getenv("HOME");
    const std::string kept = before != nullptr ? before : "";
    setenv("HOME", "/home/ann, of the office: 2", 1);
    EXPECT_EQ(without_folders("/home/ann, of the office: 2/face.pkl is open"), "face.pkl is open");
    setenv("HOME", kept.c_str(), 1);
}

} // namespace
} // namespace atelier
