// SPDX-License-Identifier: Apache-2.0
// What the ranks of a run have to tell each other beside their gradients.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.h"
#include "base/sha256.h"
#include "io/file_server.h"
#include "train/run.h"
#include "train/slow_ranks.h"

namespace atelier::train {
namespace {

void add(Sha256& hash, const at::Tensor& tensor) {
    const at::Tensor plain = tensor.detach().to(at::kCPU).contiguous();
    hash.add(plain.const_data_ptr(), plain.nbytes());
}

std::string hash_of(const model::Parameters& parameters) {
    Sha256 hash;
    for (const model::Parameter& parameter : parameters.all()) {
        add(hash, parameter.value);
    }
    return hash.finish();
}

std::string hash_of(const Adam& adam) {
    Sha256 hash;
    for (const auto* moments : {&adam.first, &adam.second, &adam.steps}) {
        for (const at::Tensor& moment : *moments) {
            add(hash, moment);
        }
    }
    return hash.finish();
}

std::string hash_of_state(const Trainer& trainer) {
    Sha256 hash;
    add(hash, trainer.loss->pl_mean);
    hash.add(fmt::format("{} {} {} {} {}", trainer.p, trainer.images, trainer.iterations, trainer.batch_gpu_now,
                         trainer.last_rt));
    if (trainer.settings().rank_random == RankRandom::whole) {
        add(hash, trainer.random.state());
    }
    return hash.finish();
}

} // namespace

// One text of each rank; AgreedError if one of them has failed instead of coming here.
std::vector<std::string> TrainRun::meet(const std::string& mine) {
    Agreement(ranks_).sum({});
    return ranks_.gather(mine);
}

// Each rank compares the checksums of some shards: of all ranks together where the set lies on a file server, which is
// the same one for all of them, and else of those of a machine, which may have a copy of its own.
void TrainRun::share_checks(DatasetOptions& how) {
    const std::vector<std::string> all = meet(io::on_file_server(options_.data) ? "" : "own");
    const bool one_for_all = std::ranges::all_of(all, [](const std::string& text) { return text.empty(); });
    how.check_one = static_cast<std::size_t>(one_for_all ? ranks_.rank() : ranks_.local_rank());
    how.check_of = static_cast<std::size_t>(one_for_all ? ranks_.size() : ranks_.local_size());
}

bool TrainRun::all_go_on(bool mine) {
    std::array<double, 1> stops{mine ? 0.0 : 1.0};
    Agreement(ranks_).sum(stops);
    return stops[0] == 0;
}

// The first rank writes, so its clock counts.
void TrainRun::agree_on_saving() {
    std::array<double, 1> due{ranks_.first() && (save_asked_ || save_is_due()) ? 1.0 : 0.0};
    Agreement(ranks_).sum(due);
    save_agreed_ = due[0] > 0;
    save_asked_ = false;
}

void TrainRun::ask_for_save() {
    if (several()) {
        save_asked_ = true;
    } else {
        save_if_possible();
    }
}

void TrainRun::tell_ranks() {
    if (!several()) {
        return;
    }
    log(fmt::format("{} ranks, each with {} pictures of every batch of {}; random numbers: {}", ranks_.size(),
                    config_.trainer.batch / ranks_.size(), config_.trainer.batch, options_.rank_random));
    if (trainer_->batch_gpu_now > config_.trainer.batch_gpu && config_.trainer.batch_gpu < config_.trainer.batch) {
        log(fmt::format(
            "{} ranks need rounds of {} pictures; one process would take them {} at a time, with other groups "
            "in the minibatch-deviation layer, so its numbers are not quite the same",
            ranks_.size(), trainer_->batch_gpu_now, config_.trainer.batch_gpu));
    }
}

// Each rank moves its own networks, so they have to stay the same by themselves. What they hold apart is gathered here,
// for the checkpoint.
void TrainRun::check_same_networks() {
    if (!several()) {
        return;
    }
    const std::array<const char*, 6> names{"G", "G_ema", "D", "the moments of G", "the moments of D", "the counters"};
    const Networks& n = trainer_->networks;
    std::string mine;
    for (const std::string& hash : {hash_of(n.g.parameters), hash_of(n.g_ema.parameters), hash_of(n.d.parameters),
                                    hash_of(trainer_->g_adam), hash_of(trainer_->d_adam), hash_of_state(*trainer_)}) {
        mine += hash + "\n";
    }
    const std::vector<std::string> all = meet(mine);
    for (int rank = 1; rank < ranks_.size(); ++rank) {
        const std::string& other = all[static_cast<std::size_t>(rank)];
        const auto odd = std::mismatch(all[0].begin(), all[0].end(), other.begin(), other.end()).first;
        if (odd != all[0].end()) {
            const auto which = static_cast<std::size_t>(std::count(all[0].begin(), odd, '\n'));
            throw AgreedError(fmt::format(
                "{} of {} is no longer that of {}, so what they have learnt is not saved; the checkpoint of before is "
                "kept in {}. Have all machines the same kind of processor, and no faults in their memory?",
                names.at(which), ranks_.name_of(rank), ranks_.name_of(0), folder_->path().string()));
        }
    }
    if (config_.trainer.rank_random == RankRandom::published) {
        const at::Tensor state = trainer_->random.state();
        random_of_ranks_ = meet({static_cast<const char*>(state.const_data_ptr()), state.nbytes()});
    }
}

// A tick waits for the slowest, so it is worth knowing which one that is.
void TrainRun::tell_slow_ranks() {
    std::vector<double> seconds;
    for (const std::string& one : meet(fmt::format("{:.6f}", tick_training_seconds_ - tick_waited_seconds_))) {
        seconds.push_back(std::stod(one));
    }
    for (const int rank : slow_ranks(seconds)) {
        log(fmt::format(
            "{} is slow: it computed for {:.2f} s in this tick, and half of the others for {:.2f} s or less",
            ranks_.name_of(rank), seconds[static_cast<std::size_t>(rank)], median_of_others(seconds, rank)));
    }
    tick_waited_seconds_ = 0;
}

} // namespace atelier::train
