// SPDX-License-Identifier: Apache-2.0
#include "train/run.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/error.h"
#include "base/train_options_json.h"
#include "io/checkpoint_write.h"
#include "model/load.h"
#include "ops/cpu_features.h"
#include "ops/device.h"
#include "ops/free_memory.h"
#include "ops/tensor_memory.h"
#include "train/config_checks.h"
#include "train/grid.h"
#include "train/guard.h"
#include "train/memory_estimate.h"
#include "train/run_report.h"
#include "train/shared_pictures.h"

namespace atelier::train {
namespace {

TrainFacts facts_of(const Dataset& data) {
    TrainFacts facts;
    facts.resolution = data.resolution();
    facts.first_block = {data.shape().first_height, data.shape().first_width};
    facts.channels = data.channels();
    facts.pictures = data.raw_size();
    facts.label_dim = data.label_dim();
    facts.label_trouble = data.label_trouble();
    return facts;
}

} // namespace

TrainRun::TrainRun(const TrainOptions& options, RunHooks hooks, Ranks& ranks)
    : hooks_(std::move(hooks)), ranks_(ranks) {
    try {
        prepare(options);
        meet("");
    } catch (const AgreedError&) {
        throw;
    } catch (const std::exception& error) {
        if (!several()) {
            throw;
        }
        Agreement(ranks_).failed(message_of(error));
    }
    last_save_ = Clock::now();
    ranks_.before_end = [this](const std::string& sentence) { log(sentence); };
}

TrainRun::~TrainRun() {
    ranks_.before_end = nullptr;
    trainer_.reset();
    release_tensor_memory(); // nobody else wants as much
}

double TrainRun::seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

void TrainRun::prepare(const TrainOptions& options) {
    options_ = options;
    std::error_code error;
    if (!options.resume.empty() && std::filesystem::is_directory(options.resume, error)) {
        folder_ = ranks_.first() ? RunFolder::open(options.resume) : RunFolder::beside(options.resume);
        prepare_stage("reading the checkpoint");
        go_on(io::read_checkpoint(folder_->checkpoint()));
    } else {
        fresh_start();
    }
    loader_ = std::make_unique<Loader>(data_, config_.trainer.batch, config_.seed, trainer_->images, 2, ranks_.rank(),
                                       ranks_.size());
}

void TrainRun::open_data() {
    prepare_stage("reading the pictures");
    DatasetOptions how = dataset_options(options_);
    if (several()) {
        share_checks(how);
    }
    data_ = std::make_shared<Dataset>(options_.data, how, [this](const std::string& what) { prepare_stage(what); });
    if (several()) { // before anything is written each knows what the others have found
        meet("");
    }
    config_ = resolve(options_, facts_of(*data_));
}

void TrainRun::use_threads() const {
    if (hooks_.use_threads) {
        hooks_.use_threads(options_.threads);
    }
}

// Kept among the options, so that the run goes on with it whatever its length becomes.
void TrainRun::choose_half_life() {
    if (options_.ema_kimg || options_.ema_published) {
        return;
    }
    const double published = config_.trainer.ema_kimg, chosen = ema_half_life(published, options_.kimg);
    if (chosen < published) {
        options_.ema_kimg = config_.trainer.ema_kimg = chosen;
        note_ =
            fmt::format("The weight average, which the snapshots show, has a half-life of {:g} kimg here, a tenth "
                        "of the length, in place of {:g}; --ema-kimg N sets another, --ema-kimg published that one.",
                        chosen, published);
    }
}

void TrainRun::fresh_start() {
    options_.threads = std::max(0, options_.threads); // as begun: that is now
    use_threads();
    if (options_.data.empty()) {
        fail("Training needs pictures; name a folder or zip with --data.");
    }
    options_.data = std::filesystem::weakly_canonical(options_.data).string();
    open_data();
    choose_half_life();
    const c10::Device device = choose_device("auto");
    std::vector<std::string> odd_about_the_model, notes;
    PictureRatio ratio_before;
    if (options_.resume.empty()) {
        make_trainer(fresh_networks(config_.g, config_.d, options_.seed, device));
    } else {
        prepare_stage("reading the model");
        options_.resume = std::filesystem::weakly_canonical(options_.resume).string();
        const io::CheckpointFile file = io::read_checkpoint(options_.resume);
        odd_about_the_model = file.warnings;
        const auto told = file.metadata.value("training", nlohmann::json::object());
        if (told.is_object() && told.contains("kimg") && told["kimg"].is_number()) {
            progress_.kimg_before = told["kimg"].get<double>();
        }
        ratio_before = model::picture_ratio(file, options_.resume, odd_about_the_model);
        notes.push_back(taken_from(file));
        make_trainer(resumed_networks(file, odd_about_the_model, notes));
    }
    progress_.ratio = data_->ratio();
    progress_.classes = options_.cond ? data_->classes() : ClassFacts{};
    const auto smaller_rounds = fit_rounds();
    folder_ = ranks_.first() ? RunFolder::create(options_.out) : RunFolder::beside(options_.out);
    options_.out = std::filesystem::weakly_canonical(options_.out).string();
    if (ranks_.first()) {
        folder_->write_options(describe_options(options_, config_));
    }
    log(fmt::format("Training set: {} pictures of {}x{} from {}", data_->size(), data_->width(), data_->height(),
                    options_.data));
    tell_ranks();
    if (!note_.empty()) {
        note(note_);
    }
    for (const std::string& sentence : notes) {
        note(sentence);
    }
    tell_labels();
    tell_ratio(ratio_before);
    for (const std::string& sentence : odd_about_the_model) {
        warn(sentence);
    }
    if (smaller_rounds) {
        log(*smaller_rounds);
    }
    const at::Tensor first_fakes = fakes();
    // The noise of fresh weights is no variety to lose.
    const double diversity = options_.resume.empty() ? 0 : diversity_of(trainer_->networks.g_ema, ranks_);
    if (ranks_.first()) {
        const at::Tensor pictures = write_reals();
        if (const auto odd = judge_data(pictures, data_->raw_size())) {
            warn(*odd);
        }
        progress_.most_diversity = diversity;
        write_fakes("fakes-init", first_fakes);
    }
    save();
}

// The set's ratio counts, whatever that of the model to begin with.
void TrainRun::tell_ratio(PictureRatio before) {
    const PictureRatio now = progress_.ratio;
    if (!data_->ratio_trouble().empty()) {
        warn(data_->ratio_trouble());
    }
    if (!options_.resume.empty() && before != now) {
        log(fmt::format("The model that this starts from makes pictures of {}; those of the training set are of {}, so "
                        "from here on they are shown at {}.",
                        text_of(before), text_of(now), shown_text(data_->width(), data_->height(), now)));
    } else if (!now.square()) {
        log(fmt::format("The pictures are squashed from {} and shown at {}.", text_of(now),
                        shown_text(data_->width(), data_->height(), now)));
    }
}

void TrainRun::go_on(const io::CheckpointFile& file) {
    const std::string path = folder_->checkpoint().string();
    const TrainOptions asked = options_, defaults;
    options_ = options_of(file, path);
    const auto take = [&](auto member) {
        if (asked.*member != defaults.*member) {
            options_.*member = asked.*member;
        }
    };
    take(&TrainOptions::kimg);
    take(&TrainOptions::tick);
    take(&TrainOptions::snap);
    take(&TrainOptions::keep);
    options_.skip_checksums = asked.skip_checksums;
    if (!asked.data.empty()) { // it lies elsewhere by now
        options_.data = std::filesystem::weakly_canonical(asked.data).string();
    } else if (std::error_code gone; !std::filesystem::exists(options_.data, gone)) {
        fail("{}: the training set of this run is not there; bring it back, or go on with: atelier train --resume {} "
             "--data WHERE_IT_IS",
             options_.data, folder_->path().string());
    }
    if (const std::string kept = kept_by_the_run(asked, options_); !kept.empty()) {
        note(kept);
    }
    if (asked.threads != threads_as_begun) {
        options_.threads = asked.threads;
    }
    use_threads();
    options_.out = folder_->path().string();
    open_data();
    std::vector<std::string> unused;
    // The run's own, also if the set was written anew; the first checkpoints did not hold one.
    progress_.ratio = file.metadata.contains("ratio") ? model::picture_ratio(file, path, unused) : data_->ratio();
    progress_.classes = options_.cond ? data_->classes() : ClassFacts{};
    make_trainer(networks_from(file, path, config_.d, options_.freeze_d, options_.seed, choose_device("auto"), unused));
    restore(file, path, *trainer_, progress_);
    trainer_->batch_gpu_now = trainer_->round_of(trainer_->batch_gpu_now); // other ranks may have begun it
    const auto smaller_rounds = fit_rounds();
    if (ranks_.first()) {
        folder_->cut_statistics(progress_.ticks);
    }
    if (!progress_.history.empty()) {
        seconds_per_kimg_ = progress_.history.back().sec_per_kimg;
    }
    log(fmt::format("Going on at kimg {:.3f} with {}", kimg(), options_.data));
    tell_ranks();
    if (smaller_rounds) {
        log(*smaller_rounds);
    }
}

void TrainRun::make_trainer(Networks networks) {
    const model::GeneratorConfig& g = networks.g.config;
    check_fit(g.synthesis, facts_of(*data_));
    const int labels = options_.cond ? data_->label_dim() : 0;
    if (g.mapping.c_dim != labels) {
        fail("This run was begun with {} classes and its training set is used with {}; bring the labels of before "
             "back, or "
             "begin another run from its checkpoint file, which makes a new embedding.",
             g.mapping.c_dim, labels);
    }
    config_.g = networks.g.config;
    config_.d = networks.d.config;
    check_batches(config_);
    // The fp16 resolutions of the configuration become bfloat16 on a processor that is fast at it.
    const bool cpu = networks.g.parameters.device().is_cpu();
    config_.trainer.loss.force_fp32 = options_.fp32 || (cpu && !ops::cpu_has_fast_bf16());
    config_.trainer.loss.half = cpu ? at::kBFloat16 : at::kHalf;
    config_.trainer.loss.channels_last = cpu || config_.g.synthesis.fp16_channels_last;
    trainer_ = std::make_unique<Trainer>(std::move(networks), config_.trainer, config_.seed, ranks_);
    trainer_->tell = [this](const std::string& sentence) { warn(sentence); };
}

// Rounds as large as memory is free for; a sentence when they are smaller than they were to be. The settings stay as
// they are, so that the gradients of smaller rounds sum up to those of larger ones, as when a device has run out of
// memory.
std::optional<std::string> TrainRun::fit_rounds() {
    const int ranks = ranks_.size();
    double free = hooks_.free_memory ? hooks_.free_memory() : free_memory(device());
    if (device().is_cpu()) {
        free /= ranks_.local_size();
    }
    const model::DiscriminatorConfig& d = config_.d;
    const std::optional<int> group = d.mbstd_num_channels > 0 ? d.mbstd_group_size : 1;
    const int batch = config_.trainer.batch / ranks, wanted = trainer_->batch_gpu_now / ranks; // of each rank
    const MemoryEstimate estimate =
        estimate_memory(config_.g, d, config_.trainer.loss.force_fp32, config_.trainer.augment.has_value());
    auto fitting = fitting_round(estimate, batch, wanted, group, free);
    if (!fitting) {
        const int least = smallest_round(batch, wanted, group);
        fail(
            "Training these networks takes about {:.1f} GB of memory with {} picture(s) at a time, the least there can "
            "be, and {:.1f} GB are free; close other programs, or train at a lower resolution or with fewer channels.",
            estimate.round(least) / 1e9, least, free / 1e9);
    }
    for (const std::string& other : meet(std::to_string(*fitting))) {
        fitting = std::min(*fitting, std::stoi(other));
    }
    if (*fitting == wanted) {
        return std::nullopt;
    }
    trainer_->batch_gpu_now = *fitting * ranks;
    return fmt::format(
        "{} pictures at a time take about {:.1f} GB of memory and {:.1f} GB are free, so each step sums up "
        "rounds of {}.",
        wanted, estimate.round(wanted) / 1e9, free / 1e9, *fitting);
}

IterationInput TrainRun::next_input() {
    const Batch batch = loader_->next(); // this rank's
    SeededRandom& random = trainer_->random;
    const bool whole = config_.trainer.rank_random == RankRandom::whole;
    const auto rows =
        static_cast<std::int64_t>(trainer_->phases()) * (whole ? config_.trainer.batch : batch.images.size(0));
    IterationInput in{
        {}, {}, random.normal({rows, config_.g.mapping.z_dim}), at::zeros({rows, config_.g.mapping.c_dim})};
    if (config_.g.mapping.c_dim > 0) {
        for (std::int64_t i = 0; i < rows; ++i) {
            in.gen_c[i].copy_(data_->label(random.integer(0, data_->size())));
        }
    }
    if (whole) {
        in = share_of(in, trainer_->phases(), ranks_.rank(), ranks_.size());
    }
    in.real = batch.images;
    in.real_c = batch.labels;
    return in;
}

bool TrainRun::done() const {
    return static_cast<double>(trainer_->images) >= config_.total_kimg * 1000;
}

double TrainRun::tick_progress() const {
    return std::clamp(
        static_cast<double>(trainer_->images - progress_.tick_start_images) / (config_.kimg_per_tick * 1000), 0.0, 1.0);
}

int TrainRun::pictures() const {
    return data_->size();
}

std::pair<int, int> TrainRun::size() const {
    return {data_->width(), data_->height()};
}

void TrainRun::end_for_want_of_data(const std::string& why) {
    try {
        save();
    } catch (const std::exception&) {
        throw AgreedError(
            fmt::format("{} Training stopped; the last checkpoint in {} is kept.", why, folder_->path().string()));
    }
    throw AgreedError(fmt::format("{} Training stopped; its state is saved in {}.", why, folder_->path().string()));
}

void TrainRun::step() {
    const auto start = Clock::now();
    const double waited = ranks_.waited();
    IterationInput in;
    try {
        in = next_input();
        agree_on_saving();
    } catch (const AgreedError& error) { // another rank's data
        end_for_want_of_data(error.what());
    } catch (const std::exception& error) {
        std::string why = message_of(error);
        try {
            Agreement(ranks_).failed(why);
        } catch (const AgreedError& agreed) {
            why = agreed.what();
        }
        end_for_want_of_data(why);
    }
    trainer_->iterate(in);
    const double seconds = seconds_since(start);
    progress_.seconds += seconds;
    tick_training_seconds_ += seconds;
    tick_waited_seconds_ += ranks_.waited() - waited;
    const double pace = seconds * 1000 / config_.trainer.batch;
    seconds_per_kimg_ = seconds_per_kimg_ == 0 ? pace : 0.95 * seconds_per_kimg_ + 0.05 * pace;
    const bool due =
        static_cast<double>(trainer_->images - progress_.tick_start_images) >= config_.kimg_per_tick * 1000;
    if (progress_.ticks == 0 || due || done()) { // the first tick is the first step alone, as published
        end_tick();
    } else if (several() ? save_agreed_ : save_is_due()) {
        save_if_possible();
    }
}

void TrainRun::stage(const std::string& what) {
    if (hooks_.stage) {
        hooks_.stage(what);
    }
}

void TrainRun::prepare_stage(const std::string& what) {
    if (hooks_.cancelled && hooks_.cancelled()) {
        fail("Training was called off before it began.");
    }
    stage(what);
}

} // namespace atelier::train
