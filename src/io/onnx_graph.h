// SPDX-License-Identifier: Apache-2.0
// OnnxGraph: a graph of ONNX operators while it is made, node by node; values are known by their names.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <ATen/core/Tensor.h>

#include "io/proto_writer.h"

namespace atelier::io {

inline constexpr std::int64_t onnx_batch = -1; // a dimension that may be any

struct OnnxAttribute {
    std::string name;
    std::variant<std::int64_t, float, std::vector<std::int64_t>> value;
};

class OnnxGraph {
public:
    void input(const std::string& name, const std::vector<std::int64_t>& shape); // float32
    void output(const std::string& name, const std::vector<std::int64_t>& shape);
    // float32 or int64; the same name twice is the same value.
    std::string constant(const std::string& name, const at::Tensor& value);
    std::string constant(float value);
    std::string constant(const std::vector<std::int64_t>& value);
    // Its output's name: `name`, or a new one when that is empty.
    std::string node(const std::string& op, const std::vector<std::string>& inputs,
                     const std::vector<OnnxAttribute>& attributes = {}, const std::string& name = {});

    // A whole model file of operator set 17. Ends this object's use. Throws Error, without a path, beyond 2 GB.
    std::string finish(const std::string& title, const std::string& about,
                       const std::vector<std::pair<std::string, std::string>>& notes);

private:
    std::vector<ProtoWriter> nodes_, constants_, inputs_, outputs_;
    std::map<std::string, bool> known_; // constants
    int values_ = 0;
    std::uint64_t bytes_ = 0;
};

} // namespace atelier::io
