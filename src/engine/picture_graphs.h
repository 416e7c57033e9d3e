// SPDX-License-Identifier: Apache-2.0
// PictureGraphs: the calls that make a picture on a device, recorded once and then repeated with one call (a CUDA
// graph), for as long as nothing but the contents of their inputs changes. No CUDA types, so that it is tested without
// a device.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "base/render_params.h"

namespace atelier {

// What recording asks of the device, on the calling thread's queue. Calls of other threads go on meanwhile. May throw.
class GraphCalls {
public:
    virtual ~GraphCalls() = default;
    virtual void begin() = 0;                // what is asked from here on is recorded in place of being done
    virtual std::shared_ptr<void> end() = 0; // owns the recording with the memory it works in
    virtual void abandon() noexcept = 0;     // after begin, when the recording is of no use
    virtual void repeat(void* recording) = 0;
};

// CUDA's for a device; null for the CPU and in a build without it.
std::shared_ptr<GraphCalls> make_graph_calls(c10::Device device);

class PictureGraphs {
public:
    // What is fixed in a recording. What isn't (ws, the seed of random noise) has to lie in the same memory each time.
    struct Key {
        bool half = false;
        NoiseMode noise = NoiseMode::constant;
        float strength = 1;
        std::vector<float> by_layer{};
        bool operator==(const Key&) const = default;
    };

    explicit PictureGraphs(std::shared_ptr<GraphCalls> calls) : calls_(std::move(calls)) {}

    // The picture that `draw` makes. The second time in a row that a key is asked for, draw's calls are recorded, so
    // that a dragged slider records nothing; from then on they are repeated into the same tensor. If recording fails,
    // everything goes by `draw` from then on.
    at::Tensor picture(const Key& key, const std::function<at::Tensor()>& draw);
    void clear();                                           // with the memory of the recordings
    const std::string& trouble() const { return trouble_; } // why nothing is recorded any more; empty: all is well

private:
    struct Recorded {
        Key key;
        std::shared_ptr<void> recording;
        at::Tensor picture;
    };
    bool record(const Key& key, const std::function<at::Tensor()>& draw);

    static constexpr std::size_t most = 4;
    std::shared_ptr<GraphCalls> calls_;
    std::list<Recorded> recorded_; // newest first
    std::optional<Key> last_;
    std::string trouble_;
};

} // namespace atelier
