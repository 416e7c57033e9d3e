// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "prepare/heif_library.h"

namespace atelier::prepare {
namespace {

using testing::HasSubstr;

std::string refusal(const char* soname) {
    try {
        load_heif(soname);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

TEST(HeifLibrary, SaysWhatToInstallWhereThereIsNone) {
    const std::string text = refusal("libheif-of-nobody.so.1");
    EXPECT_THAT(text, HasSubstr("libheif-of-nobody.so.1"));
    EXPECT_THAT(text, HasSubstr("libheif1"));
    EXPECT_THAT(text, HasSubstr("save the picture as PNG or JPEG"));
}

TEST(HeifLibrary, SaysThatOneIsTooOld) {
    EXPECT_THAT(refusal("libc.so.6"), HasSubstr("newer libheif"));
}

// Run by itself: another test of the process may have read one.
TEST(HeifLibrary, IsNotInTheProcessBeforeThereIsSuchAPicture) {
    EXPECT_EQ(dlopen("libheif.so.1", RTLD_LAZY | RTLD_NOLOAD), nullptr);
    const HeifLibrary& heif = heif_library();
    EXPECT_NE(heif.context_alloc, nullptr);
    EXPECT_NE(heif.decode_image, nullptr);
    EXPECT_NE(dlopen("libheif.so.1", RTLD_LAZY | RTLD_NOLOAD), nullptr);
}

} // namespace
} // namespace atelier::prepare
