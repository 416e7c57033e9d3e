// SPDX-License-Identifier: Apache-2.0
// Names of any bytes as text that JSON takes, and back.
#include <random>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/log.h"
#include "base/path_text.h"

namespace {

using namespace atelier;

bool is_utf8(const std::string& text) {
    try {
        (void)nlohmann::json(text).dump(); // strict
        return true;
    } catch (const nlohmann::json::exception&) {
        return false;
    }
}

TEST(PathText, Utf8StaysAsItIs) {
    for (const std::string text : {"", "/plain/a.pkl", "/bäume/Ω/얼굴/😀", "\uFFFD", "\U0010FFFF"}) {
        EXPECT_EQ(text_of_bytes(text), text);
        EXPECT_EQ(bytes_of_text(text), text);
        EXPECT_EQ(readable_text(text), text);
    }
}

TEST(PathText, OtherBytesComeBack) {
    for (const std::string bytes : {"/b\xe4ume/x.pkl", "\xff", "\xc3", "a\xc3", "\xc0\x80", "\xed\xa0\x80",
                                    "\xf5\x80\x80\x80", "\xe2\x82", "\x80\x80"}) {
        const std::string text = text_of_bytes(bytes);
        EXPECT_TRUE(is_utf8(text)) << bytes;
        EXPECT_NE(text, bytes);
        EXPECT_EQ(bytes_of_text(text), bytes);
        EXPECT_TRUE(is_utf8(readable_text(bytes)));
    }
    EXPECT_EQ(readable_text("b\xe4ume \xff\xfe!"), "b\uFFFDume \uFFFD!");
}

// Also names that hold what the escape is made of: no two become one.
TEST(PathText, AnyBytesComeBack) {
    std::mt19937 random(3);
    const std::string parts[] = {"a",    "ä",    "\uEFE4", "\uEF80", "\uEF7F", "\uF000", "\xe4",
                                 "\xee", "\xbe", "\xbf",   "\x80",   "€",      "😀"};
    for (int i = 0; i < 20000; ++i) {
        std::string bytes;
        for (std::size_t n = random() % 8; n > 0; --n)
            bytes +=
                random() % 4 == 0 ? std::string(1, static_cast<char>(random())) : parts[random() % std::size(parts)];
        const std::string text = text_of_bytes(bytes);
        ASSERT_TRUE(is_utf8(text));
        ASSERT_TRUE(is_utf8(readable_text(bytes)));
        ASSERT_EQ(bytes_of_text(text), bytes);
    }
}

TEST(PathText, MessagesAndTheLogAreUtf8) {
    EXPECT_TRUE(is_utf8(message_of(Error("/b\xe4ume/x.pkl: is missing"))));
    log_info("{} plays", "/b\xe4ume/x.pkl");
    EXPECT_TRUE(is_utf8(recent_log().back().text));
}

} // namespace
