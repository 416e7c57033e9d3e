// SPDX-License-Identifier: Apache-2.0
#include "studio/train/train_form.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include <fmt/format.h>

#include "base/file_names.h"
#include "base/user_folders.h"

namespace atelier::studio {
namespace fs = std::filesystem;
namespace {

constexpr double snapshots_a_run = 20;

// Half-life of G_ema in kimg under the configuration auto: 10 for batches of 32, in proportion for the smaller ones of
// pictures above 128 px. Of an unknown size the largest counts: the average then follows too fast rather than too late.
double auto_ema_kimg(int resolution) {
    const int batch = std::clamp(4096 / (resolution > 0 ? resolution : 1024), 1, 32);
    return batch * 10.0 / 32;
}

bool exists(const std::string& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

bool holds_something(const fs::path& folder) {
    std::error_code error;
    return fs::exists(folder, error) && !(fs::is_directory(folder, error) && fs::is_empty(folder, error));
}

} // namespace

TrainForm::TrainForm() {
    options.kimg = standard_kimg;
    options.tick = studio_tick;
    options.snap = 4;
}

TrainOptions options_of(const TrainForm& form, const std::string& shown, int resolution, const fs::path& runs) {
    TrainOptions options;
    const TrainOptions& wanted = form.options;
    if (form.start == StartFrom::run) { // it has its own: its length above all
        options.resume = options.out = form.start_file;
        options.threads = threads_as_begun;
        return options;
    }
    if (form.expert) {
        options = wanted;
    } else {
        options.data = wanted.data;
        options.kimg = wanted.kimg;
        options.mirror_x = wanted.mirror_x;
        options.mirror_y = wanted.mirror_y;
        options.aug = wanted.aug;
        options.p = wanted.p;
        options.tick = studio_tick;
        const double kimg = wanted.kimg.value_or(standard_kimg);
        options.snap = std::max(1, static_cast<int>(std::lround(kimg / studio_tick / snapshots_a_run)));
        options.ema_kimg = ema_half_life(auto_ema_kimg(resolution), kimg);
    }
    if (options.aug != AugmentMode::fixed) {
        options.p.reset();
    } else if (!options.p) {
        options.p = standard_p;
    }
    if (form.start != StartFrom::scratch) { // the model's file says these
        options.resolution = options.channel_base = options.channel_max = options.map_depth = options.z_dim = {};
    }
    switch (form.start) {
    case StartFrom::shown: options.resume = shown; break;
    case StartFrom::scratch: options.resume.clear(); break;
    case StartFrom::run:
    case StartFrom::file: options.resume = form.start_file; break;
    }
    options.out = form.out.empty() ? propose_run(runs, options.data).string() : form.out;
    return options;
}

std::string why_not(const TrainForm& form, const TrainOptions& options) {
    if (form.start == StartFrom::run) {
        return is_run_folder(options.resume) ? "" : "That folder holds no run to go on with.";
    }
    if (options.data.empty())
        return "Choose the pictures to learn from first: a folder or a zip.";
    if (!exists(options.data))
        return "There is no such folder or zip of pictures.";
    if (!is_training_data(options.data))
        return "Pictures come as a folder or as a .zip file.";
    if (form.start == StartFrom::shown && options.resume.empty())
        return "Open a model to start from, or start from scratch.";
    if (form.start == StartFrom::file && options.resume.empty())
        return "Choose the model file to start from.";
    if (!options.resume.empty() && !exists(options.resume))
        return "The model to start from isn't there any more.";
    if (!(options.kimg.value_or(standard_kimg) > 0))
        return "The length has to be more than 0 kimg.";
    if (!(options.tick > 0))
        return "A tick has to be longer than 0 kimg.";
    if (options.snap < 1)
        return "Snapshots need at least one tick between them.";
    if (holds_something(options.out))
        return "The run's folder holds something already; choose another name.";
    return {};
}

fs::path standard_runs_folder() {
    return data_folder() / "runs";
}

fs::path propose_run(const fs::path& runs, const fs::path& data) {
    fs::path plain = data.lexically_normal();
    if (!plain.has_filename())
        plain = plain.parent_path();
    std::string name = plain.stem().string();
    if (name.empty() || name == "." || name == "..")
        name = "run";
    std::error_code ignored;
    for (int i = 1;; ++i) {
        const fs::path path = runs / fmt::format("{}-{:03}", name, i);
        if (i > 9999 || !fs::exists(path, ignored))
            return path;
    }
}

bool is_training_data(const fs::path& path) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored))
        return true;
    return lower_extension(path) == ".zip" && fs::is_regular_file(path, ignored);
}

bool is_run_folder(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path / "checkpoint.safetensors", ignored);
}

std::optional<double> kimg_of_snapshot(const fs::path& path) {
    const std::string name = path.stem().string();
    const std::size_t first = name.find_first_of("0123456789");
    if (first == std::string::npos)
        return std::nullopt;
    double value = 0;
    const auto result = std::from_chars(name.data() + first, name.data() + name.size(), value);
    return result.ec == std::errc() ? std::optional(value) : std::nullopt;
}

} // namespace atelier::studio
