// SPDX-License-Identifier: Apache-2.0
// Under which name a set is written.
#include <fmt/format.h>

#include "studio/core/dialog.h"
#include "studio/dataset/data_panel.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {

void draw_prepare_dialog(DatasetController& dataset) {
    const bool open = dataset.context.ui.dialog == Dialog::prepare_set;
    const bool fresh = open && !dataset.dialog_was_open;
    dataset.dialog_was_open = open;
    if (fresh)
        dataset.propose_target();
    if (!begin_dialog(dataset.context.ui, Dialog::prepare_set, "Prepare the set", {620, 270}))
        return;
    const float width = ImGui::GetContentRegionAvail().x;
    DatasetSettings& settings = dataset.context.settings.data;
    const std::size_t kept = dataset.view().kept;
    const prepare::CutOptions& cut = settings.cut;
    const bool plain = cut.mode == prepare::Mode::plain;
    std::string facts = fmt::format("{} {} of {} x {} px", kept, kept == 1 ? "picture" : "pictures",
                                    plain ? cut.width() : cut.size, plain ? cut.height() : cut.size);
    if (plain && cut.ratio_width * cut.network_height != cut.ratio_height * cut.network_width)
        facts += fmt::format(", shown at {}:{}", cut.ratio_width, cut.ratio_height);
    if (dataset.status().state == DataState::stopped)
        facts += "; the rest has not been looked at";
    label(facts, theme::text, Face::body);
    gap(8);
    bool entered = false;
    // Not before a name is proposed: a field that has the keyboard would keep its own text.
    bool& proposed = *ImGui::GetStateStorage()->GetBoolRef(ImGui::GetID("proposed"));
    const bool known = !dataset.target.empty(), comes = known && (fresh || !proposed);
    proposed = known || (proposed && !fresh);
    if (proposed) {
        text_field("##set-path", "Path of a file that ends in .zip, or of a new folder", dataset.target, width, comes,
                   &entered);
    } else {
        ImGui::Dummy({width, Ui::current().px(theme::control)});
    }
    gap(8);
    toggle_row("set-labels",
               {.label = "Subfolders are classes",
                .tooltip = "For models that are told which kind to make; pictures in no subfolder are left out",
                .label_width = 180},
               settings.labels);
    gap(4);
    const std::optional<std::string> obstacle = dataset.obstacle();
    const bool possible = obstacle && obstacle->empty();
    if (!obstacle)
        Ui::current().fades(0.1f); // drawn again when it is known
    const bool told = obstacle && !possible;
    paragraph(told ? *obstacle : "A page beside it, NAME-report.html, shows each picture and why it went in or out.",
              told ? theme::accent : theme::secondary);
    if (dialog_buttons(dataset.context.ui, "##set-cancel",
                       {.text = "Cancel", .tooltip = "Nothing is written", .key = "Esc", .width = 96}, "##set-write",
                       {.text = "Prepare",
                        .tooltip = "Write the set; nothing is written among the pictures themselves",
                        .key = "Enter",
                        .primary = true,
                        .enabled = possible,
                        .width = 96}) ||
        (entered && possible)) {
        dataset.write();
        dataset.context.ui.dialog = Dialog::none;
    }
    end_dialog();
}

} // namespace atelier::studio
