// SPDX-License-Identifier: Apache-2.0
#include "studio/core/toasts.h"

#include <algorithm>

#include "base/log.h"
#include "base/path_text.h"
#include "studio/toolkit/theme.h"

namespace atelier::studio {
namespace {
constexpr double note_seconds = 5;
constexpr double action_seconds = 12; // to get there with the mouse
constexpr std::size_t most = 5;
} // namespace

void Toasts::add(ToastKind kind, std::string text, std::string detail, ToastAction action) {
    text = readable_text(text); // files may be named in any encoding
    detail = readable_text(detail);
    log_line(kind == ToastKind::bad ? LogLevel::error : LogLevel::info, detail.empty() ? text : text + " - " + detail);
    // The same trouble again: one message is enough.
    std::erase_if(toasts_, [&](const Toast& t) { return t.text == text && t.detail == detail; });
    if (toasts_.size() >= most)
        toasts_.erase(toasts_.begin());
    toasts_.push_back({next_++, kind, std::move(text), std::move(detail), 0, 0, std::move(action)});
}

bool Toasts::advance(double seconds) {
    bool moving = false;
    for (Toast& toast : toasts_) {
        toast.age += seconds;
        const double stands = toast.action.text.empty() ? note_seconds : action_seconds;
        if (toast.leaving == 0 && toast.kind != ToastKind::bad && toast.age > stands)
            toast.leaving = 1e-6;
        if (toast.leaving > 0)
            toast.leaving += seconds;
        moving |= toast.leaving > 0 || toast.age - seconds < theme::fade_seconds; // its last step is shown, too
    }
    std::erase_if(toasts_, [](const Toast& toast) { return toast.leaving > theme::fade_seconds; });
    return moving;
}

void Toasts::dismiss(unsigned number) {
    for (Toast& toast : toasts_) {
        if (toast.number == number && toast.leaving == 0)
            toast.leaving = 1e-6;
    }
}

void Toasts::dismiss_all() {
    for (const Toast& toast : toasts_)
        dismiss(toast.number);
}

float Toasts::opacity(const Toast& toast) {
    const double in = toast.age / static_cast<double>(theme::fade_seconds);
    const double out = 1 - toast.leaving / static_cast<double>(theme::fade_seconds);
    return static_cast<float>(std::clamp(std::min(in, out), 0.0, 1.0));
}

} // namespace atelier::studio
