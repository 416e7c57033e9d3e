// SPDX-License-Identifier: Apache-2.0
#include "latent/latent_files.h"

#include <algorithm>
#include <array>
#include <optional>

#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/isfinite.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file_names.h"
#include "io/npy.h"
#include "io/pickle_value.h"
#include "io/safetensors.h"
#include "io/torch_tensors.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t most_latents = 100'000;
constexpr std::size_t longest_name = 200;
constexpr std::uintmax_t largest_looked_into = 64U << 20; // bytes of a .pt, whose names come only with all the rest
constexpr std::size_t few_arrays = 4;                     // fewer than any generator has
constexpr const char* names_key = "atelier.names"; // safetensors metadata; in .npz an entry of that name and ".json"
constexpr std::array known_keys{"z", "w", "ws"};

enum class Ending { npy, npz, safetensors, torch };

Ending ending_of(const fs::path& path) {
    const std::string text = lower_extension(path);
    if (text == ".npy") {
        return Ending::npy;
    }
    if (text == ".npz") {
        return Ending::npz;
    }
    if (text == ".pt" || text == ".pth") {
        return Ending::torch;
    }
    if (text != ".safetensors") {
        fail("{}: latents are kept in files whose names end in .npy, .npz, .safetensors or .pt", path.string());
    }
    return Ending::safetensors;
}

bool is_known(const std::string& key) {
    return std::find(known_keys.begin(), known_keys.end(), key) != known_keys.end();
}

using Arrays = std::vector<std::pair<std::string, at::Tensor>>;

struct Contents {
    Arrays arrays; // those that are latents
    std::string space;
    std::string names; // JSON: key -> list
};

// The names that count: those known if there are any, else all.
std::vector<std::string> wanted(const std::vector<std::string>& names) {
    std::vector<std::string> known;
    for (const char* key : known_keys) { // in this order
        if (std::find(names.begin(), names.end(), key) != names.end()) {
            known.emplace_back(key);
        }
    }
    return known.empty() ? names : known;
}

Contents contents_of(const fs::path& path) {
    Contents contents;
    switch (ending_of(path)) {
    case Ending::npy: contents.arrays.emplace_back("", io::read_npy(path)); break;
    case Ending::npz: {
        const io::NpzFile file(path);
        for (const std::string& name : wanted(file.names())) {
            contents.arrays.emplace_back(name, file.read(name));
        }
        contents.names = file.text(std::string(names_key) + ".json");
        break;
    }
    case Ending::torch: {
        const Arrays all = io::read_torch_tensors(path);
        std::vector<std::string> names;
        for (const auto& [name, tensor] : all) {
            names.push_back(name);
        }
        const std::vector<std::string> used = wanted(names);
        std::ranges::copy_if(all, std::back_inserter(contents.arrays),
                             [&](const auto& each) { return std::ranges::find(used, each.first) != used.end(); });
        break;
    }
    case Ending::safetensors: {
        io::Safetensors file = io::read_safetensors(path);
        std::vector<std::string> names;
        for (const auto& [name, tensor] : file.tensors) {
            names.push_back(name);
        }
        for (const std::string& name : wanted(names)) {
            contents.arrays.emplace_back(name, *file.find(name));
        }
        contents.space = file.metadata["space"];
        contents.names = file.metadata[names_key];
    }
    }
    return contents;
}

struct Dims {
    int z, w, num_ws;
};

struct Rows {
    Space space = Space::w;
    at::Tensor values; // [N, layers, dim] float32
};

// nullopt if `array` can't be what its key or the metadata says, or can't be anything.
std::optional<Rows> rows_of(const std::string& key, const std::string& space, const at::Tensor& array,
                            const Dims& dims) {
    const std::int64_t d = array.dim();
    if (d < 1 || d > 3 || !at::isFloatingType(array.scalar_type())) {
        return std::nullopt;
    }
    const std::int64_t last = array.size(d - 1), middle = d == 3 ? array.size(1) : 1;
    const bool z_fits = d <= 2 && last == dims.z && dims.z > 0;
    const bool w_fits = last == dims.w && (middle == 1 || middle == dims.num_ws);
    const bool one_stack = d == 2 && array.size(0) == dims.num_ws && last == dims.w; // [num_ws,w_dim]
    const std::string said = is_known(key) ? key : space;
    const at::Tensor plain = array.to(at::kFloat).contiguous();
    if (said == "z" ? z_fits : z_fits && !w_fits && !is_known(said)) {
        return Rows{Space::z, plain.view({-1, 1, last})};
    }
    if (said == "z" || !w_fits || (said == "ws" && d < 3 && !one_stack)) {
        return std::nullopt;
    }
    const std::int64_t layers = one_stack && said != "w" ? dims.num_ws : middle;
    return Rows{Space::w, plain.view({-1, layers, last})};
}

std::string shape_text(const at::Tensor& array) {
    std::string text;
    for (const std::int64_t size : array.sizes()) {
        text += fmt::format("{}{}", text.empty() ? "" : ",", size);
    }
    return "[" + text + "]";
}

// Names of `count` latents of one array, as the file gives them; empty if it gives none that fit.
std::vector<std::string> stored_names(const std::string& json, const std::string& key, std::size_t count) {
    const auto all = nlohmann::json::parse(json, nullptr, false);
    if (!all.is_object() || !all.contains(key) || !all[key].is_array() || all[key].size() != count) {
        return {};
    }
    std::vector<std::string> names;
    for (const auto& name : all[key]) {
        if (!name.is_string()) {
            return {};
        }
        names.push_back(name.get<std::string>().substr(0, longest_name));
    }
    return names;
}

