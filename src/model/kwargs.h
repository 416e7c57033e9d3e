// SPDX-License-Identifier: Apache-2.0
// Careful readers of untrusted constructor arguments and tensor shapes, used while a config is made. Internal to model.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <nlohmann/json.hpp>

#include "io/checkpoint.h"

namespace atelier::model {

// A JSON object of arguments; every getter throws Error, beginning with what(), if a value is of the wrong kind.
class Kwargs {
public:
    Kwargs(const nlohmann::json& object, std::string what);
    const std::string& what() const { return what_; }
    const nlohmann::json* find(const char* name) const; // null when absent
    int integer(const char* name, int fallback) const;
    double number(const char* name, double fallback) const;
    std::optional<double> optional_number(const char* name, std::optional<double> fallback) const; // null is "none"
    bool boolean(const char* name, bool fallback) const;
    std::string text(const char* name, const std::string& fallback) const;
    std::vector<double> numbers(const char* name, const std::vector<double>& fallback) const;
    Kwargs sub(const char* name) const;      // an empty object when absent
    Kwargs overlaid(const char* name) const; // this object with the sub-object's entries on top

private:
    nlohmann::json object_;
    std::string what_;
};

// The tensors of a network by name.
class Shapes {
public:
    Shapes(const io::NetworkData& data, std::string what);
    bool has(const std::string& name) const { return index_.contains(name); }
    // Size of one dimension of a tensor that must be there with that rank; throws Error otherwise.
    std::int64_t size(const std::string& name, int rank, int dim) const;
    int count_layers(const std::string& prefix) const; // fc0, fc1, ...; throws Error if there is none
    // 1-D taps that give this filter buffer, if `taps` has another length; unchanged when the buffer is absent.
    void read_filter(const std::string& name, std::vector<double>& taps) const;
    const nlohmann::json* attribute(const std::string& module, const char* name) const;
    // Number of blocks marked use_fp16; none when the file doesn't say.
    std::optional<int> count_fp16(const std::string& prefix, int resolution) const;

private:
    const io::NetworkData* data_;
    std::string what_;
    std::unordered_map<std::string, const at::Tensor*> index_;
};

} // namespace atelier::model
