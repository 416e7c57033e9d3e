// SPDX-License-Identifier: Apache-2.0
#include "train/train_thread.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <tuple>

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "ops/device.h"
#include "ops/device_queue.h"
#include "ops/threads.h"
#include "train/device_ranks.h"
#include "train/grid.h"
#include "train/run.h"
#include "train/run_report.h"
#include "train/run_watchers.h"
#include "train/train_orders.h"

namespace atelier::train {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int shown_to_d = 24, shown_columns = 6; // augmented reals

std::vector<std::string> snapshots_of(const TrainRun& run) {
    std::vector<std::string> names;
    for (const auto& path : run.folder().snapshots()) {
        names.push_back(path.string());
    }
    return names;
}

void be_modest() {
    // Of this thread; the workers it starts take after it. Not being allowed to is no reason to stop.
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), 10);
}

} // namespace

struct TrainThread::Impl {
    explicit Impl(TrainThreadOptions o) : options(std::move(o)) {}

    void work(const TrainOptions& wanted);
    void train(TrainRun& run);
    // True if the run is to go on; waits while paused.
    bool obey(TrainRun& run);
    // Whether it is paused after that.
    bool carry_out(TrainRun& run, TrainCommand command, bool paused);
    // force: whether or not anybody wants them.
    void publish(TrainRun& run, bool force);
    void show_augmented(TrainRun& run);
    void show(const TrainRun& run);
    void write_snapshot(TrainRun& run);
    void answer_watchers(TrainRun& run);
    void tell_watchers();

    TrainThreadOptions options;
    TrainOrders orders;

    // Training thread only.
    bool raw = false;
    Clock::time_point published{};
    bool stale = false; // a step has been made since the weights were published
    std::size_t told_points = 0;
    std::optional<RunWatchers> watchers; // of the run's folder; none before there is one

    std::jthread thread; // last: it ends before what it uses
};

void TrainThread::Impl::show(const TrainRun& run) {
    const RunProgress& progress = run.progress();
    std::shared_ptr<const std::vector<TrainPoint>> history;
    std::optional<std::vector<std::string>> snapshots;
    if (progress.history.size() != told_points) {
        told_points = progress.history.size();
        history = std::make_shared<const std::vector<TrainPoint>>(progress.history);
        snapshots = snapshots_of(run);
    }
    const double pace = run.seconds_per_kimg();
    orders.change([&](TrainStatus& s) {
        s.kimg = run.kimg();
        s.total_kimg = run.total_kimg();
        s.tick_progress = run.tick_progress();
        s.sec_per_kimg = pace;
        s.seconds_left = pace > 0 ? std::max(0.0, (run.total_kimg() - run.kimg()) * pace) : -1;
        s.memory_gb = process_memory_gb();
        s.device_memory_gb = device_memory_gb(run.device());
        s.p = run.trainer().p;
        s.rt = run.trainer().last_rt;
        s.target = run.config().trainer.ada.target.value_or(0);
        s.pictures = run.pictures();
        std::tie(s.width, s.height) = run.size();
        s.run_dir = run.folder().path().string();
        if (history) {
            s.history = history;
            s.snapshots = *snapshots;
        }
    });
}

void TrainThread::Impl::publish(TrainRun& run, bool force) {
    if (!options.publish) {
        return;
    }
    const auto now = Clock::now();
    const TrainOrders::Publication wanted =
        orders.publication(force, std::chrono::duration<double>(now - published).count(), options.publish_seconds);
    if (!wanted.due) {
        return;
    }
    published = now;
    if (wanted.augmented) {
        show_augmented(run);
    }
    if (!wanted.weights) {
        return;
    }
    stale = false;
    std::uint64_t number = 0;
    orders.change([&](TrainStatus& s) { number = ++s.weights; });
    const Networks& networks = run.trainer().networks;
    const model::Generator& shown = raw ? networks.g : networks.g_ema;
    options.publish({std::make_shared<const model::Generator>(copy_of(shown, run.device())), number, run.kimg(), !raw,
                     run.progress().ratio});
}

