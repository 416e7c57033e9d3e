// SPDX-License-Identifier: Apache-2.0
#include "model/convert.h"

#include <fmt/format.h>

#include "base/error.h"
#include "model/load.h"

namespace atelier::model {
namespace {

void take_networks(const io::CheckpointFile& file, const std::string& path, bool only_g_ema,
                   const std::function<void(int)>& networks_done, io::CheckpointFile& out,
                   std::vector<std::string>& warnings) {
    int done = 0;
    for (const char* name : {"G_ema", "G", "D"}) {
        const bool wanted = std::string(name) == "G_ema" || !only_g_ema;
        if (!wanted || !file.networks.contains(name)) {
            continue;
        }
        const std::string what = fmt::format("{}: {}", path, name);
        out.networks[name] = std::string(name) == "D"
                                 ? to_network_data(load_discriminator(file, path, warnings))
                                 : to_network_data(load_generator(file.networks.at(name), what, warnings));
        if (networks_done) {
            networks_done(++done);
        }
    }
    if (out.networks.empty()) {
        fail("{} holds none of the networks to convert.", path);
    }
}

void take_metadata(const io::CheckpointFile& file, const Conversion& how, io::CheckpointFile& out) {
    out.metadata = file.kind == io::FileKind::plain_safetensors || !file.metadata.is_object() ? nlohmann::json::object()
                                                                                              : file.metadata;
    for (const char* key : {"run", "ratio"}) { // the ratio comes in by set_picture_ratio
        out.metadata.erase(key);
    }
    const std::pair<const char*, const std::optional<std::string>&> notes[] = {
        {"license", how.license}, {"origin", how.origin}, {"dataset", how.dataset}};
    for (const auto& [key, note] : notes) {
        if (note && note->empty()) {
            out.metadata.erase(key);
        } else if (note) {
            out.metadata[key] = *note;
        }
    }
}

} // namespace

io::CheckpointFile converted(const io::CheckpointFile& file, const std::string& path, const Conversion& how,
                             std::vector<std::string>& warnings, const std::function<void(int)>& networks_done) {
    io::CheckpointFile out;
    out.kind = io::FileKind::atelier_safetensors;
    take_networks(file, path, how.only_g_ema, networks_done, out, warnings);
    take_metadata(file, how, out);
    set_picture_ratio(out, picture_ratio(file, path, warnings));
    return out;
}

} // namespace atelier::model
