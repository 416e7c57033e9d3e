// SPDX-License-Identifier: Apache-2.0
#include "engine/picture_graphs.h"

#include <algorithm>
#include <exception>

#include <c10/util/Exception.h>

#include "base/error.h"
#include "base/log.h"

namespace atelier {

at::Tensor PictureGraphs::picture(const Key& key, const std::function<at::Tensor()>& draw) {
    const bool again = last_ == key;
    last_ = key;
    if (!calls_ || !trouble_.empty())
        return draw();
    auto found = std::find_if(recorded_.begin(), recorded_.end(), [&](const Recorded& r) { return r.key == key; });
    if (found == recorded_.end()) {
        if (!again || !record(key, draw))
            return draw();
        found = recorded_.begin();
    }
    recorded_.splice(recorded_.begin(), recorded_, found);
    calls_->repeat(found->recording.get());
    return found->picture;
}

bool PictureGraphs::record(const Key& key, const std::function<at::Tensor()>& draw) {
    bool begun = false;
    try {
        calls_->begin();
        begun = true;
        Recorded made{key, {}, draw()};
        begun = false; // end() leaves nothing open, whether or not it throws
        made.recording = calls_->end();
        recorded_.push_front(std::move(made));
        if (recorded_.size() > most)
            recorded_.pop_back();
        return true;
    } catch (const std::exception& error) {
        if (begun)
            calls_->abandon();
        if (dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr)
            throw;
        trouble_ = message_of(error);
        log_warning("Pictures are drawn call by call, which is slower on a GPU: {}", trouble_);
        recorded_.clear();
        return false;
    }
}

void PictureGraphs::clear() {
    recorded_.clear();
    last_.reset();
}

} // namespace atelier
