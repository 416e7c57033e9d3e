// SPDX-License-Identifier: Apache-2.0
// What the commands that open the studio's window have in common: its options, and the opening.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/engine.h"
#include "studio/app/app.h"

namespace atelier {

namespace studio {
class EngineRenderService;
}

struct StudioArguments {
    studio::AppOptions app;
    EngineOptions engine;
    std::string size, precision = "auto";
};

void add_window_options(CLI::App& command, StudioArguments& arguments);

using MakeTrainer = std::function<std::unique_ptr<studio::TrainingService>(studio::EngineRenderService& viewer)>;

// Runs until the window is closed. Throws Error as studio::run_app, and for options that make no sense.
void open_studio(StudioArguments& arguments, const MakeTrainer& trainer);

} // namespace atelier
