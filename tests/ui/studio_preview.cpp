// SPDX-License-Identifier: Apache-2.0
// The studio's window over a synthetic source: for the window tests, which then need no network.
#include <cstdio>

#include <CLI/CLI.hpp>

#include "studio/app/app.h"
#include "ui/synthetic_training_service.h"

int main(int argc, char** argv) {
    CLI::App program("studio preview");
    atelier::studio::AppOptions options;
    std::string size;
    int resolution = 64;
    int layers = 10;
    double kimg_a_second = 0;
    program.add_option("model", options.model);
    program.add_option("--screenshot", options.screenshot);
    program.add_option("--state-dump", options.state_dump);
    program.add_option("--after", options.after);
    program.add_option("--scale", options.scale);
    program.add_option("--width", options.width);
    program.add_option("--height", options.height);
    program.add_option("--resolution", resolution);
    program.add_option("--layers", layers);
    program.add_flag("--play", options.play);
    program.add_option("--train", kimg_a_second, "speed of the synthetic trainer in kimg a second");
    options.exact_size = true;
    CLI11_PARSE(program, argc, argv);
    try {
        auto source = std::make_unique<atelier::testing::SyntheticSource>(resolution, layers);
        std::unique_ptr<atelier::studio::TrainingService> trainer;
        if (kimg_a_second > 0)
            trainer = std::make_unique<atelier::testing::SyntheticTrainer>(source.get(), kimg_a_second);
        atelier::studio::run_app(std::move(source), options, std::move(trainer));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
    return 0;
}
