// SPDX-License-Identifier: Apache-2.0
#include "studio/session/safe_start.h"

#include <utility>

#include "studio/core/context.h"
#include "studio/session/crash_files.h"

namespace atelier::studio {
namespace fs = std::filesystem;

SafeStart::SafeStart(StudioContext& context, const fs::path& reports, bool unclean_end, bool safe)
    : context_(context), asks_(unclean_end && !safe), safe_(safe), unseen_(new_crash_reports(reports)) {
    if (!unseen_.empty()) {
        file_ = unseen_.front();
        report_ = crash_report_text(file_);
    }
    context_.outside_closed = asks_ || safe_;
}

std::string SafeStart::what() const {
    return what_happened(report_);
}

void SafeStart::answer(bool safe) {
    if (!std::exchange(asks_, false))
        return;
    safe_ = safe;
    context_.outside_closed = safe;
    mark_shown();
    if (on_answer)
        on_answer(safe);
}

void SafeStart::tell_report() {
    if (report_.empty() || asks_)
        return;
    context_.toasts.add(ToastKind::note, "Atelier has crashed: there is a report", what(),
                        {"Show it", "What happened, and where in the program; it stays on this machine",
                         [this] { context_.ui.dialog = Dialog::crash_report; }});
    mark_shown();
}

// All of them: the others lie beside the one that is shown.
void SafeStart::mark_shown() {
    if (unseen_.empty())
        return;
    file_ = shown_name(file_);
    disk_.add([files = std::exchange(unseen_, {})] {
        for (const fs::path& each : files)
            mark_as_shown(each);
        return Nothing();
    });
}

void SafeStart::remove_report() {
    mark_shown();
    disk_.add([file = file_] {
        std::error_code ignored;
        fs::remove(file, ignored);
        return Nothing();
    });
    report_.clear();
    file_.clear();
}

} // namespace atelier::studio
