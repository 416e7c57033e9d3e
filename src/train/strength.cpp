// SPDX-License-Identifier: Apache-2.0
#include "train/strength.h"

#include "base/error.h"
#include "io/checkpoint.h"

namespace atelier::train {

double strength_from(const std::string& text) {
    try {
        std::size_t used = 0;
        const double value = std::stod(text, &used);
        if (used == text.size()) {
            if (!(value >= 0 && value <= 1)) {
                fail("--initstrength is {}; it has to lie between 0 and 1.", text);
            }
            return value;
        }
    } catch (const std::logic_error&) {
        // no number, so a file
    }
    if (const auto strength = strength_in(io::read_checkpoint(text))) {
        return *strength;
    }
    fail("{} holds no strength of augmentation; give --initstrength a number from 0 to 1.", text);
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
