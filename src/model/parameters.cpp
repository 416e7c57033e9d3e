// SPDX-License-Identifier: Apache-2.0
#include "model/parameters.h"

#include "base/error.h"

namespace atelier::model {

void Parameters::add(Parameter parameter) {
    if (!index_.emplace(parameter.name, all_.size()).second) {
        fail("The network has two tensors named '{}'.", parameter.name);
    }
    all_.push_back(std::move(parameter));
}

const at::Tensor* Parameters::find(const std::string& name) const {
    const auto found = index_.find(name);
    return found == index_.end() ? nullptr : &all_[found->second].value;
}

std::int64_t Parameters::count(bool buffers) const {
    std::int64_t total = 0;
    for (const Parameter& parameter : all_) {
        total += parameter.buffer == buffers ? parameter.value.numel() : 0;
    }
    return total;
}

c10::Device Parameters::device() const {
    return all_.empty() ? c10::Device(c10::kCPU) : all_.front().value.device();
}

TensorSource random_source() {
    return [](const std::string& name, at::IntArrayRef shape, bool buffer, const Init& init) {
        at::Tensor value;
        switch (init.kind) {
        case Init::Kind::normal: value = at::randn(shape, at::kFloat) * init.scale; break;
        case Init::Kind::constant: value = at::full(shape, init.scale, at::kFloat); break;
        case Init::Kind::values: value = init.values.to(at::kFloat).clone(); break;
        }
        return Parameter{name, value, buffer};
    };
}

TensorSource shape_source() {
    return [](const std::string& name, at::IntArrayRef shape, bool buffer, const Init&) {
        return Parameter{name, at::empty(shape, at::TensorOptions().dtype(at::kFloat).device(at::kMeta)), buffer};
    };
}

at::Tensor Scope::parameter(const std::string& name, at::IntArrayRef shape, const Init& init) const {
    return take(name, shape, false, init);
}

at::Tensor Scope::buffer(const std::string& name, at::IntArrayRef shape, const Init& init) const {
    return take(name, shape, true, init);
}

at::Tensor Scope::take(const std::string& name, at::IntArrayRef shape, bool buffer, const Init& init) const {
    Parameter parameter = (*source_)(prefix_ + name, shape, buffer, init);
    at::Tensor value = parameter.value;
    out_->add(std::move(parameter));
    return value;
}

} // namespace atelier::model
