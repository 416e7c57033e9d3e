// SPDX-License-Identifier: Apache-2.0
// Every option of the trainer under its own name; an empty field stands for what the configuration says.
#include <algorithm>
#include <iterator>
#include <limits>

#include "studio/toolkit/form_rows.h"
#include "studio/train/train_panel.h"

namespace atelier::studio {
namespace {

constexpr double no_bound = std::numeric_limits<double>::infinity();

constexpr Choice configs[] = {
    {"auto", "Chosen by the pictures' size"},      {"stylegan2", "As StyleGAN2 was trained on 1024 px faces"},
    {"paper256", "As in the ADA paper, 256 px"},   {"paper512", "As in the ADA paper, 512 px"},
    {"paper1024", "As in the ADA paper, 1024 px"}, {"cifar", "As in the ADA paper, 32 px CIFAR-10"}};

constexpr Choice pipes[] = {{"blit", "Mirror, quarter turns, whole-pixel shifts"},
                            {"geom", "Scaling, turning, shifting"},
                            {"color", "Brightness, contrast, hue, saturation"},
                            {"filter", "Frequency bands stronger or weaker"},
                            {"noise", "Noise on the picture"},
                            {"cutout", "A grey square"},
                            {"bg", "blit and geom"},
                            {"bgc", "blit, geom and color: the standard"},
                            {"bgcf", "bgc and filter"},
                            {"bgcfn", "bgcf and noise"},
                            {"bgcfnc", "All of them"}};

void named_choice(const char* id, const RowSpec& spec, std::span<const Choice> choices, std::string& value) {
    const auto found = std::find_if(choices.begin(), choices.end(), [&](const Choice& c) { return value == c.text; });
    int chosen = found == choices.end() ? 0 : static_cast<int>(found - choices.begin());
    if (choice_row(id, spec, choices, chosen))
        value = choices[static_cast<std::size_t>(chosen)].text;
}

void group(const char* title) {
    gap(10);
    label(title, theme::secondary, Face::label);
}

void draw_pace(TrainOptions& o) {
    group("PACE");
    number_row("tick", {.label = "Tick", .tooltip = "Between two points of the curves", .unit = "kimg"}, 0.01, 1000,
               o.tick);
    number_row("snap",
               {.label = "Snapshots", .tooltip = "Ticks between two snapshots; 0: only the last", .unit = "ticks"}, 0,
               100000, o.snap);
    number_row("keep", {.label = "Keep", .tooltip = "Snapshots kept, the newest ones; 0 keeps all", .unit = "files"}, 0,
               100000, o.keep);
    number_row("threads", {.label = "Threads", .tooltip = "Of one operation; 0 takes all cores", .unit = ""}, 0, 1024,
               o.threads);
}

void draw_networks(TrainOptions& o) {
    group("NETWORKS");
    named_choice("cfg", {.label = "Configuration", .tooltip = "Where empty fields take their values from"}, configs,
                 o.cfg);
    number_row("batch", {.label = "Batch", .hint = "auto", .tooltip = "Pictures in one step", .unit = "pics"}, 1, 4096,
               o.batch);
    number_row("lr", {.label = "Learning rate", .hint = "auto", .tooltip = "Of both networks, for example 0.002"}, 1e-7,
               1, o.lr);
    number_row("gamma",
               {.label = "R1 weight", .hint = "auto", .tooltip = "Gamma: higher is calmer and blurrier. 0.1 to 100"}, 0,
               1e5, o.gamma);
    number_row(
        "ema",
        {.label = "Averaging",
         .hint = "auto",
         .tooltip = "Half-life of the averaged weights (G_ema): shorter shows changes sooner, longer is steadier",
         .unit = "kimg"},
        0, 1e5, o.ema_kimg);
    number_row("freeze-d",
               {.label = "Freeze D",
                .tooltip = "Freeze-D: that many layers of the discriminator stay as "
                           "they are, from the picture inwards; 0 to 13"},
               0, 64, o.freeze_d);
    number_row("freeze-g",
               {.label = "Freeze G",
                .tooltip = "That many blocks of the generator stay as they are, from "
                           "4 px upwards: keeps shapes, changes textures"},
               0, 64, o.freeze_g);
    toggle_row("fp32", {.label = "Full precision", .tooltip = "32-bit numbers everywhere: slower on a GPU"}, o.fp32);
    int seed = static_cast<int>(std::min<std::uint64_t>(o.seed, std::numeric_limits<int>::max()));
    if (number_row("train-seed", {.label = "Seed", .tooltip = "Of all that is random: the same seed, the same run"}, 0,
                   std::numeric_limits<int>::max(), seed))
        o.seed = static_cast<std::uint64_t>(seed);
}

void draw_pictures(TrainOptions& o) {
    group("PICTURES");
    number_row(
        "subset",
        {.label = "Use only", .tooltip = "So many of the pictures, chosen by the seed; 0 takes all", .unit = "pics"}, 0,
        100'000'000, o.subset);
    toggle_row("cond", {.label = "Labels", .tooltip = "Learn the classes that dataset.json names"}, o.cond);
}

void draw_augmentation(TrainOptions& o) {
    const bool on = o.aug != AugmentMode::off, ada = o.aug == AugmentMode::ada;
    group("AUGMENTATION");
    named_choice("augpipe", {.label = "Kinds", .tooltip = "What is done to the pictures", .enabled = on}, pipes,
                 o.augpipe);
    number_row("target",
               {.label = "Target r_t",
                .hint = "0.6",
                .tooltip = "Augmentation grows while the discriminator is surer of the real pictures than this",
                .enabled = ada},
               -1, 1, o.target);
    number_row("ada-kimg",
               {.label = "Speed",
                .hint = "auto",
                .tooltip = "Time for p to go from 0 to 1 at the most",
                .unit = "kimg",
                .enabled = ada},
               0.1, 1e5, o.ada_kimg);
    number_row("ada-max", {.label = "Highest p", .tooltip = "Bound of p; none leaves it without one", .enabled = ada},
               0, no_bound, o.ada_max);
    number_row("init-strength", {.label = "First p", .hint = "0", .tooltip = "p at the start", .enabled = ada}, 0, 1,
               o.init_strength);
}

void draw_scratch(TrainOptions& o, bool scratch) {
    const char* hint = scratch ? "auto" : "from the model";
    group("NEW NETWORKS");
    number_row("resolution",
               {.label = "Size",
                .hint = scratch ? "the pictures'" : hint,
                .tooltip = "Side of the pictures made; a power of two",
                .unit = "px",
                .enabled = scratch},
               4, 4096, o.resolution);
    number_row("channel-base",
               {.label = "Channel base",
                .hint = hint,
                .tooltip = "Channels times resolution; half of it is quicker and coarser",
                .enabled = scratch},
               64, 1 << 20, o.channel_base);
    number_row("channel-max",
               {.label = "Channels at most", .hint = hint, .tooltip = "In any layer", .enabled = scratch}, 1, 4096,
               o.channel_max);
    number_row("map-depth",
               {.label = "Mapping layers", .hint = hint, .tooltip = "Of the mapping network", .enabled = scratch}, 1,
               32, o.map_depth);
    number_row("z-dim",
               {.label = "Size of z", .hint = hint, .tooltip = "Numbers in one latent vector", .enabled = scratch}, 1,
               4096, o.z_dim);
}

} // namespace

void draw_expert_options(TrainingController& training) {
    TrainForm& form = training.form;
    draw_pace(form.options);
    draw_networks(form.options);
    draw_pictures(form.options);
    draw_augmentation(form.options);
    draw_scratch(form.options, form.start == StartFrom::scratch);
}

} // namespace atelier::studio
