// SPDX-License-Identifier: Apache-2.0
#include "studio/capture/capture.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "base/log.h"
#include "io/leftovers.h"
#include "studio/capture/recording_recovery.h"

namespace atelier::studio {
namespace fs = std::filesystem;

namespace {

void remove_unfinished(const fs::path& folder) {
    for (const fs::path& file : io::remove_leftovers(folder))
        log_info("{}, which a program that ended early has left unfinished, is removed", file.string());
}

} // namespace

Capture::Capture(StudioContext& context, const fs::path& folder, fs::path directions)
    : context(context), performance(context, folder), recording(context, performance), pictures(context), out(context),
      directions_folder(std::move(directions)) {
    context.playback.on_picture = [this](const Frame& frame) {
        if (frame.preview)
            return;
        recording.picture(*frame.pixels);
        flashes.picture(*frame.pixels, this->context.settings.flash, steady_seconds());
        out.picture(frame.pixels);
        if (pictures.owed())
            pictures.save();
    };
}

void Capture::recover(std::vector<fs::path> folders) {
    recovering_.start(
        [videos = videos_folder(context.settings), folders = std::move(folders)](const auto&, const auto&) {
            auto recovered = recover_recordings(videos);
            remove_unfinished(videos);
            for (const fs::path& folder : folders) {
                remove_unfinished(folder);
                std::error_code error;
                for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
                    std::error_code ignored;
                    if (it->is_directory(ignored) && !it->is_symlink(ignored))
                        remove_unfinished(it->path());
                }
            }
            return recovered;
        });
}

void Capture::follow_recovery() {
    const auto outcome = recovering_.take_outcome();
    if (!outcome || !outcome->result)
        return;
    const std::vector<fs::path>& recovered = *outcome->result;
    if (recovered.size() == 1) {
        context.toasts.add(ToastKind::note, "A recording that was cut off is recovered", recovered[0].string());
    } else if (!recovered.empty()) {
        context.toasts.add(ToastKind::note,
                           fmt::format("{} recordings that were cut off are recovered", recovered.size()),
                           fmt::format("Their names end in (recovered), in {}.", recovered[0].parent_path().string()));
    }
}

void Capture::follow_export() {
    const auto result = exporter.take_result();
    if (!result)
        return;
    switch (result->state) {
    case ExportState::done: context.toasts.add(ToastKind::good, "The export is done", result->path.string()); break;
    case ExportState::cancelled:
        if (result->progress.frame > 0) {
            context.toasts.add(ToastKind::note, fmt::format("Export stopped after {} pictures", result->progress.frame),
                               result->path.string());
        } else {
            context.toasts.add(ToastKind::note, "Export stopped");
        }
        break;
    case ExportState::failed: context.toasts.add(ToastKind::bad, "The export failed", result->message); break;
    default: break;
    }
}

bool Capture::tick() {
    bool changed = recording.follow();
    changed |= exporter.status().busy();
    follow_export();
    changed |= pictures.tick();
    changed |= out.tick();
    follow_recovery();
    return changed;
}

void Capture::finish() {
    recording.finish();
    const bool exporting = exporter.status().busy();
    exporter.finish();
    if (const ExportStatus end = exporter.status(); exporting && end.keeps_part && end.progress.frame > 0)
        log_info("the export was stopped with the window: {} has its first {} pictures", end.path.string(),
                 end.progress.frame);
}

namespace {

std::vector<KeyRows> capture_keys(Capture& capture) {
    using namespace chords;
    UiState& ui = capture.context.ui;
    return {
        {KeySubject::keep,
         10,
         {
             {.keys = "P", .text = "save the picture", .chord = letter('p'), .trigger = Trigger::save_picture},
             {.keys = "R", .text = "record, stop recording", .chord = letter('r'), .trigger = Trigger::record},
             {"Shift+R", "recording options", shift('r'), [&ui] { ui.dialog = Dialog::record; }},
         }},
        {KeySubject::keep,
         30,
         {
             {"Shift+M", "mixing sheet", shift('m'), [&ui] { ui.dialog = Dialog::mix_sheet; }},
             {"Shift+P", "render a performance again", shift('p'), [&capture] { capture.render_again({}); }},
         }},
    };
}

} // namespace

FeatureUi ui_of(Capture& capture) {
    FeatureUi ui;
    ui.sections = {
        {70,
         {.title = "OUT AND PACE", .draw = [&capture] { draw_pictures_out(capture); }, .open = false},
         LeftPage::live},
    };
    ui.dialogs = {[&capture] { draw_export_dialog(capture); }, [&capture] { draw_performance_dialog(capture); },
                  [&capture] { draw_record_dialog(capture); }, [&capture] { draw_mix_dialog(capture); }};
    ui.keys = capture_keys(capture);
    ui.triggers = {{Trigger::record, [&capture](int) { capture.recording.toggle(); }},
                   {Trigger::save_picture, [&capture](int) { capture.pictures.save(); }}};
    return ui;
}

void Capture::render_again(const fs::path& log) {
    context.ui.log_to_render = log.string();
    context.ui.dialog = Dialog::export_performance;
}

} // namespace atelier::studio
