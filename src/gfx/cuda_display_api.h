// SPDX-License-Identifier: Apache-2.0
// CudaDisplayApi: the few CUDA calls by which a device's picture reaches the window. Owned by the display ladder, used
// by the thread that owns the OpenGL context. No CUDA types: handles are CUDA's own pointers, a status its error code.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace atelier::gfx {

using CudaStatus = int; // a cudaError_t; 0 is success
using CudaHandle = void*;

// Rows of 4-byte pixels in device memory.
struct CudaRows {
    const void* data = nullptr;
    std::size_t pitch = 0; // bytes from row to row
    std::size_t bytes = 0; // of one row
    std::size_t count = 0;
};

// No call throws. Results are written only on success. What acquires, and what it is released by:
// register_texture/unregister, map/unmap, create_stream/destroy_stream, pinned_alloc/pinned_free.
class CudaDisplayApi {
public:
    virtual ~CudaDisplayApi() = default;

    // The device that draws for the current OpenGL context.
    virtual CudaStatus gl_device(int& device) = 0;
    // Streams and pinned memory of this thread belong to `device` from here on.
    virtual CudaStatus select_device(int device) = 0;
    virtual CudaStatus create_stream(CudaHandle& stream) = 0; // waits for no other stream by itself
    virtual CudaStatus destroy_stream(CudaHandle stream) = 0;

    // An RGBA8 texture with storage, of which each write replaces all. The OpenGL context must be current, here and
    // in the four calls that follow.
    virtual CudaStatus register_texture(unsigned texture, CudaHandle& resource) = 0;
    virtual CudaStatus unregister(CudaHandle resource) = 0;
    virtual CudaStatus map(CudaHandle resource, CudaHandle stream) = 0; // earlier OpenGL calls come before the stream's
    virtual CudaStatus mapped_array(CudaHandle resource, CudaHandle& array) = 0; // another with each map
    virtual CudaStatus unmap(CudaHandle resource, CudaHandle stream) = 0; // later OpenGL calls come after the stream's

    // These three are put on the stream and return at once.
    virtual CudaStatus wait_event(CudaHandle stream, CudaHandle event) = 0;
    virtual CudaStatus copy_to_array(CudaHandle array, const CudaRows& rows, CudaHandle stream) = 0;
    virtual CudaStatus copy_to_host(void* pinned, const CudaRows& rows, CudaHandle stream) = 0; // tightly packed

    virtual CudaStatus pinned_alloc(void*& memory, std::size_t bytes) = 0;
    virtual CudaStatus pinned_free(void* memory) = 0;
    virtual CudaStatus synchronize(CudaHandle stream) = 0; // waits for all that is on the stream

    virtual std::string error_text(CudaStatus status) = 0;
    virtual void clear_error() = 0; // else the next check elsewhere in the program reports it as its own
};

// CUDA's runtime; in a build without CUDA one that fails each call with that reason.
std::unique_ptr<CudaDisplayApi> make_cuda_display_api();

} // namespace atelier::gfx
