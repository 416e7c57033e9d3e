// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <imgui.h>

#include "studio/toolkit/font_finder.h"
#include "studio/toolkit/fonts.h"
#include "support/environment.h"
#include "support/scratch.h"

namespace atelier::studio {
namespace {

namespace fs = std::filesystem;
using test::Environment;
using test::Scratch;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr char32_t georgian = U'\u10d0';

// Fontconfig's settings of a user whose fonts lie in one folder of their own, and nowhere else.
class OwnFolder : public testing::Test {
protected:
    OwnFolder() : inter(FontFinder().of_interface(FontWeight::regular)), other(FontFinder().covering({georgian})) {
        fs::create_directories(fonts);
        test::put_bytes(settings,
                        test::bytes_of("<?xml version=\"1.0\"?><fontconfig><dir>" + fonts.string() +
                                       "</dir><cachedir>" + (scratch / "cache").string() + "</cachedir></fontconfig>"));
    }

    void SetUp() override {
        ASSERT_TRUE(inter && inter->inter) << "the tests need the Debian package fonts-inter";
        ASSERT_EQ(other.size(), 1U) << "the tests need a font with Georgian letters, such as fonts-dejavu-core";
    }

    fs::path put(const fs::path& font, const std::string& name) const {
        fs::create_directories((fonts / name).parent_path());
        fs::copy_file(font, fonts / name);
        return fonts / name;
    }

    const std::optional<FontFile> inter; // the system's
    const std::vector<FontFile> other;
    Scratch scratch;
    const fs::path fonts = scratch / "my fonts", settings = scratch / "fonts.conf";
};

TEST_F(OwnFolder, FontsAreFoundWhereFontconfigSaysWhateverTheirFilesAreCalled) {
    const Environment only("FONTCONFIG_FILE", settings.string());
    EXPECT_EQ(FontFinder().of_interface(FontWeight::regular), std::nullopt);
    EXPECT_THAT(FontFinder().covering({georgian}), IsEmpty());
    const FontFile some{put(other[0].path, "b/some.ttf"), other[0].face, false};
    EXPECT_EQ(FontFinder().of_interface(FontWeight::regular), some) << "better than ImGui's own";
    const FontFile mine{put(inter->path, "a/mine.otf"), inter->face, true};
    EXPECT_EQ(FontFinder().of_interface(FontWeight::regular), mine);
    EXPECT_EQ(FontFinder().of_interface(FontWeight::semibold), mine) << "rather than another family";
    EXPECT_THAT(FontFinder().covering({georgian}), ElementsAre(some));
    EXPECT_THAT(FontFinder().covering({georgian, U'\u10d1', U'\U0010abcd'}), ElementsAre(some));
    EXPECT_THAT(FontFinder().covering({U'\U0010abcd'}), IsEmpty()) << "for private use: no font has it";
    EXPECT_THAT(FontFinder().covering({}), IsEmpty());
}

TEST_F(OwnFolder, WhatIsNoFontIsPassedOver) {
    put(inter->path, "Inter-Regular.otf");
    const FontFinder systems;
    const Environment only("FONTCONFIG_FILE", settings.string());
    test::put_bytes(fonts / "NotoSans-Regular.ttf", test::bytes_of("no font"));
    const FontFinder before;
    EXPECT_EQ(before.of_interface(FontWeight::regular)->path, fonts / "Inter-Regular.otf");
    test::put_bytes(fonts / "Inter-Regular.otf", test::bytes_of("wOFFgone"));
    EXPECT_EQ(before.of_interface(FontWeight::regular), std::nullopt) << "it is another file by now";
    test::put_bytes(settings, test::bytes_of("<fontconfig><dir>"));
    EXPECT_NO_THROW(FontFinder().of_interface(FontWeight::regular)) << "damaged settings: fontconfig's own folders";
    EXPECT_EQ(systems.of_interface(FontWeight::regular), inter);
}

TEST_F(OwnFolder, TheSystemsFontsAreInter) {
    EXPECT_EQ(inter->path.stem(), "Inter-Regular");
    EXPECT_EQ(FontFinder().of_interface(FontWeight::semibold)->path.stem(), "Inter-SemiBold");
}

TEST_F(OwnFolder, ATextOfAnotherScriptIsDrawnWithAFontThatHasIt) {
    const Environment only("FONTCONFIG_FILE", settings.string());
    put(inter->path, "mine.otf");
    put(other[0].path, "some.ttf");
    ImGui::CreateContext();
    Fonts with;
    with.build(1);
    EXPECT_EQ(with.face(Face::body)->FindGlyphNoFallback(georgian), nullptr);
    EXPECT_TRUE(with.want("\u10d0"));
    with.build(1);
    for (const Face face : {Face::body, Face::strong, Face::small, Face::label, Face::title}) {
        EXPECT_NE(with.face(face)->FindGlyphNoFallback(georgian), nullptr);
        EXPECT_NE(with.face(face)->FindGlyphNoFallback('a'), nullptr);
    }
    ImGui::DestroyContext();
}

TEST_F(OwnFolder, WithoutAnyFontImGuisOwnIsTaken) {
    const Environment only("FONTCONFIG_FILE", settings.string());
    ImGui::CreateContext();
    Fonts with;
    with.want("\u10d0");
    with.build(2);
    EXPECT_NE(with.face(Face::title)->FindGlyphNoFallback('a'), nullptr);
    EXPECT_TRUE(ImGui::GetIO().Fonts->IsBuilt());
    ImGui::DestroyContext();
}

TEST(Fonts, AsksForOtherScriptsOnce) {
    Fonts fonts;
    EXPECT_FALSE(fonts.want("Grüße 0-9 Ω"));
    EXPECT_TRUE(fonts.want("얼굴.pkl"));
    EXPECT_FALSE(fonts.want("얼굴.pkl"));
    EXPECT_TRUE(fonts.want("顔"));
    EXPECT_FALSE(fonts.want("\xff\xe3")); // not UTF-8: no harm
}

} // namespace
} // namespace atelier::studio
