// SPDX-License-Identifier: Apache-2.0
// The studio's window over a synthetic source: for the window tests, which then need no network.
#include <cstdio>

#include <CLI/CLI.hpp>

#include "studio/app.h"
#include "ui/synthetic_source.h"

int main(int argc, char** argv) {
    CLI::App program("studio preview");
    atelier::studio::AppOptions options;
    std::string size;
    int resolution = 64;
    int layers = 10;
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
    options.exact_size = true;
    CLI11_PARSE(program, argc, argv);
    try {
        atelier::studio::run_app(std::make_unique<atelier::testing::SyntheticSource>(resolution, layers), options);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
    return 0;
}
