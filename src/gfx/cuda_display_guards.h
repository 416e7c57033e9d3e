// SPDX-License-Identifier: Apache-2.0
// What the rungs hold of CUDA, each released exactly once: by name, which throws Error, or by the destructor, which
// ignores a failure. Internal to gfx.
#pragma once

#include <utility>

#include "base/error.h"
#include "gfx/cuda_display_api.h"

namespace atelier::gfx {

// Throws Error "<call>: <reason>" for a status other than success, and takes the error out of CUDA's own memory.
inline void check(CudaDisplayApi& cuda, CudaStatus status, const char* call) {
    if (status != 0) {
        const std::string reason = cuda.error_text(status);
        cuda.clear_error();
        fail("{}: {}", call, reason);
    }
}

// A failed release while something else is undone: nothing can be done about it.
inline void ignore(CudaDisplayApi& cuda, CudaStatus status) noexcept {
    if (status != 0)
        cuda.clear_error();
}

class CudaStream {
public:
    explicit CudaStream(CudaDisplayApi& cuda) : cuda_(cuda) { check(cuda, cuda.create_stream(stream_), "stream"); }
    ~CudaStream() { ignore(cuda_, cuda_.destroy_stream(stream_)); }
    CudaStream(const CudaStream&) = delete;
    CudaStream& operator=(const CudaStream&) = delete;
    CudaHandle get() const { return stream_; }

private:
    CudaDisplayApi& cuda_;
    CudaHandle stream_ = nullptr;
};

class RegisteredTexture {
public:
    RegisteredTexture(CudaDisplayApi& cuda, unsigned texture) : cuda_(cuda) {
        check(cuda, cuda.register_texture(texture, resource_), "registering the texture");
    }
    ~RegisteredTexture() {
        if (resource_ != nullptr)
            ignore(cuda_, cuda_.unregister(resource_));
    }
    RegisteredTexture(const RegisteredTexture&) = delete;
    RegisteredTexture& operator=(const RegisteredTexture&) = delete;
    CudaHandle get() const { return resource_; }
    void unregister() {
        CudaHandle resource = nullptr;
        std::swap(resource, resource_);
        check(cuda_, cuda_.unregister(resource), "unregistering the texture");
    }

private:
    CudaDisplayApi& cuda_;
    CudaHandle resource_ = nullptr;
};

class Mapping {
public:
    Mapping(CudaDisplayApi& cuda, CudaHandle resource, CudaHandle stream)
        : cuda_(cuda), resource_(resource), stream_(stream) {
        check(cuda, cuda.map(resource, stream), "mapping the texture");
    }
    ~Mapping() {
        if (resource_ != nullptr)
            ignore(cuda_, cuda_.unmap(resource_, stream_));
    }
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    void unmap() {
        CudaHandle resource = nullptr;
        std::swap(resource, resource_);
        check(cuda_, cuda_.unmap(resource, stream_), "unmapping the texture");
    }

private:
    CudaDisplayApi& cuda_;
    CudaHandle resource_;
    CudaHandle stream_;
};

class PinnedMemory {
public:
    PinnedMemory(CudaDisplayApi& cuda, std::size_t bytes) : cuda_(cuda) {
        check(cuda, cuda.pinned_alloc(memory_, bytes), "pinned memory");
    }
    ~PinnedMemory() { ignore(cuda_, cuda_.pinned_free(memory_)); }
    PinnedMemory(const PinnedMemory&) = delete;
    PinnedMemory& operator=(const PinnedMemory&) = delete;
    void* get() const { return memory_; }

private:
    CudaDisplayApi& cuda_;
    void* memory_ = nullptr;
};

} // namespace atelier::gfx