void TrainThread::Impl::show_augmented(TrainRun& run) {
    if (!run.trainer().loss->last_augmented.defined()) {
        return;
    }
    const at::Tensor seen = to_bytes(run.trainer().loss->last_augmented.clamp(-1, 1));
    const auto augmented = to_picture(sheet(seen, shown_columns, run.progress().ratio));
    orders.change([&](TrainStatus& s) { s.augmented = augmented; });
}

void TrainThread::Impl::write_snapshot(TrainRun& run) {
    const bool written = run.snapshot_if_possible();
    const std::vector<std::string> snapshots = snapshots_of(run);
    const std::string name = run.folder().snapshot(run.kimg()).filename().string();
    orders.change([&](TrainStatus& s) {
        s.snapshots = snapshots;
        ++s.answered;
        s.message = written ? fmt::format("{} is written.", name)
                            : fmt::format("{} could not be written; the warnings of the run say why.", name);
    });
}

// What is asked through the folder is done as if it were asked here.
void TrainThread::Impl::answer_watchers(TrainRun& run) {
    if (!watchers) {
        return;
    }
    std::vector<std::string> troubles;
    for (const RunRequest request : watchers->take(troubles)) {
        switch (request) {
        case RunRequest::stop: orders.stop("asked by a watcher", "It stops, and saves."); break;
        case RunRequest::snapshot: write_snapshot(run); break;
        }
        tell_watchers();
    }
    if (!troubles.empty()) {
        orders.change([&](TrainStatus& s) { s.warnings.insert(s.warnings.end(), troubles.begin(), troubles.end()); });
    }
    if (watchers->due()) {
        tell_watchers();
    }
}

void TrainThread::Impl::tell_watchers() {
    if (watchers) {
        watchers->tell(orders.status());
    }
}

bool TrainThread::Impl::obey(TrainRun& run) {
    bool paused = false;
    answer_watchers(run);
    while (true) {
        const TrainOrders::Order order = orders.next(paused, stale);
        switch (order.kind) {
        case TrainOrders::Order::Kind::stop: return false;
        case TrainOrders::Order::Kind::go_on: return true;
        case TrainOrders::Order::Kind::look:
            if (order.publish) {
                publish(run, false);
            }
            answer_watchers(run);
            break;
        case TrainOrders::Order::Kind::command: paused = carry_out(run, order.command, paused); break;
        }
    }
}

bool TrainThread::Impl::carry_out(TrainRun& run, TrainCommand command, bool paused) {
    switch (command) {
    case TrainCommand::pause:
        run.ask_for_save();
        paused = true;
        orders.change([](TrainStatus& s) {
            if (s.state == TrainState::pausing) { // else a stop has come meanwhile
                s.state = TrainState::paused;
            }
        });
        tell_watchers();
        break;
    case TrainCommand::resume:
        paused = false;
        orders.change([](TrainStatus& s) {
            if (s.state == TrainState::paused) { // else the next pause or a stop has been asked for
                s.state = TrainState::running;
            }
        });
        break;
    case TrainCommand::save: run.ask_for_save(); break;
    case TrainCommand::snapshot: write_snapshot(run); break;
    case TrainCommand::stop: break; // is no order that waits its turn
    case TrainCommand::show_ema:
    case TrainCommand::show_raw:
        raw = command == TrainCommand::show_raw;
        publish(run, true);
        break;
    }
    return paused;
}

