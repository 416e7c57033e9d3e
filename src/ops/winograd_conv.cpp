// SPDX-License-Identifier: Apache-2.0
#include "ops/winograd_conv.h"

#include <algorithm>
#include <array>

#include "ops/simd.h"
#include "ops/winograd_kinds.h"
#include "ops/winograd_product.h"

namespace atelier::ops {
namespace {

// Tiles that go through the products together: their data stay in the level 2 cache.
constexpr int chunk_tiles = 40;

int vectors(int channels) {
    return (channels + lanes - 1) / lanes;
}
int tiles(int size) {
    return (size + 1) / 2;
}
// An even number of inputs leaves one even output over, which needs product 0 alone.
bool lone(const WinogradConv& conv, int size) {
    return conv.kind == WinogradKind::up && size % 2 == 0;
}

// A rectangle of tiles. The lone row and column follow the last ones.
struct Chunk {
    int row = 0, rows = 0, column = 0, columns = 0;
    bool lone_row = false, lone_column = false;

    ATELIER_INLINE int rows_of(int index) const { return rows + (index == 0 && lone_row ? 1 : 0); }
    ATELIER_INLINE int columns_of(int index) const { return columns + (index == 0 && lone_column ? 1 : 0); }
    ATELIER_INLINE int count(int a, int b) const { return rows_of(a) * columns_of(b); }
};

int chunk_columns(const WinogradConv& conv) {
    return std::min(tiles(conv.width), chunk_tiles);
}
int chunk_rows(const WinogradConv& conv) {
    return std::max(1, chunk_tiles / chunk_columns(conv));
}
std::size_t chunk_size(const WinogradConv& conv) {
    return static_cast<std::size_t>(chunk_rows(conv) + 1) * static_cast<std::size_t>(chunk_columns(conv) + 1);
}

struct Scratch {
    float* zeros; // one pixel
    float* data;  // [16][tiles][C]
    float* products;
    std::size_t plane, product; // floats of one
};

std::size_t zero_floats(const WinogradConv& conv) {
    return static_cast<std::size_t>(std::max(vectors(conv.in_channels), block_vectors) * lanes);
}
std::size_t plane_floats(const WinogradConv& conv) {
    return chunk_size(conv) * static_cast<std::size_t>(vectors(conv.in_channels) * lanes);
}

Scratch divide(const WinogradConv& conv, float* memory) {
    Scratch s{};
    s.zeros = memory;
    s.data = memory + zero_floats(conv);
    s.plane = plane_floats(conv);
    s.products = s.data + planes * s.plane;
    s.product = chunk_size(conv) * block_vectors * lanes;
    return s;
}

template <typename Vector> ATELIER_INLINE void load_part(const float* p, int count, Vector& v) {
    v = Vector{};
    std::memcpy(&v, p, static_cast<std::size_t>(count) * sizeof(float));
}
template <typename Vector> ATELIER_INLINE void store_part(float* p, int count, const Vector& v) {
    std::memcpy(p, &v, static_cast<std::size_t>(count) * sizeof(float));
}
template <typename Vector, int N> using Square = std::array<std::array<Vector, N>, N>;

// One tile's data for one vector of channels: both axes, then a store to every plane that has this tile.
template <typename Kind, typename Vector>
ATELIER_INLINE void transform(const Square<Vector, Kind::inputs>& d, const std::array<float*, planes>& target, int c,
                              int last_row, int last_column) {
    std::array<std::array<Vector, Kind::inputs>, 4> rows;
#pragma GCC unroll 4
    for (std::size_t j = 0; j < Kind::inputs; ++j) {
        std::array<Vector, Kind::inputs> column;
        std::array<Vector, 4> v;
#pragma GCC unroll 4
        for (std::size_t i = 0; i < Kind::inputs; ++i) {
            column[i] = d[i][j];
        }
        Kind::to_data(column.data(), v.data());
#pragma GCC unroll 4
        for (std::size_t i = 0; i < 4; ++i) {
            rows[i][j] = v[i];
        }
    }
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 4; ++i) {
        std::array<Vector, 4> v;
        Kind::to_data(rows[i].data(), v.data());
#pragma GCC unroll 4
        for (std::size_t j = 0; j < 4; ++j) {
            if (static_cast<int>(i) <= last_row && static_cast<int>(j) <= last_column) {
                store(target[i * 4 + j] + c, v[j]);
            }
        }
    }
}

template <typename Kind, Level L>
ATELIER_INLINE void gather(const WinogradConv& conv, const float* x, const Chunk& chunk, const Scratch& s) {
    using Vector = typename Register<L>::Floats;
    constexpr int width = Shape<L>::width;
    const int channels = conv.in_channels, full = channels / width * width;
    const int pitch = vectors(channels) * lanes;
    for (int row = 0; row < chunk.rows_of(0); ++row) {
        for (int column = 0; column < chunk.columns_of(0); ++column) {
            std::array<std::array<const float*, Kind::inputs>, Kind::inputs> source;
            for (int i = 0; i < Kind::inputs; ++i) {
                for (int j = 0; j < Kind::inputs; ++j) {
                    const int y = 2 * (chunk.row + row) - 1 + i, at = 2 * (chunk.column + column) - 1 + j;
                    const bool inside = y >= 0 && y < conv.height && at >= 0 && at < conv.width;
                    source[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] =
                        inside ? x + (static_cast<std::ptrdiff_t>(y) * conv.width + at) * channels : s.zeros;
                }
            }
            std::array<float*, planes> target;
            for (int i = 0; i < planes; ++i) {
                const std::ptrdiff_t tile = row * chunk.columns_of(i % 4) + column;
                target[static_cast<std::size_t>(i)] = s.data + static_cast<std::size_t>(i) * s.plane + tile * pitch;
            }
            // A lone tile has planes 0 alone.
            const int last_row = row < chunk.rows ? 3 : 0, last_column = column < chunk.columns ? 3 : 0;
            Square<Vector, Kind::inputs> d;
            for (int c = 0; c < full; c += width) {
#pragma GCC unroll 4
                for (std::size_t i = 0; i < Kind::inputs; ++i) {
#pragma GCC unroll 4
                    for (std::size_t j = 0; j < Kind::inputs; ++j) {
                        load(source[i][j] + c, d[i][j]);
                    }
                }
                transform<Kind, Vector>(d, target, c, last_row, last_column);
            }
            if (full < channels) {
#pragma GCC unroll 4
                for (std::size_t i = 0; i < Kind::inputs; ++i) {
#pragma GCC unroll 4
                    for (std::size_t j = 0; j < Kind::inputs; ++j) {
                        load_part(source[i][j] + full, channels - full, d[i][j]);
                    }
                }
                transform<Kind, Vector>(d, target, full, last_row, last_column);
            }
        }
    }
}

// The products of `width` panels of output channels from `block` on.
template <typename Kind, Level L>
ATELIER_INLINE void products(const WinogradConv& conv, const float* packed, const Chunk& chunk, const Scratch& s,
                             int block, int width) {
    const int depth = conv.in_channels, pitch = vectors(depth) * lanes;
    const std::size_t panel = static_cast<std::size_t>(depth) * lanes;
    const std::size_t plane = panel * static_cast<std::size_t>(vectors(conv.channels));
    for (int a = 0; a < Kind::products; ++a) {
        for (int b = 0; b < Kind::products; ++b) {
            const auto i = static_cast<std::size_t>(a), j = static_cast<std::size_t>(b);
            const float* data = s.data + static_cast<std::size_t>(Kind::data[i] * 4 + Kind::data[j]) * s.plane;
            const float* u = packed + static_cast<std::size_t>(Kind::weight[i] * 4 + Kind::weight[j]) * plane +
                             static_cast<std::size_t>(block) * panel;
            float* m = s.products + (i * Kind::products + j) * s.product;
            const int count = chunk.count(a, b);
            multiply_panels<L>(data, pitch, depth, count, u, panel, width, m);
        }
    }
}

// The outputs of one tile for one vector of channels. A lone tile has one row or column of products and outputs.
template <typename Kind, typename Vector>
ATELIER_INLINE void finish(const std::array<const float*, Kind::products * Kind::products>& m, int at,
                           Square<Vector, Kind::outputs>& y) {
    std::array<std::array<Vector, Kind::products>, Kind::outputs> rows;
#pragma GCC unroll 5
    for (std::size_t j = 0; j < Kind::products; ++j) {
        std::array<Vector, Kind::products> column;
        std::array<Vector, Kind::outputs> v;
#pragma GCC unroll 5
        for (std::size_t i = 0; i < Kind::products; ++i) {
            load(m[i * Kind::products + j] + at, column[i]);
        }
        Kind::to_output(column.data(), v.data());
#pragma GCC unroll 4
        for (std::size_t i = 0; i < Kind::outputs; ++i) {
            rows[i][j] = v[i];
        }
    }
#pragma GCC unroll 4
    for (std::size_t i = 0; i < Kind::outputs; ++i) {
        Kind::to_output(rows[i].data(), y[i].data());
    }
}

template <typename Kind, Level L>
ATELIER_INLINE void scatter(const WinogradConv& conv, float* y, const Chunk& chunk, const Scratch& s, int block) {
    using Vector = typename Register<L>::Floats;
    constexpr int width = Shape<L>::width;
    const int block_channels = std::min(block_vectors * lanes, conv.channels - block * lanes);
    const int up = conv.kind == WinogradKind::up ? 1 : 0;
    const int out_height = conv.height * (1 + up) + up, out_width = conv.width * (1 + up) + up;
    for (int row = 0; row < chunk.rows_of(0); ++row) {
        for (int column = 0; column < chunk.columns_of(0); ++column) {
            const bool lone_row = row >= chunk.rows, lone_column = column >= chunk.columns;
            std::array<const float*, Kind::products * Kind::products> m;
            for (int i = 0; i < Kind::products * Kind::products; ++i) {
                const int a = i / Kind::products, b = i % Kind::products;
                const std::ptrdiff_t tile = row * chunk.columns_of(b) + column;
                const bool absent = (lone_row && a > 0) || (lone_column && b > 0);
                m[static_cast<std::size_t>(i)] =
                    absent ? s.zeros
                           : s.products + static_cast<std::size_t>(i) * s.product + tile * block_vectors * lanes;
            }
            const int top = Kind::outputs * (chunk.row + row), left = Kind::outputs * (chunk.column + column);
            const int rows = std::min(Kind::outputs, out_height - top);
            const int columns = std::min(Kind::outputs, out_width - left);
            float* target = y + (static_cast<std::ptrdiff_t>(top) * out_width + left) * conv.channels + block * lanes;
            for (int c = 0; c < block_channels; c += width) {
                Square<Vector, Kind::outputs> out;
                finish<Kind, Vector>(m, c, out);
                const int channels = std::min(width, block_channels - c);
                for (int i = 0; i < rows; ++i) {
                    for (int j = 0; j < columns; ++j) {
                        float* to = target + (static_cast<std::ptrdiff_t>(i) * out_width + j) * conv.channels + c;
                        const Vector& value = out[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)];
                        if (channels == width) {
                            store(to, value);
                        } else {
                            store_part(to, channels, value);
                        }
                    }
                }
            }
        }
    }
}

