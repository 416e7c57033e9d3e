// SPDX-License-Identifier: Apache-2.0
// Thumbnails: small pictures for strips and pickers. Owned by the Studio; asks the source for what was
// looked at in the last frame and keeps what came.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include <imgui.h>

#include "studio/services/render_service.h"
#include "studio/state/animation.h"

namespace atelier::studio {

// A picture that ImGui can draw; the graphics side derives from it.
class ImageHandle {
public:
    virtual ~ImageHandle() = default;
    virtual ImTextureID id() const = 0;
};
using ImageMaker = std::function<std::unique_ptr<ImageHandle>(const PixelBuffer&)>;

class Thumbnails {
public:
    explicit Thumbnails(ImageMaker maker) : maker_(std::move(maker)) {}

    // The seed's picture at psi 0.7, or none while it is being made. Only what is asked for in a frame is made.
    ImTextureID get(std::uint32_t seed);
    // The look's.
    ImTextureID get(const RenderSettings& settings);
    // A latent's at psi 0.7.
    ImTextureID get(const LatentBlend& latent);
    // The look's, larger, and before all others. One at a time: that of the last call in a frame.
    ImTextureID large(const RenderSettings& settings);
    // What looks need of the model.
    PlayContext context{};
    // The picture that plays, as this window shows it, to stand beside those here. No texture: there is none yet.
    struct Playing {
        ImTextureID texture{};
        float light = 1; // 0..1
    } playing;

    // The model has changed a little: what is looked at is made anew, the old pictures stand until then.
    void refresh() { ++generation_; }

    // Once a tick: takes finished pictures, asks for missing ones. True if something new can be shown.
    bool update(RenderService& source, std::uint64_t model);

    std::size_t received() const { return received_; }
    std::size_t waiting() const { return asked_.size(); } // asked for, and not there yet

private:
    struct Entry {
        std::unique_ptr<ImageHandle> image;
        std::uint64_t used = 0;       // tick of the last look
        std::uint64_t generation = 0; // as in keys
    };

    ImageMaker maker_;
    std::uint64_t generation() const; // as in keys
    ImTextureID find(std::uint64_t key, const std::function<RenderParams()>& params, bool large = false);
    bool there(const ThumbnailRequest& request) const;

    std::unordered_map<std::uint64_t, Entry> entries_;
    std::vector<ThumbnailRequest> missing_;
    std::optional<ThumbnailRequest> large_; // missing, too
    std::vector<ThumbnailRequest> asked_;
    std::uint64_t model_ = 0;
    std::uint64_t tick_ = 0;
    std::uint64_t generation_ = 0; // counts refresh()
    std::size_t received_ = 0;
};

} // namespace atelier::studio
