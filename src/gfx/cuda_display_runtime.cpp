// SPDX-License-Identifier: Apache-2.0
// Never run on a device so far; what calls it is tested against a fake (tests/unit/gfx_ladder_test.cpp).
#include "gfx/cuda_display_api.h"

#ifdef ATELIER_WITH_CUDA

#include <epoxy/gl.h> // before CUDA's header, which would bring the system's gl.h

#include <cuda_gl_interop.h>
#include <cuda_runtime_api.h>

namespace atelier::gfx {
namespace {

class CudaRuntime final : public CudaDisplayApi {
public:
    CudaStatus gl_device(int& device) override {
        unsigned count = 0;
        int devices[8] = {};
        const cudaError_t status = cudaGLGetDevices(&count, devices, 8, cudaGLDeviceListAll);
        if (status == cudaSuccess && count == 0)
            return cudaErrorNoDevice;
        if (status == cudaSuccess)
            device = devices[0];
        return status;
    }
    CudaStatus select_device(int device) override { return cudaSetDevice(device); }
    CudaStatus create_stream(CudaHandle& stream) override {
        cudaStream_t made = nullptr;
        const cudaError_t status = cudaStreamCreateWithFlags(&made, cudaStreamNonBlocking);
        if (status == cudaSuccess)
            stream = made;
        return status;
    }
    CudaStatus destroy_stream(CudaHandle stream) override { return cudaStreamDestroy(as_stream(stream)); }

    CudaStatus register_texture(unsigned texture, CudaHandle& resource) override {
        cudaGraphicsResource_t made = nullptr;
        const cudaError_t status =
            cudaGraphicsGLRegisterImage(&made, texture, GL_TEXTURE_2D, cudaGraphicsRegisterFlagsWriteDiscard);
        if (status == cudaSuccess)
            resource = made;
        return status;
    }
    CudaStatus unregister(CudaHandle resource) override {
        return cudaGraphicsUnregisterResource(as_resource(resource));
    }
    CudaStatus map(CudaHandle resource, CudaHandle stream) override {
        cudaGraphicsResource_t one = as_resource(resource);
        return cudaGraphicsMapResources(1, &one, as_stream(stream));
    }
    CudaStatus mapped_array(CudaHandle resource, CudaHandle& array) override {
        cudaArray_t found = nullptr;
        const cudaError_t status = cudaGraphicsSubResourceGetMappedArray(&found, as_resource(resource), 0, 0);
        if (status == cudaSuccess)
            array = found;
        return status;
    }
    CudaStatus unmap(CudaHandle resource, CudaHandle stream) override {
        cudaGraphicsResource_t one = as_resource(resource);
        return cudaGraphicsUnmapResources(1, &one, as_stream(stream));
    }

    CudaStatus wait_event(CudaHandle stream, CudaHandle event) override {
        return cudaStreamWaitEvent(as_stream(stream), static_cast<cudaEvent_t>(event), 0);
    }
    CudaStatus copy_to_array(CudaHandle array, const CudaRows& rows, CudaHandle stream) override {
        return cudaMemcpy2DToArrayAsync(static_cast<cudaArray_t>(array), 0, 0, rows.data, rows.pitch, rows.bytes,
                                        rows.count, cudaMemcpyDeviceToDevice, as_stream(stream));
    }
    CudaStatus copy_to_host(void* pinned, const CudaRows& rows, CudaHandle stream) override {
        return cudaMemcpy2DAsync(pinned, rows.bytes, rows.data, rows.pitch, rows.bytes, rows.count,
                                 cudaMemcpyDeviceToHost, as_stream(stream));
    }

    CudaStatus pinned_alloc(void*& memory, std::size_t bytes) override {
        void* made = nullptr;
        const cudaError_t status = cudaMallocHost(&made, bytes);
        if (status == cudaSuccess)
            memory = made;
        return status;
    }
    CudaStatus pinned_free(void* memory) override { return cudaFreeHost(memory); }
    CudaStatus synchronize(CudaHandle stream) override { return cudaStreamSynchronize(as_stream(stream)); }

    std::string error_text(CudaStatus status) override { return cudaGetErrorString(static_cast<cudaError_t>(status)); }
    void clear_error() override { cudaGetLastError(); }

private:
    static cudaStream_t as_stream(CudaHandle stream) { return static_cast<cudaStream_t>(stream); }
    static cudaGraphicsResource_t as_resource(CudaHandle resource) {
        return static_cast<cudaGraphicsResource_t>(resource);
    }
};

} // namespace

std::unique_ptr<CudaDisplayApi> make_cuda_display_api() {
    return std::make_unique<CudaRuntime>();
}

} // namespace atelier::gfx

#else

namespace atelier::gfx {
namespace {

class NoCuda final : public CudaDisplayApi {
public:
    CudaStatus gl_device(int&) override { return 1; }
    CudaStatus select_device(int) override { return 1; }
    CudaStatus create_stream(CudaHandle&) override { return 1; }
    CudaStatus destroy_stream(CudaHandle) override { return 1; }
    CudaStatus register_texture(unsigned, CudaHandle&) override { return 1; }
    CudaStatus unregister(CudaHandle) override { return 1; }
    CudaStatus map(CudaHandle, CudaHandle) override { return 1; }
    CudaStatus mapped_array(CudaHandle, CudaHandle&) override { return 1; }
    CudaStatus unmap(CudaHandle, CudaHandle) override { return 1; }
    CudaStatus wait_event(CudaHandle, CudaHandle) override { return 1; }
    CudaStatus copy_to_array(CudaHandle, const CudaRows&, CudaHandle) override { return 1; }
    CudaStatus copy_to_host(void*, const CudaRows&, CudaHandle) override { return 1; }
    CudaStatus pinned_alloc(void*&, std::size_t) override { return 1; }
    CudaStatus pinned_free(void*) override { return 1; }
    CudaStatus synchronize(CudaHandle) override { return 1; }
    std::string error_text(CudaStatus) override { return "this build has no CUDA"; }
    void clear_error() override {}
};

} // namespace

std::unique_ptr<CudaDisplayApi> make_cuda_display_api() {
    return std::make_unique<NoCuda>();
}

} // namespace atelier::gfx

#endif
