// SPDX-License-Identifier: Apache-2.0
#include "io/onnx_graph.h"

#include <ATen/Functions.h>

#include "base/error.h"

namespace atelier::io {

namespace {

// Numbers of the fields and kinds, as onnx.proto has them.
constexpr int float32 = 1, int64 = 7;
constexpr int attribute_float = 1, attribute_int = 2, attribute_ints = 7;
constexpr int ir_version = 8, operator_set = 17;
constexpr std::uint64_t most_bytes = 2'000'000'000; // of one message

ProtoWriter value_info(const std::string& name, const std::vector<std::int64_t>& shape) {
    ProtoWriter dimensions, tensor, type, info;
    for (const std::int64_t size : shape) {
        ProtoWriter dimension;
        size == onnx_batch ? dimension.bytes(2, "batch") : dimension.number(1, size);
        dimensions.message(1, dimension);
    }
    tensor.number(1, float32);
    tensor.message(2, dimensions);
    type.message(1, tensor);
    info.bytes(1, name);
    info.message(2, type);
    return info;
}

} // namespace

void OnnxGraph::input(const std::string& name, const std::vector<std::int64_t>& shape) {
    inputs_.push_back(value_info(name, shape));
}

void OnnxGraph::output(const std::string& name, const std::vector<std::int64_t>& shape) {
    outputs_.push_back(value_info(name, shape));
}

std::string OnnxGraph::constant(const std::string& name, const at::Tensor& value) {
    if (!known_.emplace(name, true).second) {
        return name;
    }
    const at::Tensor plain = value.cpu().contiguous();
    ProtoWriter tensor;
    for (const std::int64_t size : plain.sizes()) {
        tensor.number(1, size);
    }
    tensor.number(2, plain.scalar_type() == at::kLong ? int64 : float32);
    tensor.bytes(8, name);
    tensor.bytes(9, {static_cast<const char*>(plain.const_data_ptr()), plain.nbytes()});
    bytes_ += plain.nbytes();
    if (bytes_ > most_bytes) {
        fail("is larger than an ONNX file can be (2 GB)");
    }
    constants_.push_back(std::move(tensor));
    return name;
}

std::string OnnxGraph::constant(float value) {
    return constant(fmt::format("number {}", value), at::full({1}, value, at::kFloat));
}

std::string OnnxGraph::constant(const std::vector<std::int64_t>& value) {
    std::string name = "sizes";
    for (const std::int64_t each : value) {
        name += fmt::format(" {}", each);
    }
    return constant(name, at::tensor(at::IntArrayRef(value), at::kLong));
}

std::string OnnxGraph::node(const std::string& op, const std::vector<std::string>& inputs,
                            const std::vector<OnnxAttribute>& attributes, const std::string& name) {
    const std::string result = name.empty() ? fmt::format("v{}", ++values_) : name;
    ProtoWriter node;
    for (const std::string& input : inputs) {
        node.bytes(1, input);
    }
    node.bytes(2, result);
    node.bytes(3, fmt::format("{} {}", op, result));
    node.bytes(4, op);
    for (const OnnxAttribute& attribute : attributes) {
        ProtoWriter written;
        written.bytes(1, attribute.name);
        if (const auto* number = std::get_if<std::int64_t>(&attribute.value)) {
            written.number(3, *number);
            written.number(20, attribute_int);
        } else if (const auto* real = std::get_if<float>(&attribute.value)) {
            written.real(2, *real);
            written.number(20, attribute_float);
        } else {
            for (const std::int64_t each : std::get<std::vector<std::int64_t>>(attribute.value)) {
                written.number(8, each);
            }
            written.number(20, attribute_ints);
        }
        node.message(5, written);
    }
    nodes_.push_back(std::move(node));
    return result;
}

std::string OnnxGraph::finish(const std::string& title, const std::string& about,
                              const std::vector<std::pair<std::string, std::string>>& notes) {
    ProtoWriter graph;
    const auto add = [&](int field, const std::vector<ProtoWriter>& parts) {
        for (const ProtoWriter& part : parts) {
            graph.message(field, part);
        }
    };
    add(1, nodes_);
    graph.bytes(2, title);
    add(5, constants_);
    add(11, inputs_);
    add(12, outputs_);
    constants_.clear();

    ProtoWriter model, operators;
    model.number(1, ir_version);
    model.bytes(2, "Atelier");
    model.bytes(6, about);
    model.message(7, graph);
    operators.bytes(1, "");
    operators.number(2, operator_set);
    model.message(8, operators);
    for (const auto& [key, value] : notes) {
        ProtoWriter note;
        note.bytes(1, key);
        note.bytes(2, value);
        model.message(14, note);
    }
    return model.text();
}

} // namespace atelier::io
