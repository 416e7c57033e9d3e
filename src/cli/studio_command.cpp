// SPDX-License-Identifier: Apache-2.0
// atelier studio: the window.
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/studio_arguments.h"
#include "studio/adapters/thread_training_service.h"

namespace atelier {

void add_studio_command(CLI::App& app) {
    auto arguments = std::make_shared<StudioArguments>();
    CLI::App* command = app.add_subcommand("studio", "Open the studio's window: play a model live");
    command->add_option(
        "model", arguments->app.model,
        "What to open: a model (.pkl, .pt, .safetensors), a session (.atelier), a picture with its recipe "
        "(.png) or a performance log (.jsonl); without one what played last, or the model that comes with the program");
    add_window_options(*command, *arguments);
    command->callback([arguments] {
        open_studio(*arguments, [](studio::EngineRenderService& viewer) {
            return std::make_unique<studio::ThreadTrainingService>(viewer);
        });
    });
}

} // namespace atelier
