// SPDX-License-Identifier: Apache-2.0
#include "io/checkpoint.h"

#include <algorithm>
#include <array>
#include <new>

#include <ATen/ops/isfinite.h>

#include "base/error.h"
#include "io/input_file.h"
#include "io/nvidia_pickle.h"
#include "io/own_format.h"
#include "io/torch_file.h"
#include "io/torch_storage.h"

namespace atelier::io {

namespace {

struct Signature {
    std::string_view start;
    const char* what;
};

// What people hand over by mistake.
constexpr std::array<Signature, 14> foreign{{
    {"\x89PNG", "a PNG picture"},
    {"\xff\xd8\xff", "a JPEG picture"},
    {"GIF8", "a GIF picture"},
    {"RIFF", "a picture, sound or video (RIFF)"},
    {"version https://git-lfs", "a git-lfs pointer; fetch the real file with git lfs pull"},
    {"<!DOCTYPE", "a web page; the download has failed"},
    {"<!doctype", "a web page; the download has failed"},
    {"<html", "a web page; the download has failed"},
    {"<HTML", "a web page; the download has failed"},
    {"<?xml", "an XML text"},
    {"\x89HDF", "an HDF5 file"},
    {"\x1f\x8b", "a gzip archive; unpack it first"},
    {"7z\xbc\xaf", "a 7z archive; unpack it first"},
    {"Rar!", "a RAR archive; unpack it first"},
}};

enum class Container { safetensors, zip, legacy, pickle };

Container sniff(const InputFile& file) {
    std::array<std::uint8_t, 64> head{};
    const auto known = static_cast<std::size_t>(std::min<std::uint64_t>(head.size(), file.size()));
    file.read_at(0, head.data(), known);
    const Bytes bytes(head.data(), known);
    const std::string_view text = as_text(bytes);
    for (const Signature& signature : foreign) {
        if (text.starts_with(signature.start)) {
            fail("is not a model file but {}", signature.what);
        }
    }
    if (text.starts_with("PK\x03\x04") || text.starts_with("PK\x05\x06")) {
        return Container::zip;
    }
    if (starts_like_legacy_stream(bytes)) {
        return Container::legacy;
    }
    const bool json = known > 8 && (bytes[8] == '{' || bytes[8] == '[');
    if (bytes[0] == 0x80 && !json) {
        return Container::pickle;
    }
    if (json || file.path().extension() == ".safetensors") {
        return Container::safetensors;
    }
    fail("is not a model file of a known format (pickle, safetensors, PyTorch .pt)");
}

void read_content(const InputFile& file, CheckpointFile& into) {
    const Container container = sniff(file);
    if (container == Container::safetensors) {
        read_safetensors_checkpoint(file.path(), into);
        return;
    }
    const std::vector<std::uint8_t> data = file.read_all();
    switch (container) {
    case Container::zip: read_torch_zip(data, into); break;
    case Container::legacy: read_torch_legacy(data, into); break;
    default: read_nvidia_pickle(data, into); break;
    }
}

void check_networks(CheckpointFile& file) {
    std::size_t networks = 0;
    std::size_t bad = 0;
    std::string first;
    for (const auto& [name, network] : file.networks) {
        networks += name == "augment_pipe" ? 0 : 1;
        for (const NamedTensor& tensor : network.tensors) {
            if (tensor.value.is_floating_point() && !at::isfinite(tensor.value).all().item<bool>()) {
                first = bad++ == 0 ? name + "." + tensor.name : first;
            }
        }
    }
    if (networks == 0) {
        fail("holds no network; one of G_ema, G and D should be there");
    }
    if (bad > 0) {
        file.warnings.push_back(fmt::format("{} holds values that are not finite (NaN or infinity){}", first,
                                            bad > 1 ? fmt::format(", as do {} other tensors", bad - 1) : ""));
    }
}

} // namespace

CheckpointFile read_checkpoint(const std::filesystem::path& path) {
    const std::string prefix = path.string() + ": ";
    try {
        const InputFile input(path);
        CheckpointFile file;
        file.metadata = nlohmann::json::object();
        read_content(input, file);
        check_networks(file);
        for (std::string& warning : file.warnings) {
            warning = prefix + warning;
        }
        return file;
    } catch (const std::bad_alloc&) {
        fail("{}is too large for the memory of this machine", prefix);
    } catch (const std::exception& error) {
        const std::string text = message_of(error);
        fail("{}{}", text.starts_with(prefix) ? "" : prefix, text);
    }
}

} // namespace atelier::io
