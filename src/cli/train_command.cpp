// SPDX-License-Identifier: Apache-2.0
// atelier train: StyleGAN2-ADA from scratch or from a model, or going on with a run.
#include <cmath>
#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/error.h"
#include "base/progress.h"
#include "cli/commands.h"
#include "cli/interrupt_guard.h"
#include "cli/options.h"
#include "cli/train_ranks.h"
#include "ranks/launch.h"
#include "train/ranks.h"
#include "train/strength.h"
#include "train/train_thread.h"

namespace atelier {
namespace {

struct TrainCommandOptions {
    TrainOptions train;
    std::string ema_kimg, mirror, aug = "ada", ada_max = "1", init_strength;
    bool verbose = false;
    double rank_timeout = 1800; // seconds
    RanksToStart start;
};

double number_or_word(const std::string& text, const char* option, const char* word = "inf") {
    try {
        std::size_t used = 0;
        const double value = std::stod(text, &used); // "inf" is one of its words
        if (used == text.size() && value >= 0) {
            return value;
        }
    } catch (const std::exception&) {
        // said below
    }
    fail("{} is '{}'; it has to be a number from 0 up, or {}.", option, text, word);
}

TrainOptions options_of(TrainCommandOptions& given) {
    TrainOptions options = given.train;
    if (!given.mirror.empty()) {
        const std::string& m = given.mirror;
        options.mirror_x = m == "x" || m == "xy";
        options.mirror_y = m == "y" || m == "xy";
        if (!options.mirror_x && !options.mirror_y) {
            fail("--mirror is '{}'; it has to be x, y or xy.", m);
        }
    }
    options.aug = choose<AugmentMode>(
        given.aug, "--aug", {{"ada", AugmentMode::ada}, {"fixed", AugmentMode::fixed}, {"noaug", AugmentMode::off}});
    options.ada_max = number_or_word(given.ada_max, "--ada-max");
    if (given.ema_kimg == "published") {
        options.ema_published = true;
    } else if (!given.ema_kimg.empty()) {
        options.ema_kimg =
            number_or_word(given.ema_kimg, "--ema-kimg", "published"); // its range is looked at with the others
    }
    if (!given.init_strength.empty()) {
        options.init_strength = train::strength_from(given.init_strength);
    }
    std::error_code error;
    const bool go_on = !options.resume.empty() && std::filesystem::is_directory(options.resume, error);
    if (!go_on && options.data.empty()) {
        fail("Training needs pictures; name a folder or zip with --data.");
    }
    if (!go_on && options.out.empty()) {
        fail("Training needs a folder for its results; name one with --out.");
    }
    return options;
}

// What was said on the command line, but what train_on_ranks says itself.
std::vector<std::string> words_for_ranks(const CLI::App& command) {
    const std::set<std::string> own{"--ranks", "--elastic", "--mpirun", "--out", "--resume"};
    std::vector<std::string> words;
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& value :
             own.contains(option->get_name()) ? std::vector<std::string>{} : option->results()) {
            words.push_back(option->get_name() + "=" + value);
        }
    }
    return words;
}

void run_train(TrainCommandOptions& given, const CLI::App& command) {
    const TrainOptions options = options_of(given);
    if (!(given.rank_timeout > 0)) {
        fail("--rank-timeout is {}; it has to be a number of seconds above 0.", given.rank_timeout);
    }
    if (command.count("--ranks") > 0) {
        train_on_ranks(given.start, options, words_for_ranks(command));
        return;
    }
    const InterruptGuard guard{SIGTERM, SIGUSR1}; // what mpirun and schedulers send before they end a job
    const std::unique_ptr<ranks::Communicator> others = ranks::join();
    std::optional<train::WatchedRanks> ranks;
    train::TrainThreadOptions how;
    if (others) {
        ranks.emplace(*others, train::WatchedRanks::Options{given.rank_timeout, {}});
        how.ranks = &*ranks;
    }
    const bool speaks = !ranks || ranks->first();
    if (given.verbose) {
        how.line = [](const std::string& line) { fmt::print(stderr, "{}\n", line); };
    }
    how.note = [](const std::string& note) { fmt::print(stderr, "atelier: {}\n", note); };
    train::TrainThread thread(how);
    thread.start(options);
    ProgressBar bar("Training", "pictures");
    std::size_t told = 0;
    bool stopping = false;
    TrainStatus status;
    do {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        status = thread.status();
        if (guard.interrupted() && !stopping) {
            stopping = true;
            thread.command(TrainCommand::stop);
        }
        for (; told < status.warnings.size(); ++told) {
            fmt::print(stderr, "atelier: {}\n", status.warnings[told]);
        }
        if (speaks && status.state == TrainState::running && status.total_kimg > 0) {
            bar.update(std::llround(status.kimg * 1000), std::llround(status.total_kimg * 1000));
        }
    } while (status.active());
    thread.wait();
    if (status.state == TrainState::failed) {
        fail("{}", status.message);
    }
    if (speaks) {
        bar.close(status.message);
    }
}

} // namespace

