// SPDX-License-Identifier: Apache-2.0
#include "studio/adapters/disk_model_files.h"

#include "base/error.h"
#include "base/file_names.h"
#include "io/model_formats.h"
#include "model/convert.h"

namespace atelier::studio {
namespace {

struct Stopped {};

io::Stored stored(StoredNumbers numbers) {
    return numbers == StoredNumbers::f16    ? io::Stored::f16
           : numbers == StoredNumbers::bf16 ? io::Stored::bf16
                                            : io::Stored::f32;
}

} // namespace

DiskModelFiles::DiskModelFiles() {
    for (const io::ModelFormat& format : io::model_formats()) {
        if (format.write != nullptr)
            kinds_.push_back({std::string(format.id), std::string(format.name), std::string(format.contents),
                              std::string(format.written_ending), format.writes_halves});
    }
}

ModelCopied DiskModelFiles::write(const ModelCopy& copy, const std::function<void(const ModelCopyProgress&)>& progress,
                                  const std::stop_token& stop) {
    const io::ModelFormat* format = io::written_format(copy.kind);
    if (format == nullptr)
        fail("There is no kind of model file '{}' that is written.", copy.kind);
    if (would_change(copy.file, {copy.model}))
        fail("{} is the model itself; write the copy under another name.", copy.file.string());
    int networks = 0;
    const auto step = [&](int done, const char* doing) {
        if (stop.stop_requested())
            throw Stopped{};
        progress({done, networks + 2, doing});
    };
    ModelCopied end;
    try {
        step(0, "Reading");
        const io::CheckpointFile file = io::read_checkpoint(copy.model);
        for (const char* name : {"G_ema", "G", "D"})
            networks += file.networks.contains(name) && (!copy.only_g_ema || std::string(name) == "G_ema") ? 1 : 0;
        step(1, "Checking the networks");
        end.warnings = file.warnings;
        const io::CheckpointFile out =
            model::converted(file, copy.model.string(), {copy.only_g_ema, copy.license, copy.origin, std::nullopt},
                             end.warnings, [&](int done) { step(1 + done, "Checking the networks"); });
        step(1 + networks, "Writing");
        format->write(copy.file, out, {stored(copy.numbers)});
        progress({networks + 2, networks + 2, "Written"});
    } catch (const Stopped&) {
        end.stopped = true;
    }
    return end;
}

} // namespace atelier::studio
