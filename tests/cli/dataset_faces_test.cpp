// SPDX-License-Identifier: Apache-2.0
// atelier dataset prepare with faces, from pictures to the set, and what it does where nobody says whether there are
// any.
#include <gmock/gmock.h>

#include "cli/dataset_fixture.h"
#include "support/paths.h"

namespace atelier {
namespace {

using test::MadeSet;
using test::ProgramEnd;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class DatasetFaces : public test::DatasetProgram {
protected:
    void SetUp() override {
        test::DatasetProgram::SetUp();
        photo_ = cv::imread((test::own_data_dir() / "data" / "photos" / "astronaut.png").string(), cv::IMREAD_COLOR);
        if (photo_.empty() || !std::filesystem::exists("/usr/share/dlib/shape_predictor_68_face_landmarks.dat")) {
            GTEST_SKIP() << "no photo, or no landmark model (libdlib-data)";
        }
    }
    cv::Mat photo_;
};

// The photo, and smaller beside its mirror image; half of the pictures have a face, which is just enough.
TEST_F(DatasetFaces, EveryFaceOfEveryPictureBecomesOneOfTheSet) {
    cv::Mat mirrored, pair, small;
    cv::flip(photo_, mirrored, 1);
    cv::hconcat(photo_, mirrored, pair);
    cv::resize(pair, small, {}, 0.8, 0.8, cv::INTER_AREA);
    put("in/one.png", photo_);
    put("in/pair.png", small);
    put("in/nobody.png", test::pattern(100, 100, 1));
    put("in/broken.png", test::bytes_of("no picture"));
    const ProgramEnd all = prepare({"in"}, "set.zip", {"--size", "128", "--keep-work", "--near", "-1"});
    ASSERT_EQ(all.exit_code, 0) << all.err;
    EXPECT_THAT(all.err, AllOf(HasSubstr("50 % of the pictures"), HasSubstr("going on with --faces.")));
    EXPECT_THAT(all.err, AllOf(HasSubstr("1 no face"), HasSubstr("1 unreadable")));

    const MadeSet set = test::made_set(in_folder("set.zip"));
    ASSERT_THAT(set.sources(), ElementsAre("one.png", "pair.png, face 1", "pair.png, face 2"));
    EXPECT_EQ(set.about.at("faces"), true);
    ASSERT_EQ(set.pictures.size(), 3U);
    for (const cv::Mat& picture : set.pictures) {
        EXPECT_EQ(picture.size(), cv::Size(128, 128));
    }
    // All three are aligned, so they show the same, the last from the other side.
    EXPECT_LT(test::mean_difference(set.pictures[0], set.pictures[1]), 4);
    cv::Mat back;
    cv::flip(set.pictures[2], back, 1);
    EXPECT_LT(test::mean_difference(set.pictures[0], back), 8);
    EXPECT_GT(test::mean_difference(set.pictures[0], set.pictures[2]), 16) << "else this shows nothing";

    const std::string report = test::bytes_in(in_folder("set-report.html"));
    EXPECT_THAT(report, AllOf(HasSubstr("<b>pair.png, face 2</b>"), HasSubstr("; face "), HasSubstr(", yaw "),
                              HasSubstr("in view: eyes ")));
    EXPECT_THAT(report, HasSubstr("no face: shows no face that could be found"));
    const std::size_t faces = test::times_in(report, "; face ");
    EXPECT_GE(faces, 3U);
    EXPECT_EQ(test::times_in(report, "h.01"), 68 * faces) << "a dot for each landmark";

    // The same if told; of copies the largest is kept then, and a mirror image is none.
    const ProgramEnd told = prepare({"in"}, "set.zip", {"--faces", "--size", "128", "--keep-work"});
    ASSERT_EQ(told.exit_code, 0) << told.err;
    EXPECT_THAT(told.err, AllOf(HasSubstr("3 of them in an earlier run"), Not(HasSubstr("going on with"))));
    EXPECT_THAT(test::made_set(in_folder("set.zip")).sources(), ElementsAre("one.png", "pair.png, face 2"));
    EXPECT_THAT(test::bytes_in(in_folder("set-report.html")),
                HasSubstr("near-duplicate: is nearly the same picture as one.png"));
}

TEST_F(DatasetFaces, UntoldItTakesPicturesWithoutFacesAsTheyAre) {
    put("in/a.png", test::pattern(100, 100, 1));
    put("in/b.png", test::pattern(100, 100, 2));
    const ProgramEnd run = prepare({"in"}, "set.zip", {"--size", "64"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_THAT(run.err, AllOf(HasSubstr("0 % of the pictures"), HasSubstr("going on with --plain.")));
    const MadeSet set = test::made_set(in_folder("set.zip"));
    EXPECT_EQ(set.about.at("faces"), false);
    EXPECT_EQ(set.pictures.size(), 2U);
    EXPECT_THAT(test::bytes_in(in_folder("set-report.html")), Not(HasSubstr(", yaw ")));
}

} // namespace
} // namespace atelier