NamedLatent latent_of(std::string name, Space space, const at::Tensor& row) { // [layers, dim]
    ExplicitLatent latent;
    latent.space = space;
    latent.layers = static_cast<int>(row.size(0));
    latent.values.assign(row.data_ptr<float>(), row.data_ptr<float>() + row.numel());
    return {std::move(name), {std::make_shared<const ExplicitLatent>(std::move(latent))}};
}

} // namespace

std::vector<NamedLatent> load_latents(const fs::path& path, int z_dim, int w_dim, int num_ws) {
    const Contents contents = contents_of(path);
    std::vector<NamedLatent> latents;
    for (const auto& [key, array] : contents.arrays) {
        const std::string label = key.empty() ? "its array" : fmt::format("array '{}'", io::printable(key));
        const auto rows = rows_of(key, contents.space, array, {z_dim, w_dim, num_ws});
        if (!rows) {
            fail("{}: {} of {}{} is no latent of this model, which takes z [N,{}], w [N,{}] or w+ [N,{},{}] of "
                 "floating-point numbers",
                 path.string(), label, at::isFloatingType(array.scalar_type()) ? "shape " : "whole numbers ",
                 shape_text(array), z_dim, w_dim, num_ws, w_dim);
        }
        if (!at::isfinite(rows->values).all().item<bool>()) {
            fail("{}: {} holds values that are no numbers (NaN or infinite)", path.string(), label);
        }
        const std::int64_t count = rows->values.size(0);
        if (static_cast<std::int64_t>(latents.size()) + count > most_latents) {
            fail("{}: holds more than {} latents", path.string(), most_latents);
        }
        const auto names = stored_names(contents.names, key, static_cast<std::size_t>(count));
        for (std::int64_t i = 0; i < count; ++i) {
            std::string name = path.stem().string();
            if (!names.empty()) {
                name = names[static_cast<std::size_t>(i)];
            } else if (count > 1 || contents.arrays.size() > 1) {
                name +=
                    contents.arrays.size() > 1 ? fmt::format(" {} {}", io::printable(key), i) : fmt::format(" {}", i);
            }
            latents.push_back(latent_of(std::move(name), rows->space, rows->values[i]));
        }
    }
    if (latents.empty()) {
        fail("{}: holds no latents", path.string());
    }
    return latents;
}

bool holds_latents(const fs::path& path) {
    const std::string extension = lower_extension(path);
    const bool torch = extension == ".pt" || extension == ".pth";
    if (extension != ".safetensors" && !torch) {
        return extension == ".npy" || extension == ".npz";
    }
    try {
        std::vector<std::string> names;
        if (torch) {
            if (fs::file_size(path) > largest_looked_into) {
                return false;
            }
            for (const auto& [name, tensor] : io::read_torch_tensors(path)) {
                names.push_back(name);
            }
        } else {
            names = io::safetensors_names(path);
        }
        const bool known = std::any_of(names.begin(), names.end(), is_known);
        return (known || names.size() <= few_arrays) &&
               std::none_of(names.begin(), names.end(), [](const std::string& name) {
                   return name.find("synthesis.") != std::string::npos || name.find("mapping.") != std::string::npos;
               });
    } catch (const std::exception&) { // not read, or not there
        return false;
    }
}

namespace {

const char* key_of(const ExplicitLatent& latent) {
    return latent.space == Space::z ? "z" : latent.layers == 1 ? "w" : "ws";
}

// All latents of one kind: [N,layers,dim] float32. Empty if there are none.
at::Tensor stacked(const fs::path& path, const std::vector<NamedLatent>& latents, const std::string& key,
                   nlohmann::json& names) {
    std::vector<float> values;
    std::int64_t count = 0, layers = 0, numbers = 0;
    for (const NamedLatent& named : latents) {
        if (key_of(*named.latent.latent) != key) {
            continue;
        }
        const auto size = static_cast<std::int64_t>(named.latent->values.size());
        if (count > 0 && (size != numbers || named.latent->layers != layers)) {
            fail("{}: can't be written: the latents are of different models' sizes", path.string());
        }
        numbers = size;
        layers = named.latent->layers;
        values.insert(values.end(), named.latent->values.begin(), named.latent->values.end());
        names[key].push_back(named.name);
        ++count;
    }
    if (count == 0) {
        return {};
    }
    if (layers < 1 || numbers == 0 || numbers % layers != 0) {
        fail("{}: can't be written: a latent has {} layers and {} numbers", path.string(), layers, numbers);
    }
    return at::from_blob(values.data(), {count, layers, numbers / layers}, at::kFloat).clone();
}

} // namespace

void save_latents(const fs::path& path, const std::vector<NamedLatent>& latents) {
    const Ending ending = ending_of(path);
    Arrays arrays;
    nlohmann::json names = nlohmann::json::object();
    const bool whole = std::all_of(latents.begin(), latents.end(), [](const auto& l) { return bool(l.latent); });
    if (latents.empty() || !whole) {
        fail("{}: can't be written: there are no latents to keep", path.string());
    }
    for (const char* key : known_keys) {
        if (const at::Tensor array = stacked(path, latents, key, names); array.defined()) {
            arrays.emplace_back(key, array);
        }
    }
    if (ending == Ending::npy) {
        if (arrays.size() > 1 || arrays.front().first == "z") {
            fail("{}: can't be written: a .npy file holds w alone or w+ alone; an .npz or .safetensors file also holds "
                 "z, or several kinds",
                 path.string());
        }
        io::write_npy(path, arrays.front().second);
        return;
    }
    for (auto& [key, array] : arrays) {
        if (key != "ws") {
            array = array.squeeze(1);
        }
    }
    const std::string text = names.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    if (ending == Ending::npz) {
        io::write_npz(path, arrays, {{std::string(names_key) + ".json", text}});
    } else {
        io::write_safetensors(path, arrays, {{names_key, text}});
    }
}

} // namespace atelier
