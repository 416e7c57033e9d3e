// SPDX-License-Identifier: Apache-2.0
// The model that plays, as another kind of file: which, with what in it, and what it says of its licence.
#include <filesystem>

#include <fmt/format.h>

#include "studio/core/dialog.h"
#include "studio/library/library.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

constexpr float label_width = form_label_width;

const ModelFileKind& chosen_kind(const ModelCopies& copies) {
    return copies.kinds().at(static_cast<std::size_t>(copies.form.kind));
}

void begin(Library& library) {
    ModelCopies& copies = library.copies;
    ModelCopyForm& form = copies.form;
    const std::string model = library.context.playback.played_file();
    if (form.model != model) {
        form.model = model;
        form.license = fact_of(library.context, "license");
        form.origin = fact_of(library.context, "origin");
    }
    form.message.clear();
    form.path = library.context.names.new_file(chosen_kind(copies).ending).string();
}

void draw_kind(ModelCopies& copies) {
    ModelCopyForm& form = copies.form;
    std::vector<std::string> tooltips;
    std::vector<Choice> choices;
    for (const ModelFileKind& kind : copies.kinds())
        tooltips.push_back(fmt::format("{}: {}", kind.name, kind.contents));
    for (std::size_t i = 0; i < tooltips.size(); ++i)
        choices.push_back({copies.kinds()[i].ending.c_str(), tooltips[i].c_str()});
    if (choose("Kind", "model-kind", choices, form.kind))
        form.path = with_ending(form.path, copies.kinds(), chosen_kind(copies).ending);
    const bool halves = chosen_kind(copies).halves;
    if (!halves)
        form.numbers = StoredNumbers::f32;
    const Choice numbers[] = {
        {"f32", "As the model has them"},
        {"f16", halves ? "Half the size, where every number fits" : "Not in files of this kind", halves},
        {"bf16", halves ? "Half the size, fewer digits, any range" : "Not in files of this kind", halves},
    };
    choose("Numbers", "model-numbers", numbers, form.numbers);
    toggle_row("model-g-ema",
               {.label = "G_ema alone",
                .tooltip = "Enough to play; G and D, which training goes on with, are left out",
                .label_width = label_width},
               form.only_g_ema);
}

void draw_running(Library& library) {
    ModelCopies& copies = library.copies;
    const auto status = copies.status();
    const ModelCopyProgress& at = status.progress;
    label(copies.file().string(), theme::text, Face::body);
    gap(16);
    progress_bar(at.steps > 0 ? static_cast<double>(at.done) / at.steps : 0, ImGui::GetContentRegionAvail().x);
    gap(12);
    label(at.doing.empty() ? "Beginning" : at.doing);
    gap(8);
    label("The studio plays on meanwhile; this window can be closed.");
    gap(16);
    if (button("##model-stop", {.text = status.state == JobState::stopping ? "Stopping" : "Stop",
                                .tooltip = "Nothing is written, unless it is being written already",
                                .enabled = status.state == JobState::running,
                                .width = 96}))
        copies.cancel();
}

// What keeps it from being written, or what is to be known; whether it can be.
bool draw_words(Library& library, const fs::path& file) {
    const ModelCopyForm& form = library.copies.form;
    if (!library.context.playback.model()) {
        paragraph("Open a model first.", theme::accent);
    } else if (form.model.empty()) {
        paragraph("A model in training is in no file yet; its snapshots are, and they can be opened.", theme::accent);
    } else if (!file.has_filename()) {
        paragraph("The copy needs a name.", theme::accent);
    } else if (file == fs::path(form.model)) {
        paragraph("That is the model itself; write the copy under another name.", theme::accent);
    } else {
        if (!form.message.empty())
            paragraph(form.message, theme::bad);
        else if (form.license.empty())
            paragraph("Nothing is said of the model's licence. If you know it, say it here: it goes along in the file.",
                      theme::accent);
        else if (library.context.disk.is_there(file))
            paragraph(fmt::format("{} is there; it is replaced.", file.filename().string()));
        else
            paragraph(fmt::format("{}: {}.", chosen_kind(library.copies).name, chosen_kind(library.copies).contents));
        return true;
    }
    return false;
}

} // namespace

void draw_model_copy_dialog(Library& library) {
    ModelCopies& copies = library.copies;
    ModelCopyForm& form = copies.form;
    UiState& ui = library.context.ui;
    const bool open = copies.available() && ui.dialog == Dialog::export_model;
    if (open && !copies.busy() && (!form.was_open || form.model != library.context.playback.played_file()))
        begin(library);
    form.was_open = open;
    if (!copies.available() || !begin_dialog(ui, Dialog::export_model, "Write the model as", {680, 432}))
        return;
    if (copies.busy()) {
        draw_running(library);
        end_dialog();
        return;
    }
    const float width = ImGui::GetContentRegionAvail().x;
    const ModelInfo* model = library.context.playback.model();
    label(model ? fmt::format("{}, {}, {}", model->name, model->format, shown_text(*model)) : "No model", theme::text,
          Face::body);
    gap(10);
    draw_kind(copies);
    text_row("model-license",
             {.label = "Licence",
              .hint = "not told",
              .tooltip = "Under which terms it may be used; stands in the file",
              .label_width = label_width},
             form.license);
    text_row("model-origin",
             {.label = "Origin",
              .hint = "not told",
              .tooltip = "Who made it, and where it is from: a name, an address; stands in the file",
              .label_width = label_width},
             form.origin);
    gap(10);
    bool entered = false;
    text_field("##model-path", "Path of the file", form.path, width, false, &entered);
    fs::path file = form.path;
    if (file.has_filename() && !form.path.ends_with(chosen_kind(copies).ending))
        file += chosen_kind(copies).ending;
    gap(8);
    const bool possible = draw_words(library, file);
    if ((dialog_buttons(ui, "##model-cancel",
                        {.text = "Cancel", .tooltip = "Nothing is written", .key = "Esc", .width = 96}, "##model-write",
                        {.text = "Write",
                         .tooltip = "Write the file; the model itself stays as it is",
                         .key = "Enter",
                         .primary = true,
                         .enabled = possible,
                         .width = 96}) ||
         entered || enter_pressed(ui)) &&
        possible)
        copies.start(
            {form.model, file, chosen_kind(copies).id, form.numbers, form.only_g_ema, form.license, form.origin});
    end_dialog();
}

} // namespace atelier::studio
