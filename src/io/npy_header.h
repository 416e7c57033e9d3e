// SPDX-License-Identifier: Apache-2.0
// The header of a .npy file: a Python dict in text, of which only the plain form that numpy writes is understood.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace atelier::io {

struct NpyHeader {
    int item_size = 0; // bytes of a little-endian float: 2, 4 or 8
    bool fortran_order = false;
    std::vector<std::int64_t> shape;
    std::uint64_t items = 1; // product of shape
};

// `text` is what follows the header's length. Throws Error (no path) for anything but the keys descr, fortran_order
// and shape, once each; for dtypes that aren't read; for more than 8 dimensions; for no items, and for more than
// `most_items` items.
NpyHeader parse_npy_header(std::string_view text, std::uint64_t most_items);

} // namespace atelier::io
