// SPDX-License-Identifier: Apache-2.0
// Options that several commands share, with their checks. No torch.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/render_params.h"
#include "cli/choose.h"
#include "engine/loaded_model.h"

namespace atelier {

// "0-15,85" -> 0, 1, ..., 15, 85. Throws Error naming `option` for anything else, for seeds beyond 4294967295 and for
// more than 100000 of them.
std::vector<std::uint32_t> parse_seeds(const std::string& text, const std::string& option);

// "coarse" (w layers 0-2), "middle" (3-6), "fine" (7 and up) or a list such as "0-3,7" -> layers of a model with
// `num_ws`. Throws Error for a group or layer that the model lacks.
std::vector<int> parse_layers(const std::string& text, int num_ws);

// How pictures look: what render, walk and mix have in common.
struct PictureOptions {
    double psi = 1;
    int cutoff = -1;
    std::string noise = "const";
    double noise_strength = 1;
    std::uint32_t noise_seed = 0;
    std::string of_class = "0"; // see parse_class
    std::string precision = "fp32";
    std::string device = "auto";
    int threads = 0;
    bool square = false; // the network's squares, whatever the ratio
};

void add_picture_options(CLI::App& command, PictureOptions& picture);
void add_square_option(CLI::App& command, PictureOptions& picture); // one of them: --square
// Throws Error for values out of range. The class is left out: it needs the model.
RenderParams picture_params(const PictureOptions& picture);
RenderParams picture_params(const PictureOptions& picture, const ModelInfo& model);

// The model of a command: loads it, checks cutoff and class against it, and sets the threads of this thread. With
// --square its ratio is 1:1.
// Warnings go to standard error.
std::shared_ptr<const LoadedModel> load_for_command(const std::string& path, const PictureOptions& picture);

// Throws Error naming --out where `out` has an ending that nobody writes there: it would become a folder of that name.
// `right`: what is written, such as "a PNG file, such as pic.png".
void check_names_folder(const std::string& out, const std::string& right);

// Throws Error if a file of that name can't be made, before long work is done for it.
void check_can_write(const std::string& file);

} // namespace atelier
