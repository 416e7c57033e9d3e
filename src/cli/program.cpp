// SPDX-License-Identifier: Apache-2.0
#include "cli/program.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <thread>

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/error.h"
#include "base/path_text.h"
#include "base/user_folders.h"
#include "base/version.h"
#include "cli/suggestions.h"
#include "crash/crash_report.h"
#include "ops/tensor_memory.h"
#include "ranks/launch.h"

namespace atelier {
namespace {

constexpr int exit_bad_input = 2;
constexpr int exit_internal = 1;

int say(const std::string& text, int code) {
    if (ranks::speaks_for_all([](const char* name) -> const char* { return std::getenv(name); })) {
        fmt::print(stderr, "atelier: {}\n", readable_text(text));
    } else {
        // mpirun ends all when one has failed: not before the first has said why.
        std::this_thread::sleep_for(std::chrono::seconds(5));
    }
    return code;
}

// Without what comes behind it: those are names of files and the like.
std::string command_of(int argc, char** argv, const char* otherwise) {
    const std::string word = argc > 1 ? argv[1] : otherwise != nullptr ? otherwise : "";
    return std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; }) ? word : "";
}

} // namespace

int run_program(int argc, char** argv, const std::vector<AddCommand>& commands, const char* otherwise) {
    // A file-size limit then fails the write, with a sentence, instead of ending the program.
    std::signal(SIGXFSZ, SIG_IGN);
    crash::arm_crash_reports({crash_folder(), "atelier " + version_line(), command_of(argc, argv, otherwise)});
    keep_tensor_memory();
    CLI::App app(std::string("Atelier, a live studio for StyleGAN2-ADA.\n") +
                     (otherwise != nullptr ? "Without a command it opens the studio: walk through a generator's latent "
                                             "space, bend truncation and\nlayer mixing by hand, record what you see."
                                           : "These are the commands that need neither video nor a search for faces."),
                 "atelier");
    app.set_version_flag("--version", fmt::format("atelier {}\n{}", version_line(), build_facts().options));
    app.require_subcommand(1);
    app.get_formatter()->column_width(34);
    for (const AddCommand add : commands) {
        add(app);
    }
    try {
        if (argc == 1 && otherwise != nullptr) {
            app.parse(otherwise);
        } else {
            app.parse(argc, argv);
        }
        return 0;
    } catch (const CLI::RuntimeError& error) {
        return error.get_exit_code(); // a command has said all itself
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {
            return app.exit(error); // --help, --version
        }
        return say(fmt::format("{}{} (atelier --help shows what there is.)", error.what(),
                               suggestion_for(app, {argv + 1, argv + argc})),
                   exit_bad_input);
    } catch (const Error& error) {
        return say(error.what(), exit_bad_input);
    } catch (const std::bad_alloc&) {
        return say("The memory is not enough for this.", exit_internal);
    } catch (const std::exception& error) {
        return say("Something went wrong inside: " + message_of(error), exit_internal);
    }
}

void leave(int code) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    std::fflush(nullptr);
    _exit(code);
#endif
    std::exit(code);
}

} // namespace atelier
