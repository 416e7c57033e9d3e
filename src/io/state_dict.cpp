// SPDX-License-Identifier: Apache-2.0
#include "io/state_dict.h"

#include <algorithm>

#include "io/network_reading.h"

namespace atelier::io {

namespace {

constexpr std::size_t max_name = 512;

} // namespace

bool is_buffer_name(const std::string& name) {
    const std::size_t dot = name.rfind('.');
    const std::string_view last = std::string_view(name).substr(dot == std::string::npos ? 0 : dot + 1);
    return last == "resample_filter" || last == "noise_const" || last == "w_avg";
}

void check_name(std::string_view name) {
    if (name.empty() || name.size() > max_name) {
        fail("a tensor's or module's name has {} bytes; 1 to {} make sense", name.size(), max_name);
    }
    if (std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
        fail("the name {} has control characters in it", printable(name));
    }
}

bool is_state_dict(const ModelSource& source) {
    return source.root != nullptr;
}

void read_state_dict(ModelSource& source, CheckpointFile& into) {
    into.kind = FileKind::plain_pt;
    into.description = source.container == ModelContainer::zip ? "PyTorch state dict (zip)"
                       : source.container == ModelContainer::legacy
                           ? "PyTorch state dict (legacy)"
                           : fmt::format("pickled state dict (protocol {})", source.protocol);
    read_found_networks(source, into);
}

} // namespace atelier::io
