// SPDX-License-Identifier: Apache-2.0
// atelier dataset check: looks at an existing training set.
#include <algorithm>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "base/error.h"
#include "base/progress.h"
#include "base/set_labels.h"
#include "cli/commands.h"
#include "cli/interrupt_guard.h"
#include "io/pickle_value.h"
#include "prepare/report.h"
#include "prepare/set_check.h"

namespace atelier {
namespace {

using namespace prepare;

// "labels: 12 pictures in 2 classes" and how many are of each.
void print_labels(const SetReport& report) {
    const auto& pictures = report.classes.pictures;
    if (report.labelled == 0) {
        return;
    }
    if (pictures.empty()) {
        fmt::print("labels: {} pictures, {} numbers each\n", report.labelled, report.label_numbers);
        return;
    }
    fmt::print("labels: {} pictures in {} classes\n", report.labelled,
               std::ranges::count_if(pictures, [](std::int64_t count) { return count > 0; }));
    constexpr std::size_t most = 100;
    for (std::size_t i = 0; i < std::min(most, pictures.size()); ++i) {
        fmt::print("  class {}: {}\n", io::printable(class_text(i, report.classes.names)), pictures[i]);
    }
    if (pictures.size() > most) {
        fmt::print("  and {} more classes\n", pictures.size() - most);
    }
}

void run_check(const std::string& set) {
    ProgressBar bar("Checking", "pictures");
    const InterruptGuard guard;
    const SetReport report = check_set(set, [&](std::size_t done, std::size_t total) {
        bar.update(static_cast<std::int64_t>(done), static_cast<std::int64_t>(total));
        if (guard.interrupted()) {
            fail("Stopped.");
        }
    });
    bar.close(fmt::format("Looked at {}.", set));
    if (report.shards > 0) {
        fmt::print("{} shard{} and their checksums are whole\n", report.shards, report.shards == 1 ? "" : "s");
    }
    fmt::print("{} pictures{}\n", report.pictures,
               report.width == 0 ? ""
                                 : fmt::format(" of {} x {} px, {}{}", report.width, report.height,
                                               report.channels < 3 ? "gray" : "in colour",
                                               report.channels % 2 == 0 ? " with alpha" : ""));
    print_labels(report);
    if (!report.ratio.empty() && report.ratio != "1:1") {
        fmt::print("shown at {}\n", report.width == report.height ? report.ratio : "pixels of " + report.ratio);
    }
    for (const Trouble& trouble : report.warnings) {
        fmt::print("note: {}: {}.\n", trouble.name, trouble.what);
    }
    for (const auto* list : {&report.errors, &report.label_errors}) {
        for (const Trouble& trouble : *list) {
            fmt::print("error: {}: {}.\n", trouble.name, trouble.what);
        }
    }
    if (const std::size_t count = report.errors.size() + report.label_errors.size(); count > 0) {
        fail("{}: can't be trained on {}; {} in the way, named above.", set,
             report.errors.empty() ? "with its labels (--cond)" : "as it is",
             count == 1 ? "1 trouble is" : fmt::format("{} troubles are", count));
    }
    CutOptions cut;
    cut.mode = report.faces ? Mode::faces : Mode::plain;
    fmt::print("{}\n", advice(report.pictures, cut));
}

} // namespace

void add_dataset_check(CLI::App& dataset) {
    auto set = std::make_shared<std::string>();
    CLI::App* check =
        dataset.add_subcommand("check", "Look at a training set: sizes, kinds, duplicates, labels, damage");
    check->add_option("set", *set, "Folder, zip, or folder of shards")->required();
    check->callback([set] { run_check(*set); });
}

} // namespace atelier
