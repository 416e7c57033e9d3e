// SPDX-License-Identifier: Apache-2.0
// How pictures are cut: whatever changes here has all of them looked at again.
#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include <fmt/format.h>

#include "base/network_shape.h"
#include "studio/dataset/data_panel.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace {

constexpr float label_width = 72;

void draw_size(DatasetSettings& settings) {
    prepare::CutOptions& cut = settings.cut;
    std::array<std::string, set_sides.size()> names, tooltips;
    std::array<Choice, set_sides.size()> sizes{};
    for (std::size_t i = 0; i < set_sides.size(); ++i) {
        const int side = set_sides[i];
        names[i] = std::to_string(side);
        tooltips[i] = fmt::format("{0} x {0} px{1}", side,
                                  side <= 64     ? ": the bundled model's size; learns in minutes"
                                  : side >= 1024 ? ": needs a strong graphics card to train"
                                                 : "");
        sizes[i] = {names[i].c_str(), tooltips[i].c_str()};
    }
    row_text("Size, px"); // above: beside it they would have too little room
    ImGui::Dummy({0, Ui::current().px(theme::control)});
    int chosen = static_cast<int>(std::ranges::lower_bound(set_sides, cut.size) - set_sides.begin());
    if (segmented("data-size", sizes, chosen)) {
        cut.size = set_sides[static_cast<std::size_t>(chosen)];
        settings.size_chosen = true;
    }
}

struct Ratio {
    int width, height;
    Choice choice;
};
constexpr Ratio ratios[] = {{1, 1, {"1:1", "Square"}},         {5, 4, {"5:4", "A little wider than high"}},
                            {4, 3, {"4:3", "As old screens"}}, {3, 2, {"3:2", "As photos"}},
                            {16, 9, {"16:9", "As films"}},     {4, 5, {"4:5", "A little higher than wide"}},
                            {3, 4, {"3:4", "Upright"}},        {2, 3, {"2:3", "Upright photos"}},
                            {9, 16, {"9:16", "As telephones"}}};

void draw_ratio(prepare::CutOptions& cut) {
    std::vector<Choice> choices;
    int chosen = -1;
    for (const Ratio& ratio : ratios) {
        if (ratio.width == cut.ratio_width && ratio.height == cut.ratio_height)
            chosen = static_cast<int>(choices.size());
        choices.push_back(ratio.choice);
    }
    const std::string own = fmt::format("{}:{}", cut.ratio_width, cut.ratio_height);
    if (chosen < 0) { // of an older settings file
        chosen = static_cast<int>(choices.size());
        choices.push_back({own.c_str(), "As it was set"});
    }
    if (choice_row("data-ratio",
                   {.label = "Ratio",
                    .tooltip = "Width to height: pictures are brought to it, then squashed to the square that networks "
                               "learn; the studio shows them unsquashed again",
                    .label_width = label_width},
                   choices, chosen) &&
        chosen < static_cast<int>(std::size(ratios))) {
        cut.ratio_width = ratios[chosen].width;
        cut.ratio_height = ratios[chosen].height;
    }
}

// What the network itself makes: squares, or pictures of the ratio.
void draw_network(prepare::CutOptions& cut) {
    static constexpr Choice shapes[] = {
        {"Square", "Pictures are squashed to squares, which all programs play, and shown unsquashed"},
        {"As the ratio", "The network makes pictures of that ratio; few other programs play such models"}};
    const bool square = cut.ratio_width == cut.ratio_height;
    const bool fits = network_shape(PictureRatio{cut.ratio_width, cut.ratio_height}, cut.size).has_value();
    if (square || !fits) {
        cut.network_width = cut.network_height = 1;
        return;
    }
    int chosen = cut.network_width == cut.network_height ? 0 : 1;
    row_label("Network", label_width);
    segmented("data-network", shapes, chosen);
    cut.network_width = chosen == 1 ? cut.ratio_width : 1;
    cut.network_height = chosen == 1 ? cut.ratio_height : 1;
    if (chosen == 1)
        paragraph(fmt::format("The network makes pictures of {} x {} px.", cut.width(), cut.height()));
}

void draw_alpha(prepare::CutOptions& cut) {
    toggle_row("data-alpha",
               {.label = "Alpha",
                .tooltip = "What is transparent stays so, and the network learns to make it; otherwise it lies on the "
                           "background",
                .label_width = label_width},
               cut.alpha);
}

void draw_fit(prepare::CutOptions& cut) {
    static constexpr Choice fits[] = {{"Auto", "What is transparent is padded, everything else is cropped"},
                                      {"Crop", "The largest part of that ratio, from the middle"},
                                      {"Pad", "The whole picture, filled up to the ratio"},
                                      {"Stretch", "The whole picture, out of shape"}};
    static constexpr Choice fills[] = {{"Colour", "Fill with one colour"},
                                       {"Edge", "Fill with the pixels of the edge"},
                                       {"Mirror", "Fill with the mirrored picture"}};
    row_label("Fit", label_width);
    int fit = static_cast<int>(cut.fit);
    if (segmented("data-fit", fits, fit))
        cut.fit = static_cast<prepare::Fit>(fit);
    row_label("Fill", label_width);
    int fill = static_cast<int>(cut.fill);
    if (segmented("data-fill", fills, fill))
        cut.fill = static_cast<prepare::Fill>(fill);
}

} // namespace

void draw_data_cut(DatasetController& dataset) {
    static constexpr Choice modes[] = {{"Plain", "Pictures as they are: drawings, things, places"},
                                       {"Faces", "Each face is found, cut out and turned upright"}};
    DatasetSettings settings = dataset.context.settings.data;
    prepare::CutOptions& cut = settings.cut;
    row_label("Pictures", label_width);
    int mode = static_cast<int>(cut.mode);
    if (segmented("data-mode", modes, mode))
        cut.mode = static_cast<prepare::Mode>(mode);
    draw_size(settings);
    if (cut.mode == prepare::Mode::plain) {
        draw_ratio(cut);
        draw_network(cut);
        draw_fit(cut);
        draw_alpha(cut);
    }
    number_row("data-every",
               {.label = "Video",
                .tooltip = "Of videos one picture is taken every so many seconds",
                .unit = "s",
                .label_width = label_width},
               0.04, 3600, settings.every);
    if (dataset.status().state != DataState::writing)
        dataset.context.settings.data = settings;
    if (!dataset.inputs().empty())
        paragraph("A change here looks at all pictures again; what was kept or dropped by hand stays so.");
}

} // namespace atelier::studio
