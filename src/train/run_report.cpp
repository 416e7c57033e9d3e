// SPDX-License-Identifier: Apache-2.0
#include "train/run_report.h"

#include <chrono>
#include <cmath>
#include <fstream>

#include <fmt/format.h>
#include <unistd.h>

#include "base/path_text.h"
#include "base/progress.h"
#include "base/train_options_json.h"
#include "model/config_json.h"
#include "ops/device_queue.h"

namespace atelier::train {
namespace {

// JSON has no NaN.
nlohmann::ordered_json number(double value) {
    return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json();
}

nlohmann::ordered_json moments(const Moments& m) {
    return {{"num", m.num}, {"mean", number(m.mean())}, {"std", number(m.std())}};
}

nlohmann::ordered_json adam(const AdamOptions& o) {
    return {{"lr", o.lr}, {"betas", {o.beta1, o.beta2}}, {"eps", o.eps}};
}

constexpr double gibibyte = 1024.0 * 1024 * 1024;

double peak_device_memory_gb(const Trainer& trainer) {
    const c10::Device device = trainer.networks.g.parameters.device();
    return static_cast<double>(ops::device_memory_use(device).peak) / gibibyte;
}

} // namespace

nlohmann::ordered_json describe_options(const TrainOptions& options, const TrainConfig& config) {
    const TrainerSettings& t = config.trainer;
    nlohmann::ordered_json json;
    json["options"] = to_json(options);
    json["random_seed"] = config.seed;
    json["training_set_kwargs"] = {
        {"path", text_of_bytes(options.data)}, {"use_labels", config.data.use_labels},
        {"max_size", config.data.max_size},    {"xflip", config.data.xflip},
        {"yflip", config.data.yflip},          {"resolution", config.g.synthesis.img_resolution}};
    json["G_kwargs"] = model::to_kwargs(config.g);
    json["D_kwargs"] = model::to_kwargs(config.d);
    json["G_opt_kwargs"] = adam(t.g_adam);
    json["D_opt_kwargs"] = adam(t.d_adam);
    json["loss_kwargs"] = {{"r1_gamma", t.loss.r1_gamma},
                           {"style_mixing_prob", t.loss.style_mixing_prob},
                           {"pl_weight", t.loss.pl_weight}};
    json["total_kimg"] = config.total_kimg;
    json["kimg_per_tick"] = config.kimg_per_tick;
    json["batch_size"] = t.batch;
    json["batch_gpu"] = t.batch_gpu;
    json["ema_kimg"] = t.ema_kimg;
    json["ema_rampup"] = t.ema_rampup ? nlohmann::ordered_json(*t.ema_rampup) : nlohmann::ordered_json();
    if (t.ada.target) {
        json["ada_target"] = *t.ada.target;
        json["ada_kimg"] = t.ada.kimg;
    }
    json["augment_p"] = t.p;
    json["augpipe"] = config.augpipe;
    return json;
}

nlohmann::ordered_json describe_tick(const Trainer& trainer, const RunProgress& progress, double seconds,
                                     double maintenance_seconds, double time_of_day) {
    nlohmann::ordered_json json;
    for (const auto& [name, m] : trainer.statistics.entries()) {
        json[name] = moments(m);
    }
    const auto one = [&](const char* name, double value) {
        json[name] = {{"num", 1}, {"mean", number(value)}, {"std", 0.0}};
    };
    const auto images = trainer.images - progress.tick_start_images;
    one("Progress/tick", static_cast<double>(progress.ticks));
    one("Progress/kimg", static_cast<double>(trainer.images) / 1000);
    one("Timing/total_sec", progress.seconds);
    one("Timing/sec_per_tick", seconds);
    one("Timing/sec_per_kimg", images > 0 ? seconds * 1000 / static_cast<double>(images) : 0);
    one("Timing/maintenance_sec", maintenance_seconds);
    one("Resources/cpu_mem_gb", process_memory_gb());
    one("Resources/peak_gpu_mem_gb", peak_device_memory_gb(trainer));
    one("Progress/augment", trainer.p);
    one("Timing/total_hours", progress.seconds / 3600);
    one("Timing/total_days", progress.seconds / 86400);
    for (const auto& [name, ms] : trainer.phase_ms) {
        one(("Timing/" + name).c_str(), ms);
    }
    json["timestamp"] = time_of_day;
    return json;
}

std::string tick_line(const Trainer& trainer, const RunProgress& progress, double seconds, double maintenance_seconds) {
    const auto images = std::max<std::int64_t>(trainer.images - progress.tick_start_images, 1);
    const double device = peak_device_memory_gb(trainer);
    return fmt::format(
        "tick {:<5d} kimg {:<8.2f} time {:<12s} sec/tick {:<7.1f} sec/kimg {:<7.2f} maintenance {:<6.1f} "
        "cpumem {:<6.2f} {}augment {:.3f}",
        progress.ticks, static_cast<double>(trainer.images) / 1000, duration_text(progress.seconds), seconds,
        seconds * 1000 / static_cast<double>(images), maintenance_seconds, process_memory_gb(),
        device > 0 ? fmt::format("gpumem {:<6.2f} ", device) : "", trainer.p);
}

TrainPoint tick_point(const Trainer& trainer, double seconds, std::int64_t images) {
    const auto mean = [&](const char* name) { return trainer.statistics.get(name).mean(); };
    TrainPoint point;
    point.kimg = static_cast<double>(trainer.images) / 1000;
    point.g_loss = mean("Loss/G/loss");
    point.d_loss = mean("Loss/D/loss");
    point.score_real = mean("Loss/scores/real");
    point.score_fake = mean("Loss/scores/fake");
    point.rt = mean("Loss/signs/real");
    point.p = trainer.p;
    point.pl_penalty = mean("Loss/pl_penalty");
    point.r1_penalty = mean("Loss/r1_penalty");
    point.sec_per_kimg = images > 0 ? seconds * 1000 / static_cast<double>(images) : 0;
    return point;
}

double device_memory_gb(c10::Device device) {
    return static_cast<double>(ops::device_memory_use(device).now) / gibibyte;
}

double process_memory_gb() {
    std::ifstream in("/proc/self/statm");
    double pages = 0, resident = 0;
    in >> pages >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / gibibyte;
}

} // namespace atelier::train
