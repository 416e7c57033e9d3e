// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/sha256.h"

namespace atelier {
namespace {

std::string hash(std::string_view text) {
    Sha256 sha;
    sha.add(text);
    return sha.finish();
}

// The examples that NIST gives for FIPS 180-4.
TEST(Sha256, OfTheStandardsExamples) {
    EXPECT_EQ(hash(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(hash("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmno"
                   "pqrstnopqrstu"),
              "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
}

TEST(Sha256, OfAMillionLettersInPiecesOfEveryLength) {
    Sha256 million;
    for (int left = 1'000'000, part = 1; left > 0; left -= part, part = part % 97 + 1) {
        part = std::min(part, left);
        million.add(std::string(static_cast<std::size_t>(part), 'a'));
    }
    EXPECT_EQ(million.finish(), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, HoldsZeroBytesAndPiecesOfNoLength) {
    Sha256 sha;
    sha.add(nullptr, 0);
    sha.add(std::string_view("\xbd", 1));
    sha.add("");
    EXPECT_EQ(sha.finish(), "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b");
    EXPECT_EQ(hash(std::string(4, '\0')), "df3f619804a92fdb4057192dc43dd748ea778adc52bc498ce80524c014b81119");
    EXPECT_EQ(hash(std::string(64, '\0')), "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b");
}

TEST(Sha256, AFinishedOneTakesNothingMore) {
    Sha256 sha;
    sha.add("abc");
    sha.finish();
    EXPECT_THROW(sha.add("d"), Error);
    EXPECT_THROW(sha.finish(), Error);
}

} // namespace
} // namespace atelier
