// SPDX-License-Identifier: Apache-2.0
// What a run that begins takes over and what it doesn't, and what it should say of the set's labels.
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/set_labels.h"
#include "base/train_options_json.h"
#include "model/load.h"
#include "ops/device.h"
#include "train/enlarge.h"
#include "train/relabel.h"
#include "train/run.h"
#include "train/strength.h"

namespace atelier::train {

namespace {

// As the command line has it.
std::string option_name(std::string field) {
    if (field.starts_with("mirror")) {
        field = "mirror";
    } else if (field == "ema_published") {
        field = "ema-kimg";
    } else if (field == "init_strength") {
        field = "initstrength";
    }
    std::ranges::replace(field, '_', '-');
    return "--" + field;
}

} // namespace

std::string kept_by_the_run(const TrainOptions& asked, const TrainOptions& own) {
    const std::set<std::string> taken{"data", "out",  "resume",  "kimg",          "tick",
                                      "snap", "keep", "threads", "skip_checksums"};
    const auto wanted = to_json(asked), usual = to_json(TrainOptions{}), begun = to_json(own);
    std::set<std::string> names;
    for (const auto& [field, value] : wanted.items()) {
        const bool said = !usual.contains(field) || usual[field] != value;
        if (said && !taken.contains(field) && (!begun.contains(field) || begun[field] != value)) {
            names.insert(option_name(field));
        }
    }
    if (names.empty()) {
        return {};
    }
    return fmt::format(
        "{} {} as the run was begun with: one that is gone on with takes --data, --kimg, --tick, --snap, "
        "--keep and --threads, nothing else.",
        fmt::join(names, ", "), names.size() == 1 ? "stays" : "stay");
}

void TrainRun::note(const std::string& sentence) {
    log(sentence);
    if (hooks_.note && ranks_.first()) {
        hooks_.note(sentence);
    }
}

// The start is a file: its weights are taken, all else begins anew.
std::string TrainRun::taken_from(const io::CheckpointFile& file) const {
    std::string text =
        fmt::format("The weights of {} are taken over, nothing else: this run begins at kimg 0", options_.resume);
    if (progress_.kimg_before > 0) {
        text += fmt::format(" (the model has seen {:g})", progress_.kimg_before);
    }
    const std::optional<double> strength = strength_in(file);
    if (options_.init_strength) {
        text += fmt::format(" with p {:g}, as --initstrength says", *options_.init_strength);
    } else if (strength && options_.aug == AugmentMode::ada) {
        text += fmt::format(" with p 0; that of the file is {:.3g}, and --initstrength {} takes it", *strength,
                            options_.resume);
    }
    if (file.metadata.contains("run")) {
        text +=
            fmt::format(". To go on with the run that wrote it, with its optimizer, counters and options: --resume {}",
                        std::filesystem::path(options_.resume).parent_path().string());
    }
    return text + ".";
}

Networks TrainRun::resumed_networks(const io::CheckpointFile& file, std::vector<std::string>& warnings,
                                    std::vector<std::string>& notes) {
    Networks networks = networks_from(file, options_.resume, config_.d, options_.freeze_d, options_.seed,
                                      choose_device("auto"), warnings);
    const int labels = options_.cond ? data_->label_dim() : 0;
    const std::vector<std::string> before = model::class_facts(file).names, now = data_->classes().names;
    const bool same_number = networks.g.config.mapping.c_dim == labels;
    if (labels > 0 && same_number && !before.empty() && !now.empty() && before != now) {
        const auto odd = std::mismatch(before.begin(), before.end(), now.begin(), now.end()).first - before.begin();
        const auto index = static_cast<std::size_t>(odd);
        warnings.push_back(
            fmt::format("Class {} of the model is not what it is in the training set, {}; what the model "
                        "knows of its classes is taken over by their numbers.",
                        class_text(index, before), class_text(index, now)));
    }
    const int larger = larger_resolution(networks.g.config.synthesis, data_->width(), data_->height());
    return with_labels(larger > 0 ? enlarged(networks, larger, options_.seed, notes) : std::move(networks), labels,
                       options_.seed, notes);
}

void TrainRun::tell_labels() {
    if (!data_->label_trouble().empty()) {
        warn(fmt::format("{} Without --cond they are not needed.", data_->label_trouble()));
    }
    if (!options_.cond && data_->label_dim() > 0) {
        note(data_->one_hot()
                 ? fmt::format("The training set has labels of {} classes, which are not used; --cond learns "
                               "them.",
                               data_->label_dim())
                 : fmt::format("The training set has labels of {} numbers each, which are not used; --cond "
                               "learns them.",
                               data_->label_dim()));
    }
    if (const std::string empty = empty_classes(data_->classes().pictures); options_.cond && !empty.empty()) {
        warn(fmt::format("In the training set {}: the model will have {} classes, from 0 on, and not know {}.", empty,
                         data_->label_dim(), empty.find(',') == std::string::npos ? "that one" : "those"));
    }
    for (const std::string& folder : data_->linked_folders()) {
        warn(fmt::format("{} in the training set is a link to a folder, which is not followed.", folder));
    }
}

} // namespace atelier::train
