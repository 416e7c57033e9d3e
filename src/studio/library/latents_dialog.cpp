// SPDX-License-Identifier: Apache-2.0
// Saving latents as numbers: which, in what form, in what file.
#include <filesystem>

#include <fmt/format.h>

#include "studio/shell/panels.h"
#include "studio/toolkit/form_rows.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

constexpr const char* endings[] = {".npy", ".npz", ".safetensors"};

struct Form {
    std::string path;
    int ending = 1;
    LatentForm form = LatentForm::w;
    LatentsOf of = LatentsOf::shown;
};

const char* explanation(LatentForm form) {
    switch (form) {
    case LatentForm::z: return "z, before the mapping network. What lies between seeds in w has none and is left out.";
    case LatentForm::w: return "w, before truncation, mixing and directions.";
    default:
        return "w+, one row for each layer, after truncation, mixing and directions: at psi 1 it shows the same again.";
    }
}

void draw_choices(const Studio& studio, Form& form) {
    const Choice which[] = {
        {"Shown", "The latent of the picture that is shown"},
        {"Stars", "All starred latents", !studio.state.stars.empty()},
        {"Moments", "Those of the timeline", !studio.state.timeline.curve.keyframes.empty()},
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
fs::path file_of(const Form& form) {
    fs::path file = form.path;
    if (file.has_filename() && file.extension() != endings[form.ending])
        file += endings[form.ending];
    return file;
}

void begin(const Studio& studio, Form& form) {
    const bool stars = !studio.state.stars.empty(), keyframes = !studio.state.timeline.curve.keyframes.empty();
    if ((form.of == LatentsOf::stars && !stars) || (form.of == LatentsOf::keyframes && !keyframes))
        form.of = LatentsOf::shown;
    else if (form.of == LatentsOf::shown && stars)
        form.of = LatentsOf::stars; // who stars wants to keep them
    form.path = studio.new_file(fmt::format("-latents{}", endings[form.ending])).string();
}

} // namespace

void draw_latents_dialog(Studio& studio) {
    static Form form;
    static bool was_open = false;
    const bool open = studio.dialog == Dialog::save_latents;
    if (open && !was_open)
        begin(studio, form);
    was_open = open;
    if (!begin_dialog(studio, Dialog::save_latents, "Save latents", {620, 348}))
        return;
    const float width = ImGui::GetContentRegionAvail().x;
    draw_choices(studio, form);
    gap(12);
    bool entered = false;
    text_field("##latents-path", "Path of the file", form.path, width, false, &entered);
    const fs::path file = file_of(form);
    gap(10);
    paragraph(is_there(file) ? fmt::format("{} is there; it is replaced.", file.filename().string())
                             : explanation(form.form));
    const bool possible = file.has_filename() && studio.model() && !studio.latent_files.busy();
    if ((dialog_buttons(studio, "##latents-cancel",
                        {.text = "Cancel", .tooltip = "Nothing is saved", .key = "Esc", .width = 96}, "##latents-save",
                        {.text = "Save",
                         .tooltip = "Write the file",
                         .key = "Enter",
                         .primary = true,
                         .enabled = possible,
                         .width = 96}) ||
         entered || enter_pressed(studio)) &&
        possible) {
        studio.latent_files.save({file, form.form, form.of});
        studio.dialog = Dialog::none;
    }
    end_dialog();
}

} // namespace atelier::studio