template <typename Kind, Level L>
ATELIER_INLINE void run_rows(const WinogradConv& conv, const float* packed, const float* x, float* y, int begin,
                             int end, const Scratch& s) {
    std::fill_n(s.zeros, zero_floats(conv), 0.0F);
    const int all_rows = tiles(conv.height), all_columns = tiles(conv.width);
    const int step_rows = chunk_rows(conv), step_columns = chunk_columns(conv);
    for (int row = begin; row < end; row += step_rows) {
        for (int column = 0; column < all_columns; column += step_columns) {
            Chunk chunk;
            chunk.row = row;
            chunk.rows = std::min(step_rows, end - row);
            chunk.column = column;
            chunk.columns = std::min(step_columns, all_columns - column);
            chunk.lone_row = lone(conv, conv.height) && row + chunk.rows == all_rows;
            chunk.lone_column = lone(conv, conv.width) && column + chunk.columns == all_columns;
            gather<Kind, L>(conv, x, chunk, s);
            for (int block = 0; block < vectors(conv.channels); block += block_vectors) {
                const int width = std::min(block_vectors, vectors(conv.channels) - block);
                products<Kind, L>(conv, packed, chunk, s, block, width);
                scatter<Kind, L>(conv, y, chunk, s, block);
            }
        }
    }
}

