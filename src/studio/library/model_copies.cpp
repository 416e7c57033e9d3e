// SPDX-License-Identifier: Apache-2.0
#include "studio/library/model_copies.h"

#include <algorithm>

#include <fmt/ranges.h>

#include "base/log.h"
#include "studio/core/context.h"

namespace atelier::studio {

const std::vector<ModelFileKind>& ModelCopies::kinds() const {
    static const std::vector<ModelFileKind> none;
    return files_ ? files_->kinds() : none;
}

void ModelCopies::start(const ModelCopy& copy) {
    if (!files_ || busy())
        return;
    file_ = copy.file;
    form.message.clear();
    job_.start([files = files_.get(), copy](const auto& report, const std::stop_token& stop) {
        return files->write(copy, report, stop);
    });
}

void ModelCopies::tell(const ModelCopied& end) {
    if (end.stopped) {
        context_.toasts.add(ToastKind::note, "Stopped; no model was written");
        return;
    }
    if (context_.ui.dialog == Dialog::export_model)
        context_.ui.dialog = Dialog::none;
    context_.toasts.add(ToastKind::good, "The model is written", file_.string());
    if (!end.warnings.empty())
        context_.toasts.add(ToastKind::note, file_.filename().string(),
                            fmt::format("{}", fmt::join(end.warnings, " ")));
}

bool ModelCopies::tick() {
    const auto status = job_.status();
    if (status.state == JobState::cancelled) { // or too late for it
        tell(job_.take_result().value_or(ModelCopied{true, {}}));
        job_.forget();
        return true;
    }
    const auto outcome = job_.take_outcome();
    if (!outcome)
        return status.busy();
    if (outcome->result) {
        tell(*outcome->result);
    } else {
        form.message = outcome->message;
        context_.toasts.add(ToastKind::bad, "The model could not be written", outcome->message);
    }
    return true;
}

void ModelCopies::finish() {
    const bool at_work = busy();
    job_.cancel();
    job_.wait();
    if (const auto end = job_.take_result(); at_work && (!end || end->stopped))
        log_info("the window was closed before {} was written", file_.string());
}

std::string fact_of(const StudioContext& context, const char* name) {
    const ModelInfo* model = context.playback.model();
    if (!model)
        return {};
    const auto fact = std::ranges::find(model->facts, name, [](const auto& each) { return each.first; });
    return fact == model->facts.end() ? std::string() : fact->second;
}

std::string with_ending(const std::string& path, const std::vector<ModelFileKind>& kinds, const std::string& ending) {
    if (path.empty() || path.ends_with('/'))
        return path;
    std::size_t longest = 0;
    for (const ModelFileKind& kind : kinds) {
        if (path.ends_with(kind.ending) && path.size() > kind.ending.size())
            longest = std::max(longest, kind.ending.size());
    }
    return path.substr(0, path.size() - longest) + ending;
}

} // namespace atelier::studio
