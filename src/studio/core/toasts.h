// SPDX-License-Identifier: Apache-2.0
// Toasts: short messages over the picture. What failed stays until it is clicked away; all of it also
// goes to the log. Owned by the Studio.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace atelier::studio {

enum class ToastKind { note, good, bad };

// What a toast offers to do; its button stands below the text.
struct ToastAction {
    std::string text;
    std::string tooltip;
    std::function<void()> run;
};

struct Toast {
    unsigned number = 0;
    ToastKind kind = ToastKind::note;
    std::string text;
    std::string detail;   // second line, e.g. where a file is
    double age = 0;       // seconds
    double leaving = 0;   // seconds since it began to fade; 0: it stands
    ToastAction action{}; // none without a text
};

class Toasts {
public:
    void add(ToastKind kind, std::string text, std::string detail = {}, ToastAction action = {});
    // True while one is fading or will have to.
    bool advance(double seconds);
    void dismiss(unsigned number);
    void dismiss_all();
    const std::vector<Toast>& all() const { return toasts_; }
    unsigned count() const { return next_; } // ever shown

    static float opacity(const Toast& toast);

private:
    std::vector<Toast> toasts_;
    unsigned next_ = 0;
};

} // namespace atelier::studio
