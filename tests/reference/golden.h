// SPDX-License-Identifier: Apache-2.0
// Golden cases from the reference tree: found by listing it, compared by the tree's own error measure.
#pragma once

#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "io/safetensors.h"
#include "support/paths.h"

namespace atelier::test {

// max|a-b| / max|b|, b golden; where b is identically zero, |a| itself scaled so that 1e-6 passes a bound of 1e-5.
inline double relative_error(const at::Tensor& a, const at::Tensor& b) {
    if (!a.defined() || a.sizes() != b.sizes()) {
        return 1e30;
    }
    if (b.numel() == 0) {
        return 0;
    }
    const at::Tensor x = a.detach().to(at::kDouble), y = b.to(at::kDouble);
    const double scale = y.abs().max().item<double>();
    const double difference = (x - y).abs().max().item<double>();
    if (scale == 0) {
        return difference <= 1e-6 ? 0 : 1e30;
    }
    return std::isfinite(difference) ? difference / scale : 1e30;
}

#define EXPECT_CLOSE(a, b, bound)                                                                                      \
    EXPECT_LE(::atelier::test::relative_error((a), (b)), (bound)) << "for " #a << " of case " << current_case

inline nlohmann::json read_json(const std::filesystem::path& path) {
    std::ifstream in(path);
    if (!in) {
        throw std::runtime_error("missing " + path.string());
    }
    return nlohmann::json::parse(in);
}

struct Golden {
    explicit Golden(const std::filesystem::path& path) : file(io::read_safetensors(path)) {}
    io::Safetensors file;
    // A missing tensor fails the test that asks for it.
    at::Tensor at(const std::string& name) const {
        const at::Tensor* found = file.find(name);
        if (found == nullptr) {
            ADD_FAILURE() << "the golden file has no tensor " << name;
            return at::zeros({0});
        }
        return *found;
    }
    bool has(const std::string& name) const { return file.find(name) != nullptr; }
};

// True if the folder of this kind of reference is there; says which tree is used.
inline bool have_reference(const std::string& kind) {
    const auto folder = reference_dir() / kind;
    const bool there = std::filesystem::is_directory(folder);
    std::cout << "[reference] " << (there ? "using " : "no ") << folder.string() << std::endl;
    return there;
}

inline void report_cases(const std::string& kind, std::size_t count) {
    std::cout << "[reference] " << kind << ": " << count << " cases" << std::endl;
    EXPECT_GT(count, 0U) << "the folder is there but held no case of " << kind;
}

} // namespace atelier::test
