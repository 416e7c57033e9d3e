// SPDX-License-Identifier: Apache-2.0
#include "engine/amx_layer.h"

#include <algorithm>

#include <ATen/ops/empty.h>

#include "engine/thread_floats.h"
#include "ops/parallel.h"

namespace atelier {
namespace {

// What a core works on at once should stay in the cache that it has for itself.
constexpr std::int64_t near_memory = 1280 * 1024;
// Up to so many positions all cores share the positions' sums and divide the channels: each weight is read once then.
constexpr int few_positions = 512;

int whole_strips(int positions) {
    return (positions + ops::amx_strip - 1) / ops::amx_strip * ops::amx_strip;
}

struct Sums; // what a thread keeps floats for

// The kernel's rows (or columns) that meet neighbours 0, 1, ... of an even or odd row of an up-convolution: even ones
// see the pixel before them by the last and the one they lie on by the first, odd ones theirs by the middle one.
std::vector<std::pair<int, int>> neighbours(int odd) {
    return odd == 0 ? std::vector<std::pair<int, int>>{{0, 2}, {1, 0}} : std::vector<std::pair<int, int>>{{1, 1}};
}

std::vector<ops::AmxTap> phase_taps(int odd_row, int odd_column) {
    std::vector<ops::AmxTap> taps;
    for (const auto& [row, kernel_row] : neighbours(odd_row)) {
        for (const auto& [column, kernel_column] : neighbours(odd_column)) {
            taps.push_back({row, column, kernel_row, kernel_column});
        }
    }
    return taps;
}

std::vector<ops::AmxTap> all_taps() {
    std::vector<ops::AmxTap> taps;
    for (int row = 0; row < 3; ++row) {
        for (int column = 0; column < 3; ++column) {
            taps.push_back({row, column, row, column});
        }
    }
    return taps;
}

} // namespace

AmxLayer::AmxLayer(const at::Tensor& weight, bool up, int height, int width)
    : height_(height), width_(width), in_channels_(static_cast<int>(weight.size(1))),
      channels_(static_cast<int>(weight.size(0))) {
    const at::Tensor whole = weight.contiguous();
    const auto add = [&](const std::vector<ops::AmxTap>& taps) {
        convs_.emplace_back(whole.const_data_ptr<float>(), in_channels_, channels_, width, taps);
    };
    if (!up) {
        add(all_taps());
        return;
    }
    for (const int row : {0, 1}) {
        for (const int column : {0, 1}) {
            add(phase_taps(row, column));
        }
    }
}

// Rows whose input and sums are near memory, a strip at the least.
int AmxLayer::group_rows() const {
    const std::int64_t row = std::int64_t{pitch()} * (2 * in_channels_ + 4 * channels_);
    const int least = (ops::amx_strip + pitch() - 1) / pitch();
    return std::clamp(static_cast<int>(near_memory / row), least, std::max(height_, least));
}

void AmxLayer::run(const std::uint16_t* bordered, const Done& done) const {
    const ops::AmxConv& conv = convs_[0];
    const std::int64_t row = std::int64_t{pitch()} * channels_;
    if (height_ * pitch() <= few_positions) {
        const int positions = whole_strips(height_ * pitch());
        const at::Tensor sums = at::empty({std::int64_t{positions} * channels_}, at::kFloat);
        auto* all = sums.data_ptr<float>();
        ops::parallel_for(0, conv.blocks(), 1, [&](std::int64_t begin, std::int64_t end) {
            const ops::AmxTiles tiles;
            conv.run(bordered, 0, positions, static_cast<int>(begin), static_cast<int>(end), all);
        });
        ops::parallel_for(0, height_, std::max<std::int64_t>(1, 32768 / row),
                          [&](std::int64_t begin, std::int64_t end) {
                              done({all + begin * row, row}, static_cast<int>(begin), static_cast<int>(end));
                          });
        return;
    }
    const int group = group_rows();
    ops::parallel_for(0, height_, 1, [&](std::int64_t begin, std::int64_t end) {
        const ops::AmxTiles tiles;
        float* sums = thread_floats<Sums>(std::int64_t{whole_strips(group * pitch())} * channels_);
        for (auto first = static_cast<int>(begin); first < end; first += group) {
            const int last = std::min(first + group, static_cast<int>(end));
            conv.run(bordered, first * pitch(), (last - first) * pitch(), 0, conv.blocks(), sums);
            done({sums, row}, first, last);
        }
    });
}

// A phase has a row and a column more than the input at most, and room for its last strip.
std::int64_t AmxLayer::phase_size() const {
    return std::int64_t{whole_strips((height_ + 1) * pitch())} * channels_;
}

std::int64_t AmxLayer::phases_size() const {
    return 4 * phase_size();
}

ops::Phases<std::uint16_t> AmxLayer::run_up(const std::uint16_t* bordered, std::uint16_t* memory) const {
    ops::Phases<std::uint16_t> out;
    out.step = channels_;
    for (std::size_t phase = 0; phase < 4; ++phase) {
        out.first[phase] = memory + static_cast<std::int64_t>(phase) * phase_size();
        out.row[phase] = std::int64_t{pitch()} * channels_;
    }
    const int positions = (height_ + 1) * pitch(), blocks = convs_[0].blocks();
    const auto run = [&](std::size_t phase, int first, int count, int begin, int end) {
        convs_[phase].run(bordered, first, count, begin, end,
                          memory + static_cast<std::int64_t>(phase) * phase_size() + std::int64_t{first} * channels_);
    };
    if (positions <= few_positions) {
        ops::parallel_for(0, blocks, 1, [&](std::int64_t begin, std::int64_t end) {
            const ops::AmxTiles tiles;
            for (std::size_t phase = 0; phase < 4; ++phase) {
                run(phase, 0, positions, static_cast<int>(begin), static_cast<int>(end));
            }
        });
        return out;
    }
    // In whole strips, so that no two threads write to the same numbers.
    const int strips = whole_strips(positions) / ops::amx_strip,
              group = std::max(1, group_rows() * pitch() / ops::amx_strip);
    ops::parallel_for(0, strips, 1, [&](std::int64_t begin, std::int64_t end) {
        const ops::AmxTiles tiles;
        for (auto first = static_cast<int>(begin); first < end; first += group) {
            const int last = std::min(first + group, static_cast<int>(end));
            for (std::size_t phase = 0; phase < 4; ++phase) {
                run(phase, first * ops::amx_strip, (last - first) * ops::amx_strip, 0, blocks);
            }
        }
    });
    return out;
}

} // namespace atelier
