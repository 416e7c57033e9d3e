// SPDX-License-Identifier: Apache-2.0
#include "studio/dataset/data_panel.h"

namespace atelier::studio {
namespace {

void show_data(DatasetController& dataset) {
    StudioContext& context = dataset.context;
    if (!dataset.available()) {
        context.toasts.add(ToastKind::note, "This build of Atelier can't prepare pictures");
        return;
    }
    context.ui.show_tab(context.ui.tab == Tab::data ? Tab::perform : Tab::data);
    context.settings.train_folded = context.settings.train_folded && context.ui.tab != Tab::data;
}

void add_pictures(DatasetController& dataset) {
    if (!dataset.available())
        return;
    dataset.context.ui.show_tab(Tab::data);
    dataset.context.ui.dialog = Dialog::open_pictures;
}

void prepare_set(DatasetController& dataset) {
    UiState& ui = dataset.context.ui;
    if (ui.tab == Tab::data && dataset.standing() && dataset.view().kept > 0)
        ui.dialog = Dialog::prepare_set;
}

void request(DatasetController& dataset, prepare::Override verdict) {
    const DataItem* item = dataset.selected();
    if (item && item->cut)
        dataset.request(item->id, verdict);
}

// By hundredths of the picture.
void move_crop(DatasetController& dataset, double x, double y, double scale) {
    const DataItem* item = dataset.selected();
    if (!item)
        return;
    CropChange change = dataset.crop_of(item->id);
    change.x += x / 100;
    change.y += y / 100;
    change.scale *= scale;
    dataset.move_crop(*item, change);
}

void reset_crop(DatasetController& dataset) {
    if (const DataItem* item = dataset.selected())
        dataset.reset_crop(item->id);
}

} // namespace

std::vector<KeyRows> data_keys(DatasetController& dataset) {
    using namespace chords;
    const auto verdict = [&dataset](prepare::Override what) { return [&dataset, what] { request(dataset, what); }; };
    const auto crop = [&dataset](double x, double y, double scale = 1) {
        return [&dataset, x, y, scale] { move_crop(dataset, x, y, scale); };
    };
    return {
        {KeySubject::data,
         0,
         {
             {"D", "Data panel, and back", letter('d'), [&dataset] { show_data(dataset); }},
             {"Ctrl+D, Ctrl+P", "add pictures, prepare the set", ctrl('d'), [&dataset] { add_pictures(dataset); }},
             {"", "", ctrl('p'), [&dataset] { prepare_set(dataset); }},
             {"Arrows", "another picture", key(Key::left), [&dataset] { dataset.step(-1); }, When::grid, true},
             {"", "", key(Key::right), [&dataset] { dataset.step(1); }, When::grid, true},
             {"", "", key(Key::up), [&dataset] { dataset.step_row(-1); }, When::grid, true},
             {"", "", key(Key::down), [&dataset] { dataset.step_row(1); }, When::grid, true},
             {"K  X", "keep it, drop it", letter('k'), verdict(prepare::Override::keep), When::grid},
             {"", "", letter('x'), verdict(prepare::Override::drop), When::grid},
             {"Backspace", "by the limits; Shift: its crop", key(Key::backspace), verdict(prepare::Override::none),
              When::grid},
             {"", "", key(Key::backspace, true), [&dataset] { reset_crop(dataset); }, When::grid},
             {"Enter", "large, and back", key(Key::enter), [&dataset] { dataset.large = !dataset.large; }, When::grid},
             {"Shift+Arrows", "its crop; Page up, down: size", key(Key::left, true), crop(-1, 0), When::grid, true},
             {"", "", key(Key::right, true), crop(1, 0), When::grid, true},
             {"", "", key(Key::up, true), crop(0, -1), When::grid, true},
             {"", "", key(Key::down, true), crop(0, 1), When::grid, true},
             {"", "", key(Key::page_up, true), crop(0, 0, 1.05), When::grid, true},
             {"", "", key(Key::page_down, true), crop(0, 0, 1 / 1.05), When::grid, true},
         }},
    };
}

} // namespace atelier::studio
