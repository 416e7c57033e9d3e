// SPDX-License-Identifier: Apache-2.0
// Saving latents as numbers: which, in what form, in what file.
#include <filesystem>

#include <fmt/format.h>

#include "studio/core/dialog.h"
#include "studio/library/library.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

constexpr const char* endings[] = {".npy", ".npz", ".safetensors"};

const char* explanation(LatentForm form) {
    switch (form) {
    case LatentForm::z: return "z, before the mapping network. What lies between seeds in w has none and is left out.";
    case LatentForm::w: return "w, before truncation, mixing and directions.";
    default:
        return "w+, one row for each layer, after truncation, mixing and directions: at psi 1 it shows the same again.";
    }
}

void draw_choices(const Library& library, LatentsForm& form) {
    const Choice which[] = {
        {"Shown", "The latent of the picture that is shown"},
        {"Stars", "All starred latents", !library.context.state.stars.empty()},
        {"Moments", "Those of the timeline", !library.context.state.timeline.curve.keyframes.empty()},
    };
    choose("Latents", "which", which, form.of);
    constexpr Choice forms[] = {
        {"z", "What the mapping network takes"},
        {"w", "What it gives, before truncation"},
        {"w as shown", "After truncation, mixing and directions"},
    };
    bool changed = choose("Space", "form", forms, form.form);
    const bool z = form.form == LatentForm::z;
    if (z && form.ending == 0) {
        form.ending = 1;
        changed = true;
    }
    const Choice formats[] = {
        {"npy", z ? "It couldn't be told from w there" : "One numpy array, without names", !z},
        {"npz", "numpy arrays with names"},
        {"safetensors", "The same without numpy"},
    };
    changed |= choose("Format", "format", formats, form.ending);
    if (changed && !form.path.empty())
        form.path = fs::path(form.path).replace_extension(endings[form.ending]).string();
}

// What is typed, with an ending that says what it is.
fs::path file_of(const LatentsForm& form) {
    fs::path file = form.path;
    if (file.has_filename() && file.extension() != endings[form.ending])
        file += endings[form.ending];
    return file;
}

void begin(const Library& library, LatentsForm& form) {
    const bool stars = !library.context.state.stars.empty(),
               keyframes = !library.context.state.timeline.curve.keyframes.empty();
    if ((form.of == LatentsOf::stars && !stars) || (form.of == LatentsOf::keyframes && !keyframes))
        form.of = LatentsOf::shown;
    else if (form.of == LatentsOf::shown && stars)
        form.of = LatentsOf::stars; // who stars wants to keep them
    form.path = library.context.names.new_file(fmt::format("-latents{}", endings[form.ending])).string();
}

} // namespace

void draw_latents_dialog(Library& library) {
    LatentsForm& form = library.latents_form;
    const bool open = library.context.ui.dialog == Dialog::save_latents;
    if (open && !form.was_open)
        begin(library, form);
    form.was_open = open;
    if (!begin_dialog(library.context.ui, Dialog::save_latents, "Save latents", {620, 348}))
        return;
    const float width = ImGui::GetContentRegionAvail().x;
    draw_choices(library, form);
    gap(12);
    bool entered = false;
    text_field("##latents-path", "Path of the file", form.path, width, false, &entered);
    const fs::path file = file_of(form);
    gap(10);
    paragraph(library.context.disk.is_there(file)
                  ? fmt::format("{} is there; it is replaced.", file.filename().string())
                  : explanation(form.form));
    const bool possible = file.has_filename() && library.context.playback.model() && !library.latent_files.busy();
    if ((dialog_buttons(library.context.ui, "##latents-cancel",
                        {.text = "Cancel", .tooltip = "Nothing is saved", .key = "Esc", .width = 96}, "##latents-save",
                        {.text = "Save",
                         .tooltip = "Write the file",
                         .key = "Enter",
                         .primary = true,
                         .enabled = possible,
                         .width = 96}) ||
         entered || enter_pressed(library.context.ui)) &&
        possible) {
        library.latent_files.save({file, form.form, form.of});
        library.context.ui.dialog = Dialog::none;
    }
    end_dialog();
}

} // namespace atelier::studio
