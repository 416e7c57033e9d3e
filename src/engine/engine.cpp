// SPDX-License-Identifier: Apache-2.0
#include "engine/engine.h"

#include <utility>

#include "base/error.h"
#include "engine/engine_impl.h"
#include "engine/weights.h"
#include "ops/device.h"

namespace atelier {

void Engine::Impl::play(std::shared_ptr<const LoadedModel> model) {
    status.info = model->shared_info();
    status.device = describe_device(model->weights().device);
    releaser.release(std::exchange(playing, model));
    releaser.release(std::exchange(inbox.model, std::move(model)));
    inbox.model_ticket = status.playing;
}

void Engine::Impl::prepare(const LoadedModel& model) {
    bool same = false; // else the first picture comes in fp32
    {
        const std::lock_guard lock(mutex);
        same = playing && Renderer::same_shape(*playing, model);
    }
    model.prepare(same ? viewed.load() : Precision::fp32);
}

void Engine::Impl::load(std::uint64_t ticket, const std::filesystem::path& path, const std::stop_token& stop) {
    std::shared_ptr<const LoadedModel> opened;
    std::string problem;
    try {
        opened = load_model(path, options.device, stop);
        if (!opened) {
            return; // a newer load has been asked for
        }
        prepare(*opened);
    } catch (const std::exception& error) {
        problem = message_of(error);
    }
    {
        const std::lock_guard lock(mutex);
        if (ticket != status.ticket) {
            return; // a newer load has been asked for
        }
        if (opened) {
            releaser.release(std::exchange(loaded, opened));
            status.state = LoadState::ready;
            status.message.clear();
            status.playing = ticket;
            status.block_ms.clear();
            play(std::move(opened));
        } else {
            status.state = LoadState::failed;
            status.message = problem;
        }
    }
    wake.notify_all();
}

Engine::Engine(EngineOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Engine::~Engine() = default;

std::uint64_t Engine::load(const std::filesystem::path& path) {
    std::uint64_t ticket = 0;
    {
        const std::lock_guard lock(impl_->mutex);
        ticket = impl_->next_ticket++;
        impl_->status.ticket = ticket;
        impl_->status.state = LoadState::loading;
        impl_->status.message.clear();
    }
    impl_->loading.start([impl = impl_.get(), ticket, path](const auto&, const std::stop_token& stop) {
        impl->load(ticket, path, stop);
        return true;
    });
    return ticket;
}

LoadStatus Engine::load_status() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->status;
}

void Engine::show(std::shared_ptr<const LoadedModel> model) {
    {
        const std::lock_guard lock(impl_->mutex);
        if (!model) {
            if (!impl_->loaded || impl_->playing == impl_->loaded) {
                return;
            }
            model = impl_->loaded;
        }
        if (impl_->status.playing == 0) { // the first model there is
            impl_->status.playing = impl_->next_ticket++;
        }
        if (impl_->status.state == LoadState::none) {
            impl_->status.state = LoadState::ready;
        }
        impl_->play(std::move(model));
    }
    impl_->wake.notify_all();
}

void Engine::prepare(const LoadedModel& model) const {
    impl_->prepare(model);
}

void Engine::set_compare(std::shared_ptr<const LoadedModel> model) {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->inbox.compare = std::move(model);
    }
    impl_->wake.notify_all();
}

void Engine::set_frame_budget(double ms) {
    impl_->frame_budget_ms = ms;
}

void Engine::set_params(const RenderParams& params, bool moving) {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->inbox.params = params;
        impl_->inbox.moving = moving;
    }
    impl_->wake.notify_all();
}

void Engine::on_frame(std::function<void()> told) {
    const std::lock_guard lock(impl_->told_mutex);
    impl_->told = std::move(told);
}

std::optional<Frame> Engine::take_frame() {
    return impl_->frames.take();
}

void Engine::request_thumbnails(std::vector<ThumbnailRequest> requests, int size) {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->thumbnails.request(std::move(requests), size);
    }
    impl_->wake.notify_all();
}

std::vector<Thumbnail> Engine::take_thumbnails() {
    return impl_->thumbnails.take();
}

std::shared_ptr<const LoadedModel> Engine::model() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->playing;
}

} // namespace atelier
