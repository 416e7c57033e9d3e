// SPDX-License-Identifier: Apache-2.0
// Work folders of sets that were begun and never written are offered at the next start.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "studio/dataset/left_work.h"
#include "ui/data_panel_fixture.h"

namespace atelier::testing {
namespace {

using namespace studio;

const std::string key(40, 'a');

fs::path put_work(const fs::path& folder) {
    fs::create_directories(folder);
    test::put_bytes(folder / key, {1, 2, 3});
    test::put_bytes(folder / "lock", {});
    return folder;
}

TEST(LeftWork, IsWhatAteliersFilesAloneLieIn) {
    const test::Scratch scratch;
    const fs::path left = put_work(scratch / "cats-set.zip.work"), busy = put_work(scratch / "busy.work"),
                   mixed = put_work(scratch / "mixed.work"), other = put_work(scratch / "other");
    test::put_bytes(mixed / "letter.txt", {1});
    const int fd = ::open((busy / "lock").c_str(), O_RDWR | O_CLOEXEC);
    ASSERT_EQ(::flock(fd, LOCK_EX | LOCK_NB), 0);
    const auto found = find_left_work(
        {left.string(), busy.string(), mixed.string(), other.string(), (scratch / "nowhere.work").string()});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].folder, left);
    EXPECT_EQ(found[0].bytes, 3U);
    remove_left_work({{left, 3}, {busy, 3}, {mixed, 4}});
    EXPECT_FALSE(fs::exists(left));
    EXPECT_TRUE(fs::exists(busy / key));
    EXPECT_TRUE(fs::exists(mixed / "letter.txt"));
    ::close(fd);
}

TEST(LeftWork, IsOfferedAtTheNextStart) {
    const test::Scratch scratch;
    const fs::path work = put_work(scratch / "cats-set.zip.work");
    Settings settings;
    settings.work_folders = {work.string(), (scratch / "gone.work").string()};
    save_settings(scratch / "studio.json", settings);
    Stage stage(std::unique_ptr<DatasetService>(new SyntheticData), {scratch / "studio.json", 85}, {1280, 720});
    ASSERT_TRUE(stage.soon([&] { return stage.has("##toast-action"); }));
    EXPECT_THAT(stage.studio->toasts.all().back().detail, ::testing::HasSubstr(work.string()));
    EXPECT_THAT(stage.studio->settings.work_folders, ::testing::ElementsAre(work.string())) << "the other one is gone";
    EXPECT_TRUE(fs::exists(work)) << "nothing goes unasked";
    stage.frames(20);
    stage.click("##toast-action");
    EXPECT_TRUE(stage.soon([&] { return !fs::exists(work); }));
}

TEST_F(DataPanel, RemembersWhereASetWasBegun) {
    dataset().add({pictures()});
    ASSERT_TRUE(begun());
    EXPECT_THAT(stage_.studio->settings.work_folders,
                ::testing::ElementsAre((scratch_.path() / "pictures-set.zip.work").string()));
}

} // namespace
} // namespace atelier::testing
