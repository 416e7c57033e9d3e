// SPDX-License-Identifier: Apache-2.0
#include "io/torch_tensor.h"

#include <algorithm>
#include <vector>

#include <ATen/ops/empty.h>

namespace atelier::io {

namespace {

constexpr std::size_t max_rank = 8;

struct Layout {
    std::vector<std::int64_t> sizes;
    std::vector<std::int64_t> strides;
    std::int64_t offset = 0;
    std::int64_t numel = 1;
    std::int64_t last = -1; // highest element index that is read, -1 if none
};

std::vector<std::int64_t> whole_numbers(const PickleValue& value, const char* what) {
    if (!value.is(PickleKind::tuple) && !value.is(PickleKind::list)) {
        fail("its {} is {}, not a tuple of whole numbers", what, describe(value));
    }
    if (value.items.size() > max_rank) {
        fail("its {} has {} dimensions; at most {} make sense", what, value.items.size(), max_rank);
    }
    std::vector<std::int64_t> result;
    for (const PickleValue* item : value.items) {
        if (!item->is(PickleKind::integer) || item->integer < 0) {
            fail("its {} holds {}", what,
                 item->is(PickleKind::integer) ? fmt::format("the number {}", item->integer) : describe(*item));
        }
        result.push_back(item->integer);
    }
    return result;
}

Layout layout_of(const PickleValue& tensor) {
    // (storage, offset, size, stride, requires_grad, backward_hooks[, metadata])
    if (tensor.items.size() < 4) {
        fail("its description is incomplete");
    }
    Layout layout;
    layout.sizes = whole_numbers(*tensor.items[2], "size");
    layout.strides = whole_numbers(*tensor.items[3], "stride");
    if (layout.sizes.size() != layout.strides.size()) {
        fail("its size has {} dimensions and its stride {}", layout.sizes.size(), layout.strides.size());
    }
    const PickleValue& offset = *tensor.items[1];
    if (!offset.is(PickleKind::integer) || offset.integer < 0) {
        fail("its storage offset is no whole number from 0 up");
    }
    layout.offset = offset.integer;
    std::int64_t last = layout.offset;
    std::int64_t product = 1; // dimensions of 0 counted as 1, so that they can't hide the others' overflow
    bool too_large = false;
    for (std::size_t i = 0; i < layout.sizes.size(); ++i) {
        std::int64_t reach = 0;
        too_large |= __builtin_mul_overflow(product, std::max<std::int64_t>(layout.sizes[i], 1), &product);
        layout.numel = layout.sizes[i] == 0 ? 0 : layout.numel;
        if (layout.sizes[i] > 0) {
            too_large |= __builtin_mul_overflow(layout.sizes[i] - 1, layout.strides[i], &reach);
            too_large |= __builtin_add_overflow(last, reach, &last);
        }
    }
    if (too_large) {
        fail("its size and stride overflow; no storage is that large");
    }
    layout.numel *= product; // 0 or 1 so far
    layout.last = layout.numel == 0 ? -1 : last;
    return layout;
}

// Strides of dimensions of size 1 say nothing and are skipped, unless `exact`.
bool strides_match(const Layout& layout, const std::vector<std::size_t>& order, bool exact) {
    std::int64_t expected = 1;
    for (const std::size_t dim : order) {
        if (layout.strides[dim] != expected && (exact || layout.sizes[dim] != 1)) {
            return false;
        }
        expected *= layout.sizes[dim];
    }
    return true;
}

// Element by element, for views that are neither contiguous nor channels-last.
void gather(const Layout& layout, const std::uint8_t* storage, std::size_t item, std::uint8_t* into) {
    struct Dim {
        std::int64_t size, stride, index;
    };
    std::vector<Dim> dims; // innermost first; strides of size 1 are unchecked and never used
    for (std::size_t d = layout.sizes.size(); d > 0; --d) {
        if (layout.sizes[d - 1] != 1) {
            dims.push_back({layout.sizes[d - 1], layout.strides[d - 1], 0});
        }
    }
    std::int64_t position = layout.offset;
    for (std::int64_t n = 0; n < layout.numel; ++n) {
        std::memcpy(into, storage + static_cast<std::size_t>(position) * item, item);
        into += item;
        for (Dim& dim : dims) {
            position += dim.stride;
            if (++dim.index < dim.size) {
                break;
            }
            position -= dim.stride * dim.size;
            dim.index = 0;
        }
    }
}

at::Tensor copy_out(const Layout& layout, const StorageView& storage) {
    std::vector<std::size_t> rows;
    for (std::size_t d = layout.sizes.size(); d > 0; --d) {
        rows.push_back(d - 1);
    }
    const std::vector<std::size_t> channels_last{1, 3, 2, 0};
    const bool four = layout.sizes.size() == 4;
    bool last = four && strides_match(layout, channels_last, true) && !strides_match(layout, rows, true);
    bool contiguous = !last && strides_match(layout, rows, false);
    last = last || (!contiguous && four && strides_match(layout, channels_last, false));

    const auto format = last ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
    at::Tensor tensor = at::empty(layout.sizes, at::TensorOptions().dtype(storage.dtype), format);
    if (layout.numel == 0) {
        return tensor;
    }
    const std::size_t item = c10::elementSize(storage.dtype);
    auto* into = static_cast<std::uint8_t*>(tensor.data_ptr());
    if (last || contiguous) {
        std::memcpy(into, storage.bytes.data() + static_cast<std::size_t>(layout.offset) * item,
                    static_cast<std::size_t>(layout.numel) * item);
    } else {
        gather(layout, storage.bytes.data(), item, into);
    }
    if (storage.dtype == at::kBool) { // any byte but 0 and 1 would be undefined behaviour
        for (std::int64_t i = 0; i < layout.numel; ++i) {
            into[i] = into[i] != 0 ? 1 : 0;
        }
    }
    return tensor;
}

PickleName meaning_of(const PickleValue& object) {
    return allowed_global(object.callee->integer).meaning;
}

} // namespace

bool TensorReader::is_tensor(const PickleValue& value) {
    return value.is(PickleKind::object) &&
           (meaning_of(value) == PickleName::tensor || meaning_of(value) == PickleName::parameter);
}

at::Tensor TensorReader::read(const PickleValue& value, const std::string& name) {
    try {
        const PickleValue* tensor = &value;
        if (is_tensor(value) && meaning_of(value) == PickleName::parameter && !value.items.empty()) {
            tensor = value.items[0];
        }
        if (!is_tensor(*tensor) || meaning_of(*tensor) != PickleName::tensor) {
            fail("is {}, not a tensor", describe(*tensor));
        }
        const Layout layout = layout_of(*tensor);
        const StorageView storage = lookup_(*tensor->items[0]);
        const auto item = static_cast<std::int64_t>(c10::elementSize(storage.dtype));
        const auto available = static_cast<std::int64_t>(storage.bytes.size()) / item;
        if (layout.last >= available || layout.numel > available) {
            fail("its offset, size and stride reach beyond its storage of {} elements", available);
        }
        const auto bytes = static_cast<std::uint64_t>(layout.numel * item);
        if (bytes > spare_bytes_) {
            fail("all tensors together are far larger than the file");
        }
        spare_bytes_ -= bytes;
        return copy_out(layout, storage);
    } catch (const Error& error) {
        fail("tensor {}: {}", printable(name), error.what());
    }
}

} // namespace atelier::io
