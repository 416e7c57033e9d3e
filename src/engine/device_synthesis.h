// SPDX-License-Identifier: Apache-2.0
// DeviceSynthesis: ws -> picture on a GPU. What changes from picture to picture goes up in one copy into memory that
// stays where it is, so that the calls can be recorded and repeated (PictureGraphs). Internal to engine (torch).
#pragma once

#include <functional>

#include <ATen/core/Tensor.h>

#include "engine/picture_graphs.h"
#include "model/synthesis.h"
#include "ops/device_queue.h"

namespace atelier {

class DeviceSynthesis {
public:
    // The generator's tensors lie on `device` and stay as they are. On the CPU it works, too, for tests.
    DeviceSynthesis(const model::Generator& generator, c10::Device device)
        : DeviceSynthesis(generator, device, make_graph_calls(device)) {}
    DeviceSynthesis(const model::Generator& generator, c10::Device device, std::shared_ptr<GraphCalls> calls);

    // ws [1,num_ws,w_dim] float32 on the CPU -> [1,channels,H,W] float32 on the device, in memory that the next call
    // may use again. key.half: the model's float16 resolutions. seed: of random noise, the same numbers as on the CPU.
    // Without memory on the device for a picture: what lies unused is given back, then once more; throws Error.
    at::Tensor forward(const at::Tensor& ws, const PictureGraphs::Key& key, std::uint32_t seed);

    // By its calls one by one, of what was uploaded last.
    at::Tensor draw(const PictureGraphs::Key& key) const;
    // ops::seeded_noise on the device of `seed`, whose first 32 bits are the seed: [count] float32.
    static at::Tensor noise_of(const at::Tensor& seed, int layer, std::int64_t count);
    const at::Tensor& input() const { return input_; } // what recordings read: always the same memory
    const PictureGraphs& graphs() const { return graphs_; }

private:
    void upload(const at::Tensor& ws, std::uint32_t seed);

    const model::Generator& generator_;
    const c10::Device device_;
    at::Tensor staged_, input_; // [num_ws * w_dim + 1] float32: ws, then the bits of the seed; here and on the device
    ops::DeviceMark uploaded_;  // from when on staged_ may be written again
    PictureGraphs graphs_;
};

} // namespace atelier
