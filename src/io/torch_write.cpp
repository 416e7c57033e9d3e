// SPDX-License-Identifier: Apache-2.0
#include "io/torch_write.h"

#include <ATen/Functions.h>

#include "base/error.h"
#include "io/named_error.h"
#include "io/zip_writer.h"

namespace atelier::io {

namespace {

constexpr std::size_t storage_align = 64; // as torch.save does, so that the file can be mapped

const char* storage_type(at::ScalarType type) {
    switch (type) {
    case at::kFloat: return "FloatStorage";
    case at::kHalf: return "HalfStorage";
    case at::kBFloat16: return "BFloat16Storage";
    default: fail("tensors of {} aren't written", c10::toString(type));
    }
}

} // namespace

// _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks); the storage is a persistent id.
void TorchFileWriter::add(const at::Tensor& value) {
    const at::Tensor plain = value.cpu().contiguous();
    PickleWriter& p = pickle_;
    p.global("torch._utils", "_rebuild_tensor_v2");
    p.begin();
    p.begin();
    p.text("storage");
    p.global("torch", storage_type(plain.scalar_type()));
    p.text(std::to_string(storages_.size()));
    p.text("cpu");
    p.integer(plain.numel());
    p.end_tuple();
    p.persistent();
    p.integer(0);
    p.integers(plain.sizes());
    p.integers(plain.strides());
    p.boolean(false);
    p.ordered_dict();
    p.end_tuple();
    p.call();
    storages_.push_back(plain);
}

void TorchFileWriter::write(const std::filesystem::path& path) {
    ZipWriter zip(path);
    const std::string folder = "archive/";
    zip.add(folder + "data.pkl", as_bytes(pickle_.finish()), storage_align);
    zip.add(folder + "byteorder", as_bytes("little"), storage_align);
    for (std::size_t i = 0; i < storages_.size(); ++i) {
        const at::Tensor& storage = storages_[i];
        zip.add(folder + "data/" + std::to_string(i),
                {static_cast<const std::uint8_t*>(storage.const_data_ptr()), storage.nbytes()}, storage_align);
    }
    zip.add(folder + "version", as_bytes("3\n"), storage_align);
    zip.finish();
}

void write_torch_checkpoint(const std::filesystem::path& path, const CheckpointFile& file,
                            const WriteOptions& options) {
    with_name(path, [&] {
        TorchFileWriter out;
        PickleWriter& p = out.pickle();
        p.empty_dict();
        for (const auto& [name, network] : file.networks) {
            p.text(name);
            p.ordered_dict();
            for (const NamedTensor& tensor : network.tensors) {
                p.text(tensor.name);
                out.add(stored_value(tensor, options));
                p.set_item();
            }
            p.set_item();
        }
        p.text("atelier");
        p.text(description_text(file));
        p.set_item();
        out.write(path);
    });
}

} // namespace atelier::io
