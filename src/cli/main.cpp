// SPDX-License-Identifier: Apache-2.0
// The program: reads the command line, runs one command, turns every failure into a sentence and an exit code.
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/error.h"
#include "base/path_text.h"
#include "cli/commands.h"
#include "ops/tensor_memory.h"

namespace {

constexpr int exit_bad_input = 2;
constexpr int exit_internal = 1;

int say(const std::string& text, int code) {
    fmt::print(stderr, "atelier: {}\n", atelier::readable_text(text));
    return code;
}

} // namespace

namespace {

int run(int argc, char** argv) {
    // A file-size limit then fails the write, with a sentence, instead of ending the program.
    std::signal(SIGXFSZ, SIG_IGN);
    atelier::keep_tensor_memory();
    CLI::App app("Atelier, a live studio for StyleGAN2-ADA.\n"
                 "Without a command it opens the studio: walk through a generator's latent space, bend truncation and\n"
                 "layer mixing by hand, record what you see.",
                 "atelier");
    app.set_version_flag("--version", "atelier " ATELIER_VERSION);
    app.require_subcommand(1);
    app.get_formatter()->column_width(34);
    atelier::add_studio_command(app);
    atelier::add_render_command(app);
    atelier::add_walk_command(app);
    atelier::add_perform_command(app);
    atelier::add_mix_command(app);
    atelier::add_directions_command(app);
    atelier::add_dataset_command(app);
    atelier::add_train_command(app);
    atelier::add_info_command(app);
    atelier::add_parameters_command(app);
    atelier::add_convert_command(app);
    atelier::add_eval_command(app);
    try {
        if (argc == 1) {
            app.parse("studio");
        } else {
            app.parse(argc, argv);
        }
        return 0;
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {
            return app.exit(error); // --help, --version
        }
        return say(std::string(error.what()) + " (atelier --help shows what there is.)", exit_bad_input);
    } catch (const atelier::Error& error) {
        return say(error.what(), exit_bad_input);
    } catch (const std::bad_alloc&) {
        return say("The memory is not enough for this.", exit_internal);
    } catch (const std::exception& error) {
        return say("Something went wrong inside: " + atelier::message_of(error), exit_internal);
    }
}

} // namespace

int main(int argc, char** argv) {
    const int code = run(argc, argv);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    // Everything is written and closed; torch would take its thousands of operators out of their table one by one.
    std::fflush(nullptr);
    _exit(code);
#endif
    return code;
}
