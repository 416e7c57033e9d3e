// SPDX-License-Identifier: Apache-2.0
// atelier doctor: whether this machine computes what it should, and how fast.
#include <cstdio>
#include <functional>
#include <memory>

#include <fmt/format.h>

#include "base/error.h"
#include "base/network_shape.h"
#include "cli/commands.h"
#include "cli/options.h"
#include "doctor/checks.h"
#include "io/atomic_file.h"
#include "ops/threads.h"

namespace atelier {
namespace {

struct DoctorOptions {
    std::string device = "auto", json;
    int largest = 1024;
    bool no_display = false;
};

void run_doctor(const DoctorOptions& options) {
    if (options.largest != 0 && (options.largest < set_sides.front() || options.largest > set_sides.back())) {
        fail("--largest is {}; it has to lie between {} and {}, or be 0 for no table.", options.largest,
             set_sides.front(), set_sides.back());
    }
    if (!options.json.empty()) {
        check_can_write(options.json);
    }
    set_operation_threads(0);
    const std::string device = doctor::device_of(options.device);
    doctor::Report report;
    report.machine = doctor::describe_machine(device);
    for (const auto& [what, value] : report.machine) {
        fmt::print("{:<14} {}\n", what, value);
    }
    const auto told = [&](const doctor::Check& check) {
        report.checks.push_back(check);
        fmt::print("{}\n", doctor::line_of(check));
        std::fflush(stdout);
    };
    // What goes wrong between checks must not cost the report.
    const auto guarded = [&](const char* heading, const std::function<void()>& work) {
        fmt::print("\n{}\n", heading);
        const doctor::Check whole = doctor::checked(heading, [&] {
            work();
            return std::string();
        });
        if (whole.result == doctor::Result::failed) {
            told(whole);
        }
    };
    guarded("Operations", [&] { doctor::check_ops(device, told); });
    guarded("Pictures", [&] { doctor::check_pictures(device, told); });
    guarded("Training", [&] { doctor::check_training(device, told); });
    if (!options.no_display) {
        guarded("Display", [&] { doctor::check_display(device, told); });
    }
    if (options.largest > 0) {
        guarded("Speed", [&] {
            doctor::measure_speed(device, options.largest,
                                  [&](const doctor::Speed& each) { report.speeds.push_back(each); });
        });
        fmt::print("{}\n", doctor::speed_table(report.speeds));
    }
    fmt::print("\n{}\n", doctor::summary_of(report));
    if (!options.json.empty()) {
        const std::string text = doctor::json_of(report);
        io::write_file(options.json, text);
        fmt::print("The report is in {}.\n", options.json);
    }
    if (report.count(doctor::Result::failed) > 0) {
        throw CLI::RuntimeError(1);
    }
}

} // namespace

void add_doctor_command(CLI::App& app) {
    auto options = std::make_shared<DoctorOptions>();
    CLI::App* command = app.add_subcommand("doctor", "Check that this machine computes what it should, and how fast");
    command->add_option("--device", options->device, "auto, cpu or cuda");
    command->add_option("--largest", options->largest,
                        fmt::format("Largest picture of the table of speeds, {} to {} px; 0: no table",
                                    set_sides.front(), set_sides.back()));
    command->add_flag("--no-display", options->no_display, "Open no window");
    command->add_option("--json", options->json, "Write the report to this file as well");
    command->callback([options] { run_doctor(*options); });
}

} // namespace atelier