void TrainThread::Impl::train(TrainRun& run) {
    run.trainer().loss->keep_augmented = options.publish ? shown_to_d : 0; // goes with the weights
    if (options.ranks == nullptr || options.ranks->first()) {              // the one that writes, and tells the others
        watchers.emplace(run.folder().path());
    }
    show(run);
    publish(run, true);
    orders.change([](TrainStatus& s) {
        s.stage.clear();
        if (s.state == TrainState::preparing) {
            s.state = TrainState::running;
        }
    });
    while (!run.done() && run.all_go_on(obey(run))) {
        run.step();
        stale = true;
        show(run);
        publish(run, false);
    }
    orders.change([](TrainStatus& s) {
        s.state = TrainState::stopping;
        s.stage = "saving";
    });
    tell_watchers();
    if (!run.done()) { // else it is saved already
        run.save();
    }
    show(run);
    publish(run, true);
    orders.change([&](TrainStatus& s) {
        s.state = TrainState::finished;
        s.stage.clear();
        s.message = fmt::format("{} at {:.2f} kimg; saved in {}.", run.done() ? "Finished" : "Stopped", run.kimg(),
                                run.folder().path().string());
    });
    tell_watchers();
}

void TrainThread::Impl::work(const TrainOptions& wanted) {
    Ranks& started = options.ranks != nullptr ? *options.ranks : one_rank();
    std::unique_ptr<Ranks> on_device;
    if (const c10::Device device = choose_device("auto"); started.size() > 1 && device.is_cuda()) {
        std::string why;
        on_device = nccl_ranks(started, device, why);
        if (!why.empty() && started.first() && options.note) {
            options.note(why);
        }
    }
    Ranks& ranks = on_device ? *on_device : started;
    if (options.leave_a_core) {
        be_modest();
    }
    try {
        RunHooks hooks;
        hooks.use_threads = [this, &ranks](int threads) {
            const int cores = static_cast<int>(std::thread::hardware_concurrency()); // that this process may use
            const int most = std::max(1, cores - 1);
            const bool bound = cores < static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN)); // to cores of its own
            if (threads <= 0 && ranks.local_size() > 1) {
                threads = bound ? cores : std::max(1, cores / ranks.local_size());
            }
            set_operation_threads(threads <= 0 && options.leave_a_core ? most : threads);
        };
        hooks.note = options.note;
        hooks.stage = [this](const std::string& what) { orders.change([&](TrainStatus& s) { s.stage = what; }); };
        hooks.warn = [this](const std::string& sentence) {
            orders.change([&](TrainStatus& s) { s.warnings.push_back(sentence); });
        };
        hooks.line = options.line;
        hooks.cancelled = [this] { return orders.stopped(); };
        const ops::DeviceQueue queue(choose_device("auto"), ops::Urgency::training);
        const ops::OnQueue on(queue);
        TrainRun run(wanted, std::move(hooks), ranks);
        train(run);
    } catch (const std::exception& error) {
        const std::string why = message_of(error);
        if (ranks.size() > 1 && dynamic_cast<const AgreedError*>(&error) == nullptr) {
            const bool for_a_person = dynamic_cast<const Error*>(&error) != nullptr; // a full disk, a bad file
            ranks.end(
                fmt::format("Of {}: {} The run ends; its last checkpoint is kept.", ranks.name_of(ranks.rank()), why),
                for_a_person ? 2 : 1);
        }
        orders.change([&](TrainStatus& s) {
            s.state = TrainState::failed;
            s.stage.clear();
            s.message = why;
        });
        tell_watchers();
    }
}

TrainThread::TrainThread(TrainThreadOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

TrainThread::~TrainThread() {
    impl_->orders.abandon();
    wait();
}

void TrainThread::start(const TrainOptions& options) {
    if (!status().can_start()) {
        return;
    }
    wait(); // it has said that it is done
    impl_->orders.begin(options.kimg.value_or(0));
    impl_->raw = false;
    impl_->told_points = 0;
    impl_->watchers.reset();
    impl_->published = {};
    impl_->thread = std::jthread([impl = impl_.get(), options] { impl->work(options); });
}

void TrainThread::command(TrainCommand command) {
    impl_->orders.command(command);
}

void TrainThread::want(bool weights, bool augmented) {
    impl_->orders.want(weights, augmented);
}

TrainStatus TrainThread::status() const {
    return impl_->orders.status();
}

void TrainThread::wait() {
    if (impl_->thread.joinable()) {
        impl_->thread.join();
    }
}

} // namespace atelier::train
