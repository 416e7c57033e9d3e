// SPDX-License-Identifier: Apache-2.0
// Models, and the containers that they and latents come in.
#include <array>

#include "fuzz/attempt.h"
#include "fuzz/targets.h"
#include "io/checkpoint.h"
#include "io/npy.h"
#include "io/pickle_machine.h"
#include "io/safetensors.h"
#include "io/safetensors_header.h"
#include "io/zip_archive.h"
#include "io/zip_file.h"

namespace atelier::fuzz {

using io::Bytes;

void model(Bytes data) {
    const MemoryFile file(data);
    attempt([&] { io::read_checkpoint(file.path()); });
}

void pickle(Bytes data) {
    if (data.empty()) {
        return;
    }
    constexpr std::array scopes{io::PickleScope::plain, io::PickleScope::storage, io::PickleScope::torch,
                                io::PickleScope::network};
    const io::PickleScope scope = scopes.at(data.front() % scopes.size());
    attempt([&] {
        io::PickleArena arena(data.size());
        io::unpickle(arena, data.subspan(1), scope);
    });
}

void zip(Bytes data) {
    attempt([&] { // as .pt files are read: stored entries, in memory
        const io::ZipArchive archive(data);
        attempt([&] { archive.folder_of("data.pkl"); });
        for (const auto& [name, entry] : io::read_zip_directory(io::ByteSource::of(data))) {
            attempt([&, &name = name] { archive.read(name); });
        }
    });
    const MemoryFile file(data);
    attempt([&] { // as training sets are read: deflated ones too, from the disk
        const io::ZipFile archive(file.path());
        for (const auto& [name, entry] : archive.entries()) {
            attempt([&, &name = name] { archive.extract(name, 1U << 20); });
        }
    });
}

void safetensors(Bytes data) {
    attempt([&] { io::parse_safetensors_header(io::as_text(data), 4096); });
    const MemoryFile file(data);
    attempt([&] { io::read_safetensors(file.path()); });
}

void npy(Bytes data) {
    attempt([&] { io::parse_npy(data); });
    const MemoryFile file(data);
    attempt([&] {
        const io::NpzFile arrays(file.path());
        attempt([&] { arrays.text("names.json"); });
        for (const std::string& name : arrays.names()) {
            attempt([&] { arrays.read(name); });
        }
    });
}

} // namespace atelier::fuzz
