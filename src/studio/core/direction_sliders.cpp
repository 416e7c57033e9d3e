// SPDX-License-Identifier: Apache-2.0
#include "studio/core/direction_sliders.h"

#include <algorithm>
#include <fstream>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "io/atomic_file.h"
#include "studio/state/recipe.h"
#include "studio/state/schema.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;
constexpr int version = 1;

template <class V> void fields(V& v, SliderList& s) {
    v.list("sliders", s.sliders, 0, most_sliders, [](auto& in, DirectionSlider& value) { studio::fields(in, value); });
}

} // namespace

SliderList list_of(std::vector<DirectionSlider> sliders) {
    for (DirectionSlider& each : sliders)
        each.direction.amount = 0;
    return {std::move(sliders)};
}

SliderList without(const SliderList& all, const SliderList& these) {
    SliderList out;
    for (const DirectionSlider& each : all.sliders) {
        const bool there = std::ranges::any_of(these.sliders, [&](const DirectionSlider& other) {
            return same_direction(each.direction, other.direction);
        });
        if (!there)
            out.sliders.push_back(each);
    }
    return out;
}

void SliderList::join(const SliderList& other) {
    const SliderList more = without(other, *this);
    sliders.insert(sliders.end(), more.sliders.begin(), more.sliders.end());
    sliders.resize(std::min(sliders.size(), most_sliders));
}

std::string direction_slider_file_name(const std::string& model_hash) {
    return model_hash + "-sliders.json";
}

SliderList load_sliders(const fs::path& file) {
    std::ifstream in(file);
    const json all = json::parse(in, nullptr, false);
    const auto wrong = [&](const std::string& what) {
        fail("{}: {}; remove it for the sliders of directions to be kept.", file.string(), what);
    };
    if (!all.is_object() || !all.value("version", json()).is_number_integer() || !all.contains("sliders"))
        wrong("is damaged");
    if (all["version"].get<double>() > version)
        wrong("is of a newer version of Atelier");
    SliderList out;
    try {
        Reader reader(all, "it");
        fields(reader, out);
    } catch (const Error&) {
        wrong("is damaged");
    }
    return list_of(std::move(out.sliders));
}

void save_sliders(const fs::path& file, const std::string& model_hash, const SliderList& list) {
    SliderList copy = list;
    Writer writer;
    fields(writer, copy);
    json out = writer.json();
    for (json& each : out["sliders"])
        each.erase("amount");
    out["version"] = version;
    out["model"] = model_hash;
    io::write_file(file, out.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
}

} // namespace atelier::studio
