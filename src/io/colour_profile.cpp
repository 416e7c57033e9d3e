// SPDX-License-Identifier: Apache-2.0
#include "io/colour_profile.h"

#include <algorithm>
#include <cstdlib>
#include <memory>

#include <lcms2.h>

namespace atelier::io {
namespace {

struct CloseProfile {
    void operator()(void* profile) const { cmsCloseProfile(profile); }
};
struct DeleteTransform {
    void operator()(void* transform) const { cmsDeleteTransform(transform); }
};
struct FreeCurve {
    void operator()(cmsToneCurve* curve) const { cmsFreeToneCurve(curve); }
};
using Profile = std::unique_ptr<void, CloseProfile>;
using Transform = std::unique_ptr<void, DeleteTransform>;
using Curve = std::unique_ptr<cmsToneCurve, FreeCurve>;

Curve srgb_curve() {
    const cmsFloat64Number parts[] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
    return Curve(cmsBuildParametricToneCurve(nullptr, 4, parts));
}

Profile gray_srgb() {
    const Curve curve = srgb_curve();
    return Profile(curve ? cmsCreateGrayProfile(cmsD50_xyY(), curve.get()) : nullptr);
}

Profile opened(Bytes profile) {
    if (profile.empty() || profile.size() > most_profile) {
        return nullptr;
    }
    return Profile(cmsOpenProfileFromMem(profile.data(), static_cast<cmsUInt32Number>(profile.size())));
}

bool is_of(const Profile& profile, cmsColorSpaceSignature space) {
    const auto what = cmsGetDeviceClass(profile.get());
    return cmsGetColorSpace(profile.get()) == space && (what == cmsSigInputClass || what == cmsSigDisplayClass ||
                                                        what == cmsSigOutputClass || what == cmsSigColorSpaceClass);
}

Transform transform_between(const Profile& from, cmsUInt32Number from_type, const Profile& to,
                            cmsUInt32Number to_type) {
    return Transform(cmsCreateTransform(from.get(), from_type, to.get(), to_type, INTENT_RELATIVE_COLORIMETRIC,
                                        cmsFLAGS_COPY_ALPHA));
}

// Whether a few colours from all over stay where they are.
bool changes_nothing(void* transform, int channels) {
    constexpr int steps = 6, most_levels = 2;
    std::vector<std::uint8_t> before;
    const auto colours = static_cast<std::size_t>(channels < 3 ? 1 : 3);
    const auto stride = static_cast<std::size_t>(channels);
    const auto level = [](int step) { return static_cast<std::uint8_t>(step * 255 / (steps - 1)); };
    for (int i = 0; i < (colours == 1 ? steps : steps * steps * steps); ++i) {
        for (std::size_t c = 0; c < stride; ++c) {
            before.push_back(c >= colours ? 255
                                          : level(c == 0   ? i % steps
                                                  : c == 1 ? i / steps % steps
                                                           : i / steps / steps));
        }
    }
    std::vector<std::uint8_t> after = before;
    cmsDoTransform(transform, before.data(), after.data(), static_cast<cmsUInt32Number>(before.size() / stride));
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (i % stride < colours && std::abs(int{before[i]} - int{after[i]}) > most_levels) {
            return false;
        }
    }
    return true;
}

} // namespace

bool to_srgb(std::uint8_t* pixels, std::size_t count, int channels, ChannelOrder order, Bytes profile) noexcept {
    try {
        const Profile from = opened(profile);
        if (!from || !is_of(from, channels < 3 ? cmsSigGrayData : cmsSigRgbData)) {
            return false;
        }
        const bool bgr = order == ChannelOrder::bgr;
        const cmsUInt32Number type = channels == 1   ? TYPE_GRAY_8
                                     : channels == 2 ? TYPE_GRAYA_8
                                     : channels == 3 ? (bgr ? TYPE_BGR_8 : TYPE_RGB_8)
                                                     : (bgr ? TYPE_BGRA_8 : TYPE_RGBA_8);
        const Profile to = channels < 3 ? gray_srgb() : Profile(cmsCreate_sRGBProfile());
        const Transform transform = to ? transform_between(from, type, to, type) : nullptr;
        if (!transform || changes_nothing(transform.get(), channels)) {
            return false;
        }
        constexpr std::size_t at_once = 1U << 20U;
        for (std::size_t i = 0; i < count; i += at_once) {
            std::uint8_t* part = pixels + i * static_cast<std::size_t>(channels);
            cmsDoTransform(transform.get(), part, part, static_cast<cmsUInt32Number>(std::min(at_once, count - i)));
        }
        return true;
    } catch (...) { // no memory: the colours stay as they are
        return false;
    }
}

bool cmyk_to_srgb(const std::uint8_t* cmyk, std::size_t count, std::uint8_t* rgb, Bytes profile) noexcept {
    const Profile from = opened(profile);
    if (!from || !is_of(from, cmsSigCmykData)) {
        return false;
    }
    const Profile to(cmsCreate_sRGBProfile());
    const Transform transform = to ? transform_between(from, TYPE_CMYK_8_REV, to, TYPE_RGB_8) : nullptr;
    if (!transform) {
        return false;
    }
    constexpr std::size_t at_once = 1U << 20U;
    for (std::size_t i = 0; i < count; i += at_once) {
        cmsDoTransform(transform.get(), cmyk + 4 * i, rgb + 3 * i,
                       static_cast<cmsUInt32Number>(std::min(at_once, count - i)));
    }
    return true;
}

std::vector<std::uint8_t> profile_of_primaries(int primaries) {
    const cmsCIExyY d65{0.3127, 0.3290, 1};
    cmsCIExyYTRIPLE colours{};
    if (primaries == 9) {
        colours = {{0.708, 0.292, 1}, {0.170, 0.797, 1}, {0.131, 0.046, 1}};
    } else if (primaries == 12) {
        colours = {{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}};
    } else {
        return {};
    }
    const Curve curve = srgb_curve();
    cmsToneCurve* curves[] = {curve.get(), curve.get(), curve.get()};
    const Profile profile(curve ? cmsCreateRGBProfile(&d65, &colours, curves) : nullptr);
    cmsUInt32Number bytes = 0;
    if (!profile || !cmsSaveProfileToMem(profile.get(), nullptr, &bytes)) {
        return {};
    }
    std::vector<std::uint8_t> out(bytes);
    return cmsSaveProfileToMem(profile.get(), out.data(), &bytes) ? out : std::vector<std::uint8_t>();
}

} // namespace atelier::io
