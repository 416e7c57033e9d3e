// SPDX-License-Identifier: Apache-2.0
// What the choices are called in files, by the number of the enumerator.
#pragma once

namespace atelier::studio {

inline constexpr const char* kind_names[] = {"seeds", "random"};
inline constexpr const char* space_names[] = {"w", "z"};
inline constexpr const char* ease_names[] = {"linear", "smooth", "cubic"};
inline constexpr const char* override_names[] = {"none", "seed", "wander"};
inline constexpr const char* noise_names[] = {"const", "random", "none"};
inline constexpr const char* noise_order_names[] = {"forward", "backward", "there and back"};
inline constexpr const char* precision_names[] = {"model", "fp32", "bf16", "fp16"};
inline constexpr const char* compare_names[] = {"off", "wipe", "side by side"};
inline constexpr const char* easing_names[] = {"linear", "smooth", "in", "out", "hold", "spline"};
inline constexpr const char* tab_names[] = {"perform", "train", "data"};
inline constexpr const char* wave_names[] = {"sine", "triangle", "noise", "saw", "square", "exponential", "steps"};
inline constexpr const char* cue_names[] = {"preset", "timeline"};
inline constexpr const char* connection_mode_names[] = {"set", "add", "multiply", "toggle", "trigger"};
inline constexpr const char* tempo_from_names[] = {"own", "midi", "link"};
inline constexpr const char* launch_names[] = {"now", "beat", "bar", "phrase"};
inline constexpr const char* connection_curve_names[] = {"linear", "slow start", "slow end", "smooth"};

} // namespace atelier::studio