template <Level L>
ATELIER_INLINE void run_same(const WinogradConv& conv, const float* packed, const float* x, float* y, int begin,
                             int end, const Scratch& s) {
    run_rows<Same, L>(conv, packed, x, y, begin, end, s);
}
template <Level L>
ATELIER_INLINE void run_up(const WinogradConv& conv, const float* packed, const float* x, float* y, int begin, int end,
                           const Scratch& s) {
    run_rows<Up, L>(conv, packed, x, y, begin, end, s);
}

ATELIER_DISPATCH(same_rows,
                 (const WinogradConv& conv, const float* packed, const float* x, float* y, int begin, int end,
                  const Scratch& s),
                 run_same, conv, packed, x, y, begin, end, s)
ATELIER_DISPATCH(up_rows,
                 (const WinogradConv& conv, const float* packed, const float* x, float* y, int begin, int end,
                  const Scratch& s),
                 run_up, conv, packed, x, y, begin, end, s)

} // namespace

std::size_t winograd_weight_size(const WinogradConv& conv) {
    return static_cast<std::size_t>(planes * lanes) * static_cast<std::size_t>(vectors(conv.channels)) *
           static_cast<std::size_t>(conv.in_channels);
}

std::size_t winograd_scratch_size(const WinogradConv& conv) {
    return zero_floats(conv) + planes * plane_floats(conv) +
           std::size_t{Up::products * Up::products} * chunk_size(conv) * block_vectors * lanes;
}

