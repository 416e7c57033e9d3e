// SPDX-License-Identifier: Apache-2.0
// Recording a GPU's work by CUDA's own calls; torch's class for it lies in the library that is loaded only with a
// driver. Never run on a device so far.
#include "engine/picture_graphs.h"

#ifdef ATELIER_WITH_CUDA
#include <atomic>

#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>
#endif

namespace atelier {

#ifdef ATELIER_WITH_CUDA
namespace {

using Pool = c10::MempoolId_t;

struct CudaRecording {
    cudaGraphExec_t graph = nullptr;
    c10::DeviceIndex device = 0;
    Pool pool;
    ~CudaRecording() {
        if (graph != nullptr)
            cudaGraphExecDestroy(graph);
        c10::cuda::CUDACachingAllocator::releasePool(device, pool);
    }
};

class CudaGraphCalls final : public GraphCalls {
public:
    explicit CudaGraphCalls(c10::Device device) : device_(device) {}

    void begin() override {
        const c10::cuda::CUDAGuard guard(device_);
        stream_ = c10::cuda::getCurrentCUDAStream().stream();
        pool_ = {0, ++pools};
        recording_ = std::make_shared<CudaRecording>();
        recording_->device = device_.index();
        recording_->pool = pool_;
        // A recording's tensors keep their place for as long as it lives: memory of its own.
        c10::cuda::CUDACachingAllocator::beginAllocateToPool(device_.index(), pool_,
                                                             [mine = stream_](cudaStream_t s) { return s == mine; });
        if (const cudaError_t status = cudaStreamBeginCapture(stream_, cudaStreamCaptureModeThreadLocal);
            status != cudaSuccess) {
            close_pool();
            C10_CUDA_CHECK(status);
        }
    }
    std::shared_ptr<void> end() override {
        cudaGraph_t graph = nullptr;
        const cudaError_t ended = cudaStreamEndCapture(stream_, &graph);
        const auto made = std::move(recording_);
        c10::cuda::CUDACachingAllocator::endAllocateToPool(device_.index(), pool_);
        C10_CUDA_CHECK(ended);
        const cudaError_t ready = cudaGraphInstantiate(&made->graph, graph, 0);
        cudaGraphDestroy(graph);
        C10_CUDA_CHECK(ready);
        return made;
    }
    void abandon() noexcept override {
        cudaGraph_t graph = nullptr;
        if (cudaStreamEndCapture(stream_, &graph) == cudaSuccess && graph != nullptr)
            cudaGraphDestroy(graph);
        cudaGetLastError(); // so that torch doesn't report it as its own
        close_pool();
    }
    void repeat(void* recording) override {
        const c10::cuda::CUDAGuard guard(device_);
        C10_CUDA_CHECK(
            cudaGraphLaunch(static_cast<CudaRecording*>(recording)->graph, c10::cuda::getCurrentCUDAStream().stream()));
    }

private:
    void close_pool() {
        c10::cuda::CUDACachingAllocator::endAllocateToPool(device_.index(), pool_);
        recording_.reset();
    }

    static inline std::atomic<c10::CaptureId_t> pools = c10::CaptureId_t{1} << 40; // far from torch's own numbers
    c10::Device device_;
    cudaStream_t stream_ = nullptr;
    Pool pool_;
    std::shared_ptr<CudaRecording> recording_;
};

} // namespace

std::shared_ptr<GraphCalls> make_graph_calls(c10::Device device) {
    return device.is_cuda() ? std::make_shared<CudaGraphCalls>(device) : nullptr;
}
#else
std::shared_ptr<GraphCalls> make_graph_calls(c10::Device) {
    return nullptr;
}
#endif

} // namespace atelier
