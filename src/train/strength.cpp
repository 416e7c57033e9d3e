// SPDX-License-Identifier: Apache-2.0
#include "train/strength.h"

#include <cmath>

#include "base/error.h"
#include "io/checkpoint.h"

namespace atelier::train {

double strength_from(const std::string& text) {
    try {
        std::size_t used = 0;
        const double value = std::stod(text, &used);
        if (used == text.size()) {
            if (!(value >= 0 && std::isfinite(value))) { // beyond 1 with --ada-max, as a file may have it, too
                fail("--initstrength is {}; it has to be a number from 0 up.", text);
            }
            return value;
        }
    } catch (const std::logic_error&) {
        // no number, so a file
    }
    if (const auto strength = strength_in(io::read_checkpoint(text))) {
        return *strength;
    }
    fail("{} holds no strength of augmentation; give --initstrength a number from 0 up, mostly to 1.", text);
}

std::optional<double> strength_in(const io::CheckpointFile& file) {
    for (const auto& [name, value] : file.trainer) {
        if (name == "p" && value.numel() == 1) {
            return value.item().toDouble();
        }
    }
    const auto pipe = file.networks.find("augment_pipe");
    if (pipe != file.networks.end()) {
        for (const io::NamedTensor& tensor : pipe->second.tensors) {
            if (tensor.name == "p" && tensor.value.numel() == 1) {
                return tensor.value.item().toDouble();
            }
        }
    }
    return std::nullopt;
}

} // namespace atelier::train