int tile_rows(const WinogradConv& conv) {
    return tiles(conv.height);
}

int tile_chunk_rows(const WinogradConv& conv) {
    return chunk_rows(conv);
}

int tile_output_row(const WinogradConv& conv, int tile_row) {
    const bool up = conv.kind == WinogradKind::up;
    return tile_row == tile_rows(conv) ? (up ? 2 * conv.height + 1 : conv.height)
                                       : (up ? Up::outputs : Same::outputs) * tile_row;
}

bool winograd_is_fast() {
    return level() != Level::plain;
}

// packed [16][O/16][C][16]
void pack_winograd_weight(const WinogradConv& conv, const float* weight, float* packed) {
    std::fill_n(packed, winograd_weight_size(conv), 0.0F);
    const std::size_t plane = winograd_weight_size(conv) / planes;
    for (int o = 0; o < conv.channels; ++o) {
        for (int c = 0; c < conv.in_channels; ++c) {
            std::array<double, planes> u{};
            const float* kernel = weight + (static_cast<std::ptrdiff_t>(o) * conv.in_channels + c) * 9;
            conv.kind == WinogradKind::up ? weight_planes<Up>(kernel, u) : weight_planes<Same>(kernel, u);
            float* to = packed + (static_cast<std::ptrdiff_t>(o / lanes) * conv.in_channels + c) * lanes + o % lanes;
            for (std::size_t i = 0; i < planes; ++i) {
                to[i * plane] = static_cast<float>(u[i]);
            }
        }
    }
}

void winograd_conv(const WinogradConv& conv, const float* packed, const float* x, float* y, int begin, int end,
                   float* scratch) {
    const Scratch s = divide(conv, scratch);
    if (conv.kind == WinogradKind::up) {
        up_rows(conv, packed, x, y, begin, end, s);
    } else {
        same_rows(conv, packed, x, y, begin, end, s);
    }
}

} // namespace atelier::ops
