// SPDX-License-Identifier: Apache-2.0
// What torch.save writes: a zip file of one pickle and its tensors' storages, which torch.load(weights_only=True)
// opens.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "io/checkpoint_write.h"
#include "io/pickle_writer.h"

namespace atelier::io {

// The pickle of such a file while it is made: tensors go into it by add() and into the zip file by write().
class TorchFileWriter {
public:
    TorchFileWriter() : pickle_(2) {}

    PickleWriter& pickle() { return pickle_; }
    void add(const at::Tensor& value); // float32, float16 or bfloat16; contiguous on the CPU from here on

    // Atomic; throws Error beginning with the path. Ends this object's use.
    void write(const std::filesystem::path& path);

private:
    PickleWriter pickle_;
    std::vector<at::Tensor> storages_;
};

// {"G_ema": {name: tensor, ...}, "G": ..., "D": ..., "atelier": description_text}: state dicts as load_state_dict()
// takes them. Atomic; throws Error beginning with the path.
void write_torch_checkpoint(const std::filesystem::path& path, const CheckpointFile& file, const WriteOptions& options);

} // namespace atelier::io
