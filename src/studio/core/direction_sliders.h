// SPDX-License-Identifier: Apache-2.0
// SliderList: the direction sliders that are kept for a model - names, order, layers, no amounts - and their file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "studio/state/state.h"

namespace atelier::studio {

inline constexpr std::size_t most_sliders = 200;

struct SliderList {
    std::vector<DirectionSlider> sliders; // amounts are 0

    bool empty() const { return sliders.empty(); }
    // Those of the other that move other directions or layers than any here, behind these; at most most_sliders stay.
    void join(const SliderList& other);
    bool operator==(const SliderList&) const = default;
};

// Without amounts.
SliderList list_of(std::vector<DirectionSlider> sliders);
// Those of `all` that move other directions or layers than any of `these`.
SliderList without(const SliderList& all, const SliderList& these);

// <model's content hash>-sliders.json; docs/files.md has the format. Throws Error naming the file: damaged, of a newer
// version.
std::string direction_slider_file_name(const std::string& model_hash);
SliderList load_sliders(const std::filesystem::path& file);
void save_sliders(const std::filesystem::path& file, const std::string& model_hash, const SliderList& list); // atomic

} // namespace atelier::studio
