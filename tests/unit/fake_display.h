// SPDX-License-Identifier: Apache-2.0
// A fake of CUDA and of OpenGL for the display ladder: writes down every call, lets a chosen one fail, and knows what
// is held and what would be undefined.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gfx/display_ladder.h"

namespace atelier::test {

using gfx::CudaHandle;
using gfx::CudaRows;
using gfx::CudaStatus;
using gfx::DisplayLadder;
using gfx::DisplayPath;

// What CUDA and OpenGL hold and were asked, outliving the ladder.
struct World {
    std::vector<std::string> calls; // of CUDA, OpenGL and the engine's `consumed`, in order
    int cuda_calls = 0;
    int fail_at = 0; // the number of the CUDA call that fails; 0: none
    bool keep_failing = false;
    std::string failed;           // name of the first call that failed
    std::size_t failed_index = 0; // of it in `calls`
    int gl_device = 0;
    bool error_kept = false; // that a failed call leaves in CUDA
    bool misuse = false;     // what CUDA or OpenGL would call undefined

    std::set<CudaHandle> streams, resources, mapped, pinned;
    std::map<CudaHandle, unsigned> texture_of;
    std::map<unsigned, std::uint8_t> textures; // name -> first byte of its content
    std::map<CudaHandle, std::uint8_t> arriving;
    unsigned names = 0;
    std::uintptr_t handles = 0x1000;
    std::vector<std::unique_ptr<std::uint8_t[]>> memory;

    CudaHandle handle() { return reinterpret_cast<CudaHandle>(handles += 16); }

    // False when this call is to fail.
    bool call(const std::string& name) {
        calls.push_back(name);
        ++cuda_calls;
        if (fail_at > 0 && (cuda_calls == fail_at || (keep_failing && cuda_calls > fail_at))) {
            if (failed.empty()) {
                failed = name;
                failed_index = calls.size() - 1;
            }
            error_kept = true;
            return false;
        }
        return true;
    }
    void demand(bool right) { misuse = misuse || !right; }
    // Times a call was made.
    long count(const std::string& name) const { return std::count(calls.begin(), calls.end(), name); }
    bool nothing_left() const {
        return streams.empty() && resources.empty() && mapped.empty() && pinned.empty() && textures.empty();
    }
};

// A release that fails counts as done: the ladder can't do more than try it once.
class FakeCuda final : public gfx::CudaDisplayApi {
public:
    explicit FakeCuda(World& world) : w_(world) {}

