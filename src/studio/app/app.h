// SPDX-License-Identifier: Apache-2.0
// App: the window, the studio in it, and the frame loop. Lives as long as the command `atelier studio`.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "studio/services/dataset_service.h"
#include "studio/services/model_file_service.h"
#include "studio/services/render_service.h"
#include "studio/services/training_service.h"

namespace atelier::studio {

struct AppOptions {
    std::filesystem::path model;   // opened at the start; empty: what played last, else `bundled`
    std::filesystem::path bundled; // empty: none
    int width = 1280;
    int height = 720;
    bool exact_size = false; // width and height are pixels, not 96 dpi units
    double scale = 0;        // of the interface; 0: the monitor's
    std::uint32_t seed = 0;
    bool play = false;
    Precision precision = Precision::model; // of the picture; model: what the viewer finds faster
    bool safe = false;                      // as after a run that did not end properly: see SafeStart
    bool tour = false;                      // begin with the tour; without it only the first start does
    std::string display = "auto";
    std::filesystem::path screenshot; // what the window shows after `after` seconds; then the program ends
    double after = 2;
    std::filesystem::path state_dump; // JSON of state and counters, kept up to date while it runs
    bool remember = true;             // settings are read and written
};

// Runs until the window is closed, or SIGINT, SIGTERM or SIGHUP come. Does not come back from a display that is lost:
// what is being made is saved, a sentence said, and the program ends with code 1. Throws Error when there is no
// display, or a file can't be written. trainer, data, models: null where training, preparing pictures or writing
// models is not built in. A window closed while it trains asks, and waits for the save.
void run_app(std::unique_ptr<RenderService> source, const AppOptions& options,
             std::unique_ptr<TrainingService> trainer = nullptr, std::unique_ptr<DatasetService> data = nullptr,
             std::unique_ptr<ModelFileService> models = nullptr);

} // namespace atelier::studio
