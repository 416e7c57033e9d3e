// SPDX-License-Identifier: Apache-2.0
// Parameters: a network's named tensors in registration order. Layers hold handles to the same storages.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include <ATen/core/Tensor.h>

namespace atelier::model {

struct Parameter {
    std::string name; // "synthesis.b64.conv1.weight"
    at::Tensor value; // float32
    bool buffer = false;
};

class Parameters {
public:
    void add(Parameter parameter); // throws Error if the name is taken
    const std::vector<Parameter>& all() const { return all_; }
    const at::Tensor* find(const std::string& name) const;
    std::int64_t count(bool buffers) const; // elements
    c10::Device device() const;             // where the network computes; the CPU while there is none

private:
    std::vector<Parameter> all_;
    std::unordered_map<std::string, std::size_t> index_;
};

// How a tensor starts when there is no file: scale * N(0,1), or a constant.
struct Init {
    enum class Kind { normal, constant, values } kind = Kind::constant;
    double scale = 0;
    at::Tensor values; // Kind::values
    static Init normal(double scale = 1) { return {Kind::normal, scale, {}}; }
    static Init constant(double value) { return {Kind::constant, value, {}}; }
    static Init tensor(at::Tensor v) { return {Kind::values, 0, std::move(v)}; }
};

// Where a network under construction takes a tensor from: a file, fresh random numbers, or nothing but shapes.
using TensorSource = std::function<Parameter(const std::string& name, at::IntArrayRef shape, bool buffer, const Init&)>;

// Random initial weights from torch's default generator of the CPU.
TensorSource random_source();
// Tensors of the meta device: shapes without memory.
TensorSource shape_source();

// A name prefix inside a network under construction.
class Scope {
public:
    Scope(const TensorSource& source, Parameters& out, std::string prefix = {})
        : source_(&source), out_(&out), prefix_(std::move(prefix)) {}
    Scope sub(const std::string& name) const { return {*source_, *out_, prefix_ + name + "."}; }
    at::Tensor parameter(const std::string& name, at::IntArrayRef shape, const Init& init) const;
    at::Tensor buffer(const std::string& name, at::IntArrayRef shape, const Init& init) const;

private:
    at::Tensor take(const std::string& name, at::IntArrayRef shape, bool buffer, const Init& init) const;
    const TensorSource* source_;
    Parameters* out_;
    std::string prefix_;
};

} // namespace atelier::model