    CudaStatus gl_device(int& device) override {
        if (!w_.call("gl_device"))
            return 304;
        device = w_.gl_device;
        return 0;
    }
    CudaStatus select_device(int device) override {
        selected_ = device;
        return w_.call("select_device") ? 0 : 304;
    }
    CudaStatus create_stream(CudaHandle& stream) override {
        if (!w_.call("create_stream"))
            return 304;
        w_.demand(selected_ == 0); // where the pictures are
        w_.streams.insert(stream = w_.handle());
        return 0;
    }
    CudaStatus destroy_stream(CudaHandle stream) override {
        w_.demand(w_.streams.erase(stream) == 1);
        return w_.call("destroy_stream") ? 0 : 304;
    }
    CudaStatus register_texture(unsigned texture, CudaHandle& resource) override {
        w_.demand(w_.textures.contains(texture));
        if (!w_.call("register"))
            return 304;
        w_.resources.insert(resource = w_.handle());
        w_.texture_of[resource] = texture;
        return 0;
    }
    CudaStatus unregister(CudaHandle resource) override {
        w_.demand(w_.resources.erase(resource) == 1 && !w_.mapped.contains(resource));
        w_.texture_of.erase(resource);
        return w_.call("unregister") ? 0 : 304;
    }
    CudaStatus map(CudaHandle resource, CudaHandle stream) override {
        w_.demand(w_.resources.contains(resource) && !w_.mapped.contains(resource) && w_.streams.contains(stream));
        if (!w_.call("map"))
            return 304;
        w_.mapped.insert(resource);
        return 0;
    }
    CudaStatus mapped_array(CudaHandle resource, CudaHandle& array) override {
        w_.demand(w_.mapped.contains(resource));
        array = resource;
        return w_.call("array") ? 0 : 304;
    }
    CudaStatus unmap(CudaHandle resource, CudaHandle stream) override {
        w_.demand(w_.mapped.erase(resource) == 1 && w_.streams.contains(stream));
        return w_.call("unmap") ? 0 : 304;
    }
    CudaStatus wait_event(CudaHandle stream, CudaHandle event) override {
        w_.demand(w_.streams.contains(stream) && event != nullptr);
        return w_.call("wait") ? 0 : 304;
    }
    CudaStatus copy_to_array(CudaHandle array, const CudaRows& rows, CudaHandle stream) override {
        w_.demand(w_.mapped.contains(array) && w_.streams.contains(stream) && rows.pitch >= rows.bytes);
        if (!w_.call("copy_to_array"))
            return 304;
        w_.textures[w_.texture_of.at(array)] = *static_cast<const std::uint8_t*>(rows.data);
        return 0;
    }
    CudaStatus copy_to_host(void* pinned, const CudaRows& rows, CudaHandle stream) override {
        w_.demand(w_.pinned.contains(pinned) && w_.streams.contains(stream));
        if (!w_.call("copy_to_host"))
            return 304;
        for (std::size_t y = 0; y < rows.count; ++y) {
            std::copy_n(static_cast<const std::uint8_t*>(rows.data) + y * rows.pitch, rows.bytes,
                        static_cast<std::uint8_t*>(pinned) + y * rows.bytes);
        }
        return 0;
    }
    CudaStatus pinned_alloc(void*& memory, std::size_t bytes) override {
        if (!w_.call("pinned_alloc"))
            return 304;
        w_.memory.push_back(std::make_unique<std::uint8_t[]>(bytes));
        w_.pinned.insert(memory = w_.memory.back().get());
        return 0;
    }
    CudaStatus pinned_free(void* memory) override {
        w_.demand(w_.pinned.erase(memory) == 1);
        return w_.call("pinned_free") ? 0 : 304;
    }
    CudaStatus synchronize(CudaHandle stream) override {
        w_.demand(w_.streams.contains(stream));
        return w_.call("synchronize") ? 0 : 304;
    }
    std::string error_text(CudaStatus status) override { return "error " + std::to_string(status); }
    void clear_error() override { w_.error_kept = false; }

private:
    World& w_;
    int selected_ = -1;
};

class FakeGl final : public gfx::DisplayGl {
public:
    explicit FakeGl(World& world) : w_(world) {}
    unsigned create_texture(int, int) override {
        w_.calls.emplace_back("create_texture");
        w_.textures[++w_.names] = 0;
        return w_.names;
    }
    void delete_texture(unsigned texture) noexcept override {
        w_.calls.emplace_back("delete_texture");
        for (const auto& [resource, name] : w_.texture_of)
            w_.demand(name != texture); // still registered
        w_.demand(w_.textures.erase(texture) == 1);
    }
    void write_texture(unsigned texture, int, int, const std::uint8_t* rgba) override {
        w_.calls.emplace_back("write_texture");
        w_.demand(w_.textures.contains(texture));
        w_.textures[texture] = rgba[0];
    }
    void forget() noexcept override {
        w_.calls.emplace_back("forget");
        w_.textures.clear();
    }

private:
    World& w_;
};

inline std::unique_ptr<DisplayLadder> make_ladder(World& world, DisplayPath top = DisplayPath::interop,
                                                  bool asked_for = false) {
    return std::make_unique<DisplayLadder>(std::make_unique<FakeCuda>(world), std::make_unique<FakeGl>(world), top,
                                           asked_for);
}

enum class Memory { both, device, host };

// A picture of 16 rows whose bytes are all `value`.
inline Frame picture(World& world, std::uint8_t value, int width = 16, Memory in = Memory::both) {
    Frame frame;
    const std::size_t pitch = static_cast<std::size_t>(width) * 4 + 64;
    if (in != Memory::device) {
        frame.pixels = std::make_shared<PixelBuffer>(
            PixelBuffer{width, 16, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * 64, value)});
    }
    if (in != Memory::host) {
        world.memory.push_back(std::make_unique<std::uint8_t[]>(pitch * 16));
        std::fill_n(world.memory.back().get(), pitch * 16, value);
        DeviceBuffer device;
        device.data = world.memory.back().get();
        device.pitch = pitch;
        device.width = width;
        device.height = 16;
        device.ready = &world;
        device.consumed = [&world](void* stream) {
            world.demand(world.streams.contains(stream));
            world.calls.emplace_back("consumed");
        };
        frame.device = std::make_shared<DeviceBuffer>(device);
    }
    return frame;
}

} // namespace atelier::test
