// SPDX-License-Identifier: Apache-2.0
// Capture: what leaves the studio as pictures - recordings with their logs, exports, saved pictures. Owned by the
// Studio, used by the UI thread alone.
#pragma once

#include <filesystem>
#include <vector>

#include "studio/capture/flash_watch.h"
#include "studio/capture/forms.h"
#include "studio/capture/performance_recorder.h"
#include "studio/capture/picture_saver.h"
#include "studio/capture/pictures_out.h"
#include "studio/capture/recording_controller.h"
#include "studio/core/context.h"
#include "studio/core/feature_ui.h"
#include "studio/services/export_worker.h"

namespace atelier::studio {

struct Capture {
    // folder: of the performance logs; directions: where a model's directions are kept. Empty: nowhere.
    Capture(StudioContext& context, const std::filesystem::path& folder, std::filesystem::path directions);

    // Looks on another thread for recordings that a killed program has left, and removes what else it left unfinished
    // in the videos folder, in these folders and in those right inside them.
    void recover(std::vector<std::filesystem::path> folders);
    // Once a tick, after the pictures. True if what the window shows has changed.
    bool tick();
    void finish(); // stops an export, and says how far it came

    template <typename Export> void start_export(Export job) {
        if (!exporter.start(context.playback.service(), std::move(job)))
            context.toasts.add(ToastKind::note, "Another export is still running");
    }
    void render_again(const std::filesystem::path& log); // opens the dialog

    StudioContext& context;
    PerformanceRecorder performance;
    RecordingController recording;
    Exporter exporter;
    PictureSaver pictures;
    PicturesOut out;
    FlashWatch flashes;
    std::filesystem::path directions_folder;

    RecordForm record_form;
    WalkExportForm walk_form;
    PerformanceForm performance_form;
    MixSheetForm mix_form;

private:
    void follow_export();
    void follow_recovery();

    Job<Nothing, std::vector<std::filesystem::path>> recovering_;
};

FeatureUi ui_of(Capture& capture);

void draw_record_dialog(Capture& capture);
void draw_export_dialog(Capture& capture);
void draw_export_running(Capture& capture, const ExportStatus& status);
void draw_performance_dialog(Capture& capture); // Dialog::export_timeline and export_performance
void draw_pictures_out(Capture& capture);
void draw_mix_dialog(Capture& capture);

} // namespace atelier::studio
