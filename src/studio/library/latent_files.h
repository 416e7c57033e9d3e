// SPDX-License-Identifier: Apache-2.0
// LatentFiles: latents from files become stars, and what is shown, starred or on the timeline goes to files. Part of
// the Studio, in the UI thread; files are read and written on other threads.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/job_queue.h"
#include "latent/latent_files.h"
#include "studio/services/render_service.h"

namespace atelier::studio {

struct StudioContext;

inline constexpr std::size_t most_stars_of_file = 256;

enum class LatentsOf { shown, stars, keyframes };

struct LatentSave {
    std::filesystem::path file; // .npy, .npz or .safetensors
    LatentForm form = LatentForm::w;
    LatentsOf of = LatentsOf::shown;
};

class LatentFiles {
public:
    explicit LatentFiles(StudioContext& context) : context_(context) {}

    // Stars the file's latents, at most most_stars_of_file of them, and glides to the first. While a model is being
    // opened, waits for it; without one, says that there is none.
    void open(const std::filesystem::path& file);
    // Names the latents in the file after stars, moments and seeds. Where a z is asked for, those that have none are
    // left out, and the toast says so.
    void save(const LatentSave& request);

    bool tick(); // once a tick; true if something has changed
    bool busy() const { return reading_.pending() || saving_.pending(); }
    void finish(); // waits

private:
    struct Read {
        std::filesystem::path file;
        std::size_t held = 0; // by the file; more than `latents` when cut
        std::vector<NamedLatent> latents;
    };
    struct Saved {
        std::filesystem::path file;
        std::size_t kept = 0, left_out = 0;
    };
    void read_waiting();
    void take(const JobOutcome<Read>& read);
    void tell(const JobOutcome<Saved>& saved);
    std::vector<std::pair<std::string, RenderParams>> wanted(LatentsOf of) const;

    StudioContext& context_;
    std::filesystem::path waiting_; // for a model
    Job<Nothing, Read> reading_;
    JobQueue<Saved> saving_;
};

} // namespace atelier::studio