void add_train_command(CLI::App& app) {
    auto o = std::make_shared<TrainCommandOptions>();
    TrainOptions& t = o->train;
    CLI::App* c = app.add_subcommand("train", "Train a model on your own pictures, or go on with a run");
    c->add_option(
        "--data", t.data,
        "Folder, zip or folder of shards of PNG or JPEG pictures, all of one size: squares of a power of two, or "
        "what 'dataset prepare --network-ratio' makes");
    c->add_option("--out", t.out, "Folder for checkpoint, snapshots and statistics");
    c->add_option("--resume", t.resume, "Model file to start from, or run folder to go on with");
    CLI::Option* threads =
        c->add_option("--threads", t.threads,
                      "Threads of one operation; 0: all cores. A run that is gone on with keeps its own unless told");
    c->add_option("--kimg", t.kimg,
                  "Length in thousands of pictures shown to the discriminator (25000 unless told, with cifar 100000)");
    c->add_option("--tick", t.tick, "Thousands of pictures between two lines of statistics")->capture_default_str();
    c->add_option("--snap", t.snap, "Ticks between two snapshots; 0: only the last")->capture_default_str();
    c->add_option("--keep", t.keep, "Snapshots to keep; 0: all")->capture_default_str();
    c->add_option("--batch", t.batch, "Pictures in one step");
    c->add_option("--mirror", o->mirror, "Mirrored pictures too: x, y or xy");
    c->add_option("--subset", t.subset, "Use only so many of the pictures; 0: all")->capture_default_str();
    c->add_flag("--skip-checksums", t.skip_checksums,
                "Begin without reading all shards of a sharded set once, to compare their checksums");
    c->add_flag("--cond", t.cond, "Train with the classes of dataset.json");
    c->add_option("--aug", o->aug, "Augmentation: ada (adapts), fixed or noaug")->capture_default_str();
    c->add_option("--augpipe", t.augpipe, "blit, geom, color, filter, noise, cutout, bg, bgc, bgcf, bgcfn or bgcfnc")
        ->capture_default_str();
    c->add_option("--p", t.p, "Strength with --aug fixed, 0 to 1");
    c->add_option("--target", t.target, "Target of r_t with --aug ada (0.6 unless told)");
    c->add_option("--ada-max", o->ada_max, "Bound of p with --aug ada; inf: none")->capture_default_str();
    c->add_option("--ada-kimg", t.ada_kimg, "Thousands of pictures for p to move by 1");
    c->add_option("--initstrength", o->init_strength, "p at the start: a number, or a checkpoint to take it from");
    c->add_option("--gamma", t.gamma, "Weight of R1");
    c->add_option("--cfg", t.cfg, "auto, stylegan2, paper256, paper512, paper1024 or cifar")->capture_default_str();
    c->add_option("--lr", t.lr, "Learning rate of both networks");
    c->add_option("--ema-kimg", o->ema_kimg,
                  "Half-life of the weight average, in thousands of pictures, or the word published (a tenth of --kimg "
                  "where that is shorter than the published one)");
    c->add_option("--freeze-d", t.freeze_d, "Highest-resolution layers of D that stay fixed (Freeze-D)")
        ->capture_default_str();
    c->add_option("--freeze-g", t.freeze_g, "First synthesis blocks of G that stay fixed (FreezeG)")
        ->capture_default_str();
    c->add_option("--seed", t.seed, "Of all random numbers")->capture_default_str();
    c->add_option(
         "--rank-random", t.rank_random,
         "Random numbers of several ranks (mpirun, srun): whole, those of one process, or published, each rank its "
         "own")
        ->capture_default_str();
    c->add_option("--rank-timeout", o->rank_timeout,
                  "Seconds that ranks wait for one that doesn't answer, before the run ends")
        ->capture_default_str();
    CLI::Option* ranks = c->add_option("--ranks", o->start.ranks,
                                       "Start the run as so many processes, by mpirun, in place of starting mpirun "
                                       "yourself");
    c->add_flag("--elastic", o->start.elastic,
                "With --ranks: when a process dies or hangs, go on from the checkpoint with fewer")
        ->needs(ranks);
    c->add_option("--mpirun", o->start.mpirun, "With --ranks: further words for mpirun, such as \"--hostfile hosts\"")
        ->needs(ranks);
    c->add_flag("--fp32", t.fp32, "Full precision on a GPU too");
    c->add_option("--resolution", t.resolution, "From scratch: must be the pictures' longer side");
    c->add_option("--channel-base", t.channel_base, "From scratch: channels times resolution");
    c->add_option("--channel-max", t.channel_max, "From scratch: most channels of a layer");
    c->add_option("--map-depth", t.map_depth, "From scratch: layers of the mapping network");
    c->add_option("--z-dim", t.z_dim, "From scratch: size of z; w has 512");
    c->add_flag("--verbose", o->verbose, "Print every line of log.txt");
    c->footer("Ctrl-C saves and stops; --resume RUN_DIR goes on as if never stopped.");
    c->callback([o, threads, c] {
        if (threads->count() == 0) {
            o->train.threads = threads_as_begun;
        }
        run_train(*o, *c);
    });
}

} // namespace atelier
