// SPDX-License-Identifier: Apache-2.0
#include "cli/suggestions.h"

#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/format.h>

namespace atelier {
namespace {

struct Known {
    std::string_view theirs, ours;
};

// Of the public StyleGAN tools.
constexpr std::array<Known, 11> commands{{{"generate", "render"},
                                          {"gen_images", "render"},
                                          {"gen_video", "walk"},
                                          {"video", "walk"},
                                          {"style_mixing", "mix"},
                                          {"dataset_tool", "dataset"},
                                          {"prepare", "dataset"},
                                          {"calc_metrics", "eval"},
                                          {"visualizer", "studio"},
                                          {"legacy", "convert"},
                                          {"closed_form_factorization", "directions"}}};
constexpr std::array<Known, 18> options{{{"--trunc", "--psi"},
                                         {"--truncation", "--psi"},
                                         {"--truncation-psi", "--psi"},
                                         {"--truncation_psi", "--psi"},
                                         {"--outdir", "--out"},
                                         {"--output", "--out"},
                                         {"--dest", "--out"},
                                         {"--noise-mode", "--noise"},
                                         {"--projected-w", "--latents"},
                                         {"--projected_w", "--latents"},
                                         {"--class-idx", "--class"},
                                         {"--styles", "--layers"},
                                         {"--col-styles", "--layers"},
                                         {"--freezed", "--freeze-d"},
                                         {"--glr", "--lr"},
                                         {"--dlr", "--lr"},
                                         {"--w-frames", "--seconds-per-step"},
                                         {"--resolution", "--size"}}};
// What we take without an option.
constexpr std::array<std::string_view, 4> positional{"--network", "--network-pkl", "--source", "--ckpt"};

// Letters put in, left out, changed (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
        }
    }
    return row[b.size()];
}

// The one that is meant: the public tools' word for it, else the nearest, at most a third of it wrong; or empty.
template <std::size_t n>
std::string meant(std::string_view word, const std::array<Known, n>& known, const std::vector<std::string>& ours) {
    for (const Known& each : known) {
        if (each.theirs == word && std::find(ours.begin(), ours.end(), each.ours) != ours.end()) {
            return std::string(each.ours);
        }
    }
    std::string nearest;
    std::size_t least = word.size() / 3 + 1;
    for (const std::string& each : ours) {
        if (const std::size_t away = distance(word, each); away < least) {
            least = away;
            nearest = each;
        }
    }
    return nearest;
}

std::vector<std::string> names_of(const std::vector<const CLI::App*>& subcommands) {
    std::vector<std::string> names;
    for (const CLI::App* each : subcommands) {
        names.push_back(each->get_name());
    }
    return names;
}

std::vector<std::string> options_of(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    return names;
}

} // namespace

std::string suggestion_for(const CLI::App& app, const std::vector<std::string>& arguments) {
    const CLI::App* at = &app;
    for (const std::string& argument : arguments) {
        const auto subcommands = at->get_subcommands([](const CLI::App*) { return true; });
        if (!argument.starts_with('-')) {
            if (subcommands.empty()) {
                continue; // a file, or an option's value
            }
            const auto chosen = std::find_if(subcommands.begin(), subcommands.end(),
                                             [&](const CLI::App* each) { return each->get_name() == argument; });
            if (chosen == subcommands.end()) {
                const std::string word = argument.ends_with(".py") ? argument.substr(0, argument.size() - 3) : argument;
                const std::string ours = meant(word, commands, names_of(subcommands));
                return ours.empty() ? "" : fmt::format(" Did you mean {} for {}?", ours, argument);
            }
            at = *chosen;
            continue;
        }
        const std::string name = argument.substr(0, argument.find('='));
        if (!name.starts_with("--") || at->get_option_no_throw(name) != nullptr) {
            continue;
        }
        if (std::find(positional.begin(), positional.end(), name) != positional.end()) {
            return fmt::format(" {} has no option {}: name the file right behind the command.", at->get_name(), name);
        }
        const std::string ours = meant(name, options, options_of(*at));
        return ours.empty() ? "" : fmt::format(" Did you mean {} for {}?", ours, name);
    }
    return {};
}

} // namespace atelier
