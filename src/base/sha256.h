// SPDX-License-Identifier: Apache-2.0
// Sha256: the hash of FIPS 180-4, for names of side files that follow from what a model holds.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace atelier {

class Sha256 {
public:
    void add(const void* data, std::size_t bytes);
    void add(std::string_view text) { add(text.data(), text.size()); }
    // 64 hexadecimal digits in lower case; nothing may be added afterwards.
    std::string finish();

private:
    void block(const std::uint8_t* bytes);

    std::array<std::uint32_t, 8> state_{0x6a09e667U, 0xbb67ae85U, 0x3c6ef372U, 0xa54ff53aU,
                                        0x510e527fU, 0x9b05688cU, 0x1f83d9abU, 0x5be0cd19U};
    std::array<std::uint8_t, 64> rest_{};
    std::uint64_t bytes_ = 0;
};

} // namespace atelier
