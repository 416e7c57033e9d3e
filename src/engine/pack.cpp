// SPDX-License-Identifier: Apache-2.0
#include "engine/pack.h"

#include <array>

#include <ATen/ops/empty.h>
#ifdef ATELIER_WITH_CUDA
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>
#endif

namespace atelier {
namespace {

std::uint8_t to_byte(float value) {
    const float scaled = value * 127.5F + 128.0F;
    // A comparison with NaN is false, so it ends at 0.
    return scaled >= 255.0F ? 255 : scaled > 0.0F ? static_cast<std::uint8_t>(scaled) : 0;
}

bool has_alpha(std::int64_t channels) {
    return channels == 2 || channels == 4;
}

#ifdef ATELIER_WITH_CUDA
bool kernel_reads(at::ScalarType type) {
    return type == at::kFloat || type == at::kHalf || type == at::kBFloat16;
}

// Never run on a device so far; the kernel itself is tested by emulation.
std::shared_ptr<const DeviceBuffer> pack_on_device(const at::Tensor& picture, PixelBuffer& out, DeviceFramePool* pool) {
    const c10::cuda::CUDAGuard guard(picture.device()); // a launch goes to the current device
    const at::Tensor img = kernel_reads(picture.scalar_type()) ? picture : picture.to(at::kFloat);
    const auto height = img.size(1), width = img.size(2);
    const cudaStream_t stream = c10::cuda::getCurrentCUDAStream().stream();
    out.alpha = has_alpha(img.size(0));
    DeviceFramePool::Lease kept;
    if (pool != nullptr)
        kept = pool->take(static_cast<int>(width), static_cast<int>(height), picture.device().index(), stream);
    at::Tensor passing;
    if (!kept)
        passing = at::empty({height, width, 4}, img.options().dtype(at::kByte));
    std::uint8_t* packed = kept ? DeviceFramePool::data(kept) : passing.mutable_data_ptr<std::uint8_t>();
    C10_CUDA_CHECK(static_cast<cudaError_t>(kernels::pack_rgba(pack_picture(img), packed, stream)));
    std::shared_ptr<const DeviceBuffer> published;
    if (kept)
        published = pool->publish(kept, stream);
    out.width = static_cast<int>(width);
    out.height = static_cast<int>(height);
    out.rgba.resize(static_cast<std::size_t>(width * height * 4));
    // Copied to the host always, whoever shows the picture: the recorder and PNG files read it there. It costs this
    // thread a fraction of a millisecond, never the UI's.
    C10_CUDA_CHECK(cudaMemcpyAsync(out.rgba.data(), packed, out.rgba.size(), cudaMemcpyDeviceToHost, stream));
    C10_CUDA_CHECK(cudaStreamSynchronize(stream));
    return published;
}
#endif

} // namespace

kernels::PackPicture pack_picture(const at::Tensor& picture) {
    kernels::PackPicture p;
    p.data = picture.const_data_ptr();
    p.dtype = picture.scalar_type() == at::kHalf       ? kernels::Dtype::float16
              : picture.scalar_type() == at::kBFloat16 ? kernels::Dtype::bfloat16
                                                       : kernels::Dtype::float32;
    p.height = picture.size(1);
    p.width = picture.size(2);
    const std::int64_t channels = picture.size(0);
    p.stride_c = channels < 3 ? 0 : picture.stride(0);
    p.offset_a = has_alpha(channels) ? (channels - 1) * picture.stride(0) : 0;
    p.stride_y = picture.stride(1);
    p.stride_x = picture.stride(2);
    return p;
}

std::shared_ptr<const DeviceBuffer> pack_rgba(const at::Tensor& picture, PixelBuffer& out,
                                              [[maybe_unused]] DeviceFramePool* device_frames) {
#ifdef ATELIER_WITH_CUDA
    if (picture.is_cuda())
        return pack_on_device(picture.select(0, 0), out, device_frames);
#endif
    out.alpha = has_alpha(picture.size(1));
    const at::Tensor img = picture.select(0, 0).to(at::kFloat).cpu();
    const auto channels = img.size(0), height = img.size(1), width = img.size(2);
    out.width = static_cast<int>(width);
    out.height = static_cast<int>(height);
    out.rgba.resize(static_cast<std::size_t>(width * height * 4));
    const float* data = img.const_data_ptr<float>();
    const bool alpha = has_alpha(channels);
    const std::int64_t colour = channels < 3 ? 0 : img.stride(0);
    const std::array<std::int64_t, 4> plane{0, colour, 2 * colour, alpha ? (channels - 1) * img.stride(0) : 0};
    const std::int64_t step = img.stride(2);
    std::uint8_t* target = out.rgba.data();
    for (std::int64_t y = 0; y < height; ++y) {
        const float* row = data + y * img.stride(1);
        for (std::int64_t x = 0; x < width; ++x, target += 4) {
            target[0] = to_byte(row[plane[0] + x * step]);
            target[1] = to_byte(row[plane[1] + x * step]);
            target[2] = to_byte(row[plane[2] + x * step]);
            target[3] = alpha ? to_byte(row[plane[3] + x * step]) : std::uint8_t{255};
        }
    }
    return nullptr;
}

} // namespace atelier
