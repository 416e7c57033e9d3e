// SPDX-License-Identifier: Apache-2.0
// Ranks whose gradients stay on the GPUs: their sums go by NCCL, through LibTorch's own bindings, on one stream that
// does nothing else. In a library of its own, since it needs torch's part for CUDA, which the program loads only where
// there is a driver. Everything else (texts, sums of what lies on the CPU, who has not come) is left to the ranks it is
// made of.
//
// It has been compiled, and never run on more than what tests/unit/nccl_ranks_test.cpp asks for.
#include <chrono>
#include <cstring>
#include <thread>

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <ATen/cuda/CUDAEvent.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <fmt/format.h>
#include <torch/csrc/cuda/nccl.h>

#include "train/ranks.h"

namespace atelier::train {
namespace {

namespace nccl = torch::cuda::nccl;

constexpr std::int64_t bucket = std::int64_t{4} << 20; // elements that are reduced at once

class NcclRanks final : public Ranks {
public:
    NcclRanks(Ranks& others, c10::Device device)
        : others_(others), stream_(c10::cuda::getStreamFromPool(true, device.index())) {
        const c10::cuda::CUDAGuard guard(device);
        nccl::ncclUniqueId id{};
        if (others_.first()) {
            nccl::get_unique_id(id);
        }
        const std::string first = others_.gather({id.internal, sizeof(id.internal)}).front();
        std::memcpy(id.internal, first.data(), sizeof(id.internal));
        communicator_ = nccl::comm_init_rank(others_.size(), id, others_.rank());
        others_.before_end = [this](const std::string& sentence) {
            if (before_end) {
                before_end(sentence);
            }
        };
    }
    ~NcclRanks() override {
        others_.before_end = nullptr;
        try {
            nccl::comm_destroy(communicator_);
        } catch (const std::exception&) {
            // the process is about to end
        }
    }
    NcclRanks(const NcclRanks&) = delete;
    NcclRanks& operator=(const NcclRanks&) = delete;

    int rank() const override { return others_.rank(); }
    int size() const override { return others_.size(); }
    int local_rank() const override { return others_.local_rank(); }
    int local_size() const override { return others_.local_size(); }
    double limit() const override { return others_.limit(); }
    std::vector<std::string> gather(const std::string& mine) override { return others_.gather(mine); }
    std::vector<std::string> gather_at_first(const std::string& mine) override { return others_.gather_at_first(mine); }
    std::string name_of(int rank) const override { return others_.name_of(rank); }
    double waited() const override { return others_.waited() + waited_; }

    void sum(const std::vector<at::Tensor>& tensors) override {
        std::vector<at::Tensor> here, elsewhere;
        for (const at::Tensor& tensor : tensors) {
            (tensor.is_cuda() ? here : elsewhere).push_back(tensor);
        }
        if (!elsewhere.empty()) {
            others_.sum(elsewhere);
        }
        if (!here.empty()) {
            sum_here(here);
        }
    }

private:
    void tell_and_end(const std::string& sentence, int code) override { others_.end(sentence, code); }

    void sum_here(const std::vector<at::Tensor>& tensors) {
        const at::NoGradGuard no_grad;
        const auto begin = std::chrono::steady_clock::now();
        at::cuda::CUDAEvent ready, done;
        ready.record(c10::cuda::getCurrentCUDAStream(stream_.device_index()));
        ready.block(stream_);
        {
            const c10::cuda::CUDAStreamGuard guard(stream_);
            std::vector<at::Tensor> parts;
            std::int64_t size = 0;
            for (const at::Tensor& tensor : tensors) {
                if (size > 0 && size + tensor.numel() > bucket) {
                    reduce(parts);
                    parts.clear();
                    size = 0;
                }
                parts.push_back(tensor);
                size += tensor.numel();
            }
            reduce(parts);
            done.record(stream_);
        }
        // A rank that hangs in here would keep this one for ever: NCCL itself has no limit.
        while (!done.query()) {
            const double waiting = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
            if (waiting > others_.limit()) {
                end(fmt::format(
                    "NCCL has not brought the gradients together for {:g} s (--rank-timeout), though all ranks "
                    "have come: a GPU hangs, or the network between them is broken. The run ends; its last "
                    "checkpoint is kept.",
                    others_.limit()));
            }
            std::this_thread::sleep_for(std::chrono::microseconds(50));
        }
        waited_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    }

    // Whatever they are kept in, they are added up in float32.
    void reduce(const std::vector<at::Tensor>& parts) {
        std::vector<at::Tensor> flat;
        for (const at::Tensor& part : parts) {
            flat.push_back(part.reshape({-1}).to(at::kFloat));
        }
        std::vector<at::Tensor> whole{at::cat(flat)};
        nccl::all_reduce(whole, whole, static_cast<std::int32_t>(nccl::ncclRedOp::Sum), {stream_}, {communicator_});
        std::int64_t at = 0;
        for (at::Tensor part : parts) {
            part.copy_(whole[0].slice(0, at, at + part.numel()).reshape(part.sizes()));
            at += part.numel();
        }
    }

    Ranks& others_;
    c10::cuda::CUDAStream stream_;
    nccl::ncclComm_t communicator_ = nullptr;
    double waited_ = 0;
};

} // namespace
} // namespace atelier::train

extern "C" __attribute__((visibility("default"))) atelier::train::Ranks*
atelier_nccl_ranks(atelier::train::Ranks& others, c10::Device device) {
    return new atelier::train::NcclRanks(others, device);
}
