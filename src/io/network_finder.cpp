// SPDX-License-Identifier: Apache-2.0
#include "io/network_finder.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include <fmt/format.h>

#include "io/nvidia_pickle.h"

namespace atelier::io {

namespace {

using Parts = std::vector<std::string_view>;

Parts split(std::string_view name) {
    Parts parts;
    for (;;) {
        const std::size_t dot = name.find('.');
        parts.push_back(name.substr(0, dot));
        if (dot == std::string_view::npos) {
            return parts;
        }
        name.remove_prefix(dot + 1);
    }
}

bool is_number(std::string_view text) {
    return !text.empty() && text.size() < 6 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_numbered(std::string_view text, std::string_view word) {
    return text.starts_with(word) && is_number(text.substr(word.size()));
}

template <std::size_t N> bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

// What the name tells from its part `at` on; the parts before it are a prefix.
std::optional<NetworkKind> kind_at(const Parts& parts, std::size_t at) {
    static constexpr std::array<std::string_view, 5> input3{"weight", "freqs", "phases", "transform", "affine"};
    static constexpr std::array<std::string_view, 3> judge{"conv", "fc", "out"};
    const auto part = [&](std::size_t i) { return at + i < parts.size() ? parts[at + i] : std::string_view(); };
    if (part(0) == "synthesis") {
        if (is_numbered(part(1), "b")) {
            return NetworkKind::generator;
        }
        const bool layer3 = part(1).size() > 2 && part(1)[0] == 'L' && is_number(part(1).substr(1, 1));
        if (layer3 || (part(1) == "input" && is_one_of(part(2), input3))) {
            return NetworkKind::stylegan3;
        }
        return std::nullopt;
    }
    if (part(0) == "augment_pipe" && parts.size() > at + 1) {
        return NetworkKind::augment_pipe;
    }
    if (part(0) == "b4" && is_one_of(part(1), judge) && parts.size() > at + 2) {
        return NetworkKind::discriminator;
    }
    const bool last = part(2) == "weight" || part(2) == "bias";
    if ((part(0) == "style" && is_number(part(1)) && last) || (part(0) == "input" && part(1) == "input") ||
        (part(0) == "conv1" && part(1) == "conv") || (part(0) == "to_rgb1" && part(1) == "conv") ||
        (part(0) == "convs" && is_number(part(1)) && part(2) == "conv") ||
        (part(0) == "noises" && part(1).starts_with("noise_"))) {
        return NetworkKind::rosinality_generator;
    }
    if ((part(0) == "final_conv" || part(0) == "final_linear") && is_number(part(1))) {
        return NetworkKind::rosinality_discriminator;
    }
    return std::nullopt;
}

bool is_generator(NetworkKind kind) {
    return kind == NetworkKind::generator || kind == NetworkKind::rosinality_generator ||
           kind == NetworkKind::stylegan3;
}

bool is_discriminator(NetworkKind kind) {
    return kind == NetworkKind::discriminator || kind == NetworkKind::rosinality_discriminator;
}

std::string in_small_letters(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

bool is_called_ema(const FoundNetwork& network) {
    return in_small_letters(network.prefix).find("ema") != std::string::npos;
}

// The generator that trains, not its average, where a file calls one so.
bool is_called_g(const FoundNetwork& network) {
    static constexpr std::array<std::string_view, 4> names{"g", "netg", "generator", "gen"};
    const std::string small = in_small_letters(network.prefix);
    const Parts parts = split(small);
    return std::any_of(parts.begin(), parts.end(), [](std::string_view part) { return is_one_of(part, names); });
}

void give_names(std::vector<FoundNetwork>& found) {
    const auto first = [&](auto&& fits) -> FoundNetwork* {
        const auto at =
            std::find_if(found.begin(), found.end(), [&](const FoundNetwork& n) { return n.name.empty() && fits(n); });
        return at == found.end() ? nullptr : &*at;
    };
    const auto generator = [](const FoundNetwork& n) { return is_generator(n.kind); };
    FoundNetwork* average = first([&](const FoundNetwork& n) { return generator(n) && is_called_ema(n); });
    if (average != nullptr) {
        average->name = "G_ema";
    }
    // A whole "G" says that it is no average; a lone "generator." doesn't.
    if (FoundNetwork* plain = first([&](const FoundNetwork& n) {
            return generator(n) && (n.prefix == "G." || (average != nullptr && is_called_g(n)));
        })) {
        plain->name = "G";
    } else if (average == nullptr) {
        if (FoundNetwork* lone = first(generator)) {
            lone->name = "G_ema";
        }
    }
    if (FoundNetwork* d = first([](const FoundNetwork& n) { return is_discriminator(n.kind); })) {
        d->name = "D";
    }
    if (FoundNetwork* pipe = first([](const FoundNetwork& n) { return n.kind == NetworkKind::augment_pipe; })) {
        pipe->name = "augment_pipe";
    }
}

bool is_single_number(const TreeTensor& tensor) {
    if (tensor.tensor != nullptr) {
        return tensor.tensor->numel() == 1;
    }
    const PickleValue* value = tensor.value;
    if (!value->items.empty() && value->items[0]->is(PickleKind::object) && value->items.size() < 4) {
        value = value->items[0]; // a parameter around its tensor
    }
    return value->items.size() > 2 && value->items[2]->is(PickleKind::tuple) &&
           std::all_of(value->items[2]->items.begin(), value->items[2]->items.end(),
                       [](const PickleValue* side) { return side->is(PickleKind::integer) && side->integer == 1; });
}

} // namespace

bool belongs(NetworkKind kind, std::string_view relative) {
    const Parts parts = split(relative);
    const std::string_view first = parts.front();
    static constexpr std::array<std::string_view, 8> style{"style",   "input",  "conv1",     "to_rgb1",
                                                           "to_rgbs", "noises", "upsamples", "convs"};
    static constexpr std::array<std::string_view, 4> judge{"convs", "final_conv", "final_linear", "stddev"};
    switch (kind) {
    case NetworkKind::generator:
    case NetworkKind::stylegan3: return first == "synthesis" || first == "mapping";
    case NetworkKind::discriminator: return is_numbered(first, "b") || first == "mapping";
    case NetworkKind::rosinality_generator: return is_one_of(first, style);
    case NetworkKind::rosinality_discriminator: return is_one_of(first, judge);
    case NetworkKind::augment_pipe: return true;
    }
    return false;
}

std::vector<FoundNetwork> find_networks(const NetworkTree& tree) {
    constexpr std::size_t most = 100; // prefixes; a file of snapshots has a few
    std::vector<FoundNetwork> found;
    for (const TreeTensor& tensor : tree.tensors) {
        const Parts parts = split(tensor.name);
        std::size_t before = 0; // bytes of the prefix
        for (std::size_t at = 0; at < parts.size() && at < 12; before += parts[at].size() + 1, ++at) {
            const auto kind = kind_at(parts, at);
            if (!kind) {
                continue;
            }
            if (*kind == NetworkKind::augment_pipe) {
                before += std::string_view("augment_pipe.").size();
            }
            const std::string_view prefix = std::string_view(tensor.name).substr(0, before);
            const bool known = std::any_of(found.begin(), found.end(), [&](const FoundNetwork& network) {
                return network.kind == *kind && network.prefix == prefix;
            });
            if (!known && found.size() < most) {
                found.push_back({*kind, std::string(prefix), {}, nullptr});
            }
            break;
        }
    }
    for (FoundNetwork& network : found) {
        const auto module = std::find_if(tree.modules.begin(), tree.modules.end(), [&](const TreeValue& value) {
            return value.path.empty() ? network.prefix.empty() : value.path + "." == network.prefix;
        });
        network.module = module == tree.modules.end() ? nullptr : module->value;
    }
    give_names(found);
    return found;
}

std::vector<std::string> parts_left_out(const NetworkTree& tree, const std::vector<FoundNetwork>& found) {
    constexpr std::size_t most = 8;
    std::vector<std::string> parts;
    std::unordered_set<std::string> covered; // roots that were named
    const auto is_read = [&](std::string_view name) {
        return std::any_of(found.begin(), found.end(), [&](const FoundNetwork& network) {
            return !network.name.empty() && name.starts_with(network.prefix) &&
                   (network.module != nullptr || belongs(network.kind, name.substr(network.prefix.size())));
        });
    };
    const auto is_covered = [&](const std::string& path) {
        if (covered.empty()) {
            return false;
        }
        for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1)) {
            if (covered.contains(path.substr(0, dot))) {
                return true;
            }
        }
        return covered.contains(path);
    };
    const auto name_part = [&](const std::string& root, const std::string& text) {
        if (covered.insert(root).second && parts.size() < most) {
            parts.push_back(text);
        }
    };
    for (const TreeValue& module : tree.modules) {
        const std::string inside = module.path.empty() ? "" : module.path + ".";
        const bool holds_read = std::any_of(found.begin(), found.end(), [&](const FoundNetwork& network) {
            return !network.name.empty() && (network.prefix.starts_with(inside) || inside.starts_with(network.prefix));
        });
        const std::string type = class_of_module(*module.value);
        if (!holds_read && !is_covered(module.path) && type != absent_network) {
            name_part(module.path, printable(module.path) + (type.empty() ? "" : fmt::format(" ({})", type)));
        }
    }
    const bool rosinality = std::any_of(found.begin(), found.end(), [](const FoundNetwork& network) {
        return network.kind == NetworkKind::rosinality_generator;
    });
    for (const TreeTensor& tensor : tree.tensors) {
        if (rosinality && (tensor.name == "latent_avg" || tensor.name.ends_with(".latent_avg"))) {
            continue; // the mean w, which is read with the generator
        }
        if (!is_single_number(tensor) && !is_read(tensor.name) && !is_covered(tensor.name)) {
            const std::string root = tensor.name.substr(0, tensor.name.find('.'));
            name_part(root, printable(root));
        }
    }
    return parts;
}

} // namespace atelier::io
