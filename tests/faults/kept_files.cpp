// SPDX-License-Identifier: Apache-2.0
#include "faults/kept_files.h"

#include <memory>

#include "io/atomic_file.h"
#include "io/checkpoint.h"
#include "io/image.h"
#include "io/model_formats.h"
#include "latent/latent_files.h"
#include "model/load.h"
#include "studio/core/direction_sliders.h"
#include "studio/core/settings.h"
#include "studio/dataset/choice_store.h"
#include "studio/session/autosave.h"
#include "studio/state/connection_file.h"
#include "studio/state/session.h"
#include "support/paths.h"

namespace atelier::faults {
namespace fs = std::filesystem;
using namespace studio;
namespace {

// As `atelier convert` makes it: through the network, with all options.
io::CheckpointFile small_model(int version) {
    const io::CheckpointFile from =
        io::read_checkpoint(test::own_data_dir() / "formats/hostile/control/control_nvidia_pickle.pkl");
    io::CheckpointFile file;
    std::vector<std::string> warnings;
    file.networks["G_ema"] =
        model::to_network_data(model::load_generator(from.networks.at("G_ema"), "G_ema", warnings));
    file.metadata = {{"license", "version " + std::to_string(version)}, {"origin", "a test's"}};
    return file;
}

Session session(int version) {
    Session out;
    out.model = "/models/face.pkl";
    out.state.truncation.psi = version / 10.0;
    return out;
}

std::vector<NamedLatent> latents(int version) {
    const ExplicitLatent latent{Space::w, 1, std::vector<float>(512, static_cast<float>(version))};
    return {{"Ann", {std::make_shared<const ExplicitLatent>(latent)}}};
}

std::vector<DirectionSlider> sliders(int version) {
    DirectionSlider slider;
    slider.name = "Smile " + std::to_string(version);
    slider.direction.method = "sefa";
    return {slider};
}

// A file that goes in the end.
struct Without {
    fs::path file;
    ~Without() {
        std::error_code ignored;
        fs::remove(file, ignored);
    }
};

KeptFile model(const char* format) {
    const io::ModelFormat& as = *io::written_format(format);
    return {"model as " + std::string(format), "face" + std::string(as.written_ending),
            [&as](const fs::path& file, int version) { as.write(file, small_model(version), {}); }};
}

KeptFile latents_as(const char* name) {
    return {std::string("latents ") + name, name,
            [](const fs::path& file, int version) { save_latents(file, latents(version)); }};
}

} // namespace

std::vector<KeptFile> kept_files() {
    std::vector<KeptFile> all{
        {"session", "evening.atelier",
         [](const fs::path& file, int version) { io::write_file(file, session_text(session(version), file)); }},
        {"autosave", "autosave-99999999.atelier",
         [](const fs::path& file, int version) {
             const Without before{fs::path(file) += ".before"}; // the test is of the file itself
             write_autosave(file, session_text(session(version), file), nullptr);
         }},
        {"settings", "studio.json",
         [](const fs::path& file, int version) {
             Settings settings;
             settings.glide_seconds = version;
             save_settings(file, settings);
         }},
        {"sliders", "1234-sliders.json",
         [](const fs::path& file, int version) { save_sliders(file, "1234", list_of(sliders(version))); }},
        {"choices", "1234.json",
         [](const fs::path& file, int version) {
             HandChoices choices;
             choices.crops[static_cast<std::uint64_t>(version)] = {};
             save_choices(file, "/pictures", choices);
         }},
        {"connections", "pad.connections.json",
         [](const fs::path& file, int version) {
             std::vector<Connection> all(static_cast<std::size_t>(version));
             io::write_file(file, connections_text(all));
         }},
        {"picture", "face.png",
         [](const fs::path& file, int version) {
             io::Image8 image{32, 32, 3, std::vector<std::uint8_t>(32 * 32 * 3, static_cast<std::uint8_t>(version))};
             io::write_png(file, image);
         }},
        latents_as("stars.npz"),
        latents_as("stars.npy"),
        latents_as("stars.safetensors"),
    };
    for (const char* format : {"atelier", "torch", "nvidia", "rosinality", "onnx"})
        all.push_back(model(format));
    return all;
}

} // namespace atelier::faults
