// SPDX-License-Identifier: Apache-2.0
#include "engine/winograd_layer.h"

#include <algorithm>

#include <ATen/ops/empty.h>

#include "engine/thread_floats.h"
#include "ops/parallel.h"

namespace atelier {
namespace {

struct Tiles; // what a thread keeps floats for

// Tile rows that are worth waking a thread for.
std::int64_t grain(const ops::WinogradConv& conv) {
    const std::int64_t work = std::int64_t{8} * conv.width * conv.in_channels * conv.channels;
    return std::max<std::int64_t>(1, (1 << 18) / work);
}

} // namespace

WinogradLayer::WinogradLayer(const at::Tensor& weight, bool up, int height, int width) {
    conv_.kind = up ? ops::WinogradKind::up : ops::WinogradKind::same;
    conv_.height = height;
    conv_.width = width;
    conv_.in_channels = static_cast<int>(weight.size(1));
    conv_.channels = static_cast<int>(weight.size(0));
    packed_ = at::empty({static_cast<std::int64_t>(ops::winograd_weight_size(conv_))}, at::kFloat);
    ops::pack_winograd_weight(conv_, weight.contiguous().const_data_ptr<float>(), packed_.data_ptr<float>());
}

void WinogradLayer::run(const float* x, float* y, const Done& done) const {
    const float* packed = packed_.const_data_ptr<float>();
    const std::size_t memory = ops::winograd_scratch_size(conv_);
    const int step = ops::tile_chunk_rows(conv_);
    ops::parallel_for(0, ops::tile_rows(conv_), grain(conv_), [&](std::int64_t begin, std::int64_t end) {
        float* own = thread_floats<Tiles>(static_cast<std::int64_t>(memory));
        for (auto row = static_cast<int>(begin); row < end; row += step) {
            const int next = std::min(row + step, static_cast<int>(end));
            ops::winograd_conv(conv_, packed, x, y, row, next, own);
            if (done) {
                done(ops::tile_output_row(conv_, row), ops::tile_output_row(conv_, next));
            }
        }
    });
}

std::size_t WinogradLayer::output_size() const {
    const bool up = conv_.kind == ops::WinogradKind::up;
    const auto side = [up](int of) { return static_cast<std::size_t>(up ? 2 * of + 1 : of); };
    return side(conv_.height) * side(conv_.width) * static_cast<std::size_t>(conv_.channels);
}

} // namespace atelier
