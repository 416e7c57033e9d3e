// SPDX-License-Identifier: Apache-2.0
// GestureRecorder: what hands do with controls while an armed timeline plays becomes its lanes. Part of the Library, in
// the UI thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "studio/state/state.h"

namespace atelier::studio {

struct StudioContext;

class GestureRecorder {
public:
    explicit GestureRecorder(StudioContext& context) : context_(context) {}

    bool armed() const { return armed_; }
    void arm(bool on); // off: what has been recorded so far is kept
    bool recording() const { return !takes_.empty(); }

    // Once a tick, when the timeline has moved. A take ends where the timeline stops, leaves or begins anew; then it
    // becomes a part of its lane in one step of undo, and the timeline has the control again.
    void tick();

private:
    void end_takes();

    StudioContext& context_;
    bool armed_ = false;
    std::map<std::string, std::vector<LanePoint>> takes_; // by parameter
};

} // namespace atelier::studio
