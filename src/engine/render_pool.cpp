// SPDX-License-Identifier: Apache-2.0
#include "engine/render_pool.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "engine/renderer.h"
#include "engine/weights.h"
#include "ops/threads.h"

namespace atelier {
namespace {

struct Job {
    RenderOrder order;
    PixelBuffer picture;
    std::exception_ptr error;
    bool done = false;
};

int longer_side(const ModelInfo& model) {
    return std::max(model.width, model.height);
}

} // namespace

struct RenderPool::Impl {
    const int cores = operation_threads();
    std::mutex mutex;
    std::condition_variable work, finished;
    std::deque<std::shared_ptr<Job>> waiting;
    bool ending = false;
    std::vector<std::jthread> threads;
    int side = 0; // of the pictures that the threads were started for; 0: there are none
    // What Precision::model means for a model.
    std::map<std::shared_ptr<const LoadedModel>, Precision> precisions;

    ~Impl() { end(); }

    void start(const LoadedModel& model, int pictures) {
        const bool cpu = model.weights().device.is_cpu();
        const int count = cpu ? std::min(pictures, pictures_at_once(longer_side(model.info()), cores)) : 1;
        ending = false;
        side = longer_side(model.info());
        for (int i = 0; i < count; ++i) {
            threads.emplace_back([this, own = std::max(1, cores / count + (i < cores % count ? 1 : 0))] {
                set_operation_threads(own);
                work_on();
            });
        }
    }
    void end() {
        {
            const std::lock_guard lock(mutex);
            ending = true;
            waiting.clear();
        }
        work.notify_all();
        threads.clear();
        side = 0;
    }
    void work_on() {
        std::unique_ptr<Renderer> renderer;
        while (true) {
            std::shared_ptr<Job> job;
            {
                std::unique_lock lock(mutex);
                work.wait(lock, [&] { return ending || !waiting.empty(); });
                if (ending)
                    return;
                job = std::move(waiting.front());
                waiting.pop_front();
            }
            try {
                if (!renderer || &renderer->model() != job->order.model.get())
                    renderer = std::make_unique<Renderer>(job->order.model);
                renderer->render(job->order.params, job->picture);
            } catch (...) {
                job->error = std::current_exception();
            }
            {
                const std::lock_guard lock(mutex);
                job->done = true;
            }
            finished.notify_all();
        }
    }
    // Whether the pictures under way have to be done first: to measure, or for another number of threads.
    bool needs_rest(const RenderOrder& order) const {
        return longer_side(order.model->info()) != side ||
               (order.params.precision == Precision::model && !precisions.contains(order.model));
    }
    std::shared_ptr<Job> submit(RenderOrder order, int pictures) {
        if (order.params.precision == Precision::model) {
            auto found = precisions.find(order.model);
            if (found == precisions.end())
                found = precisions.emplace(order.model, Renderer(order.model).precision_of(order.params)).first;
            order.params.precision = found->second;
        }
        if (longer_side(order.model->info()) != side) {
            end();
            start(*order.model, pictures);
        }
        auto job = std::make_shared<Job>();
        job->order = std::move(order);
        {
            const std::lock_guard lock(mutex);
            waiting.push_back(job);
        }
        work.notify_one();
        return job;
    }
    void wait_for(const Job& job) {
        std::unique_lock lock(mutex);
        finished.wait(lock, [&] { return job.done; });
    }
};

int pictures_at_once(int side, int cores) {
    const int most = side <= 128 ? 64 : side <= 256 ? 16 : side <= 512 ? 6 : 3;
    return std::clamp(cores, 1, most);
}

RenderPool::RenderPool() : impl_(std::make_unique<Impl>()) {}
RenderPool::~RenderPool() = default;

int RenderPool::run(int count, const std::function<RenderOrder(int)>& order,
                    const std::function<void(int, PixelBuffer&)>& done, std::stop_token stop) {
    std::deque<std::shared_ptr<Job>> ahead;
    std::optional<RenderOrder> next; // ordered, and waiting for those before it
    std::exception_ptr no_more;      // the orders ended early: what was ordered before is still done
    int ordered = 0, finished = 0;
    const auto fill = [&] {
        // One for each thread to work on and one more for whoever is ready first.
        while (!no_more && (next || ordered < count) && !stop.stop_requested() &&
               ahead.size() < std::max<std::size_t>(2, impl_->threads.size() + 1)) {
            try {
                if (!next) {
                    next = order(ordered);
                    ++ordered;
                }
                if (!ahead.empty() && impl_->needs_rest(*next))
                    return;
                ahead.push_back(impl_->submit(std::move(*next), count));
            } catch (...) {
                no_more = std::current_exception();
            }
            next.reset();
        }
    };
    try {
        for (fill(); !ahead.empty() && !stop.stop_requested(); fill(), ++finished) {
            const std::shared_ptr<Job> job = std::move(ahead.front());
            ahead.pop_front();
            impl_->wait_for(*job);
            if (job->error)
                std::rethrow_exception(job->error);
            done(finished, job->picture);
        }
    } catch (...) {
        impl_->end(); // what was ordered ahead is of no use
        throw;
    }
    impl_->end();
    if (no_more && !stop.stop_requested())
        std::rethrow_exception(no_more);
    return finished;
}

} // namespace atelier
