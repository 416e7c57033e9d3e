// SPDX-License-Identifier: Apache-2.0
#include "gfx/display_rungs.h"

#include <array>
#include <optional>

#include "gfx/cuda_display_guards.h"

namespace atelier::gfx {
namespace {

CudaRows rows_of(const DeviceBuffer& picture) {
    return {picture.data, picture.pitch, static_cast<std::size_t>(picture.width) * 4,
            static_cast<std::size_t>(picture.height)};
}

class InteropRung final : public DisplayRung {
public:
    InteropRung(CudaDisplayApi& cuda, DisplayGl& gl) : cuda_(cuda), gl_(gl) {}
    ~InteropRung() override {
        for (Slot& slot : slots_) {
            slot.registered.reset(); // before the texture goes
            if (slot.shown.texture != 0)
                gl_.delete_texture(slot.shown.texture);
        }
    }
    InteropRung(const InteropRung&) = delete;
    InteropRung& operator=(const InteropRung&) = delete;

    ShownTexture show(const DeviceBuffer& picture) override {
        begin(picture.device);
        Slot& slot = slots_[next_];
        fit(slot, picture.width, picture.height);
        Mapping mapping(cuda_, slot.registered->get(), stream_->get());
        CudaHandle array = nullptr; // may be another with each mapping
        check(cuda_, cuda_.mapped_array(slot.registered->get(), array), "the mapped array");
        check(cuda_, cuda_.wait_event(stream_->get(), picture.ready), "waiting for the picture");
        check(cuda_, cuda_.copy_to_array(array, rows_of(picture), stream_->get()), "copying to the texture");
        if (picture.consumed)
            picture.consumed(stream_->get()); // now, for the copy is under way whatever becomes of the unmapping
        mapping.unmap();
        next_ ^= 1; // the next picture is written while OpenGL may still read this one
        return slot.shown;
    }

    void forget_gl() noexcept override {
        for (Slot& slot : slots_)
            slot.shown = {};
    }

private:
    struct Slot {
        ShownTexture shown;
        std::optional<RegisteredTexture> registered;
    };

    void begin(int device) {
        if (!device_) {
            int drawing = -1;
            check(cuda_, cuda_.gl_device(drawing), "the device of OpenGL");
            device_ = drawing;
        }
        if (*device_ != device)
            fail("OpenGL draws on CUDA device {}, the pictures are on {}", *device_, device);
        if (!stream_) {
            check(cuda_, cuda_.select_device(device), "choosing the device");
            stream_.emplace(cuda_);
        }
    }

    // Registering is the expensive call: once per size.
    void fit(Slot& slot, int width, int height) {
        if (slot.registered && slot.shown.width == width && slot.shown.height == height)
            return;
        if (slot.registered) {
            slot.registered->unregister();
            slot.registered.reset();
            gl_.delete_texture(std::exchange(slot.shown, {}).texture);
        }
        slot.shown = {gl_.create_texture(width, height), width, height};
        slot.registered.emplace(cuda_, slot.shown.texture);
    }

    CudaDisplayApi& cuda_;
    DisplayGl& gl_;
    std::optional<int> device_;
    std::optional<CudaStream> stream_;
    std::array<Slot, 2> slots_; // destroyed before the stream
    std::size_t next_ = 0;
};

class StagingRung final : public DisplayRung {
public:
    StagingRung(CudaDisplayApi& cuda, DisplayGl& gl) : cuda_(cuda), texture_(gl) {}

    ShownTexture show(const DeviceBuffer& picture) override {
        if (!stream_ || device_ != picture.device) {
            stream_.reset();
            check(cuda_, cuda_.select_device(picture.device), "choosing the device");
            stream_.emplace(cuda_);
            device_ = picture.device;
        }
        const CudaRows rows = rows_of(picture);
        if (!memory_ || bytes_ < rows.bytes * rows.count) {
            memory_.reset();
            bytes_ = rows.bytes * rows.count;
            memory_.emplace(cuda_, bytes_);
        }
        check(cuda_, cuda_.wait_event(stream_->get(), picture.ready), "waiting for the picture");
        check(cuda_, cuda_.copy_to_host(memory_->get(), rows, stream_->get()), "copying to pinned memory");
        if (picture.consumed)
            picture.consumed(stream_->get());
        check(cuda_, cuda_.synchronize(stream_->get()), "waiting for the copy");
        return texture_.show(picture.width, picture.height, static_cast<const std::uint8_t*>(memory_->get()));
    }

    void forget_gl() noexcept override { texture_.forget(); }

private:
    CudaDisplayApi& cuda_;
    HostTexture texture_;
    int device_ = 0;
    std::size_t bytes_ = 0;
    std::optional<PinnedMemory> memory_;
    std::optional<CudaStream> stream_; // destroyed first
};

} // namespace

HostTexture::~HostTexture() {
    if (shown_.texture != 0)
        gl_.delete_texture(shown_.texture);
}

ShownTexture HostTexture::show(int width, int height, const std::uint8_t* rgba) {
    if (shown_.width != width || shown_.height != height) {
        if (shown_.texture != 0)
            gl_.delete_texture(std::exchange(shown_, {}).texture);
        shown_ = {gl_.create_texture(width, height), width, height};
    }
    gl_.write_texture(shown_.texture, width, height, rgba);
    return shown_;
}

std::unique_ptr<DisplayRung> make_interop_rung(CudaDisplayApi& cuda, DisplayGl& gl) {
    return std::make_unique<InteropRung>(cuda, gl);
}

std::unique_ptr<DisplayRung> make_staging_rung(CudaDisplayApi& cuda, DisplayGl& gl) {
    return std::make_unique<StagingRung>(cuda, gl);
}

} // namespace atelier::gfx
