// SPDX-License-Identifier: Apache-2.0
// Live: the studio played from outside. Sources leave what they say in the hub; once a turn the matrix makes of it what
// a hand would have done, what is added to parameters and what is triggered. It knows no parameter and no device by
// name. Owned by the Studio, used by the UI thread alone (the hub by all).
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "inputs/input_hub.h"
#include "studio/core/context.h"
#include "studio/core/feature_ui.h"
#include "studio/state/live_state.h"
#include "studio/state/matrix.h"

namespace atelier::studio {

// What the matrix panel remembers between two frames.
struct MatrixForm {
    int open = -1;      // the connection whose details are shown
    std::string filter; // of the targets
    std::string file;   // of a page
};

struct Live {
    explicit Live(StudioContext& context);

    StudioContext& context;
    inputs::InputHub hub;
    LiveState state; // in sessions and undo
    Matrix matrix;
    std::function<void(Trigger, int)> pull; // what a trigger does; the Studio says it

    // In the half of the turn before the picture is asked for, when hands have done theirs. True if something that a
    // hand could have set was set.
    bool turn(double seconds);
    void pull_due();                      // the triggers of that turn
    bool busy() const { return moving_; } // something moves by itself

    // The next source that is touched moves that parameter. Learning it again, or an empty id, ends it.
    void learn(const std::string& id);
    const std::string& learning() const { return learning_; }
    // Takes the place of an equal connection. Its range is the slider's.
    void connect(const std::string& source, const std::string& id);

    // Pages of connections, as files. What goes wrong is a message.
    void load_page(const std::filesystem::path& file); // in place of those that are there; undo brings them back
    void save_page(const std::filesystem::path& file);

    // The newest of what sources said, for the panels; at most 64.
    const std::vector<SourceReading>& heard() const { return heard_; }
    MatrixForm form;

private:
    void hear(const std::vector<SourceReading>& news);
    void learn_from(const std::vector<SourceReading>& news);

    std::string learning_;
    std::map<std::string, double> learnt_from_; // where sources stood when learning began
    std::vector<SourceReading> heard_;
    std::vector<ParameterRef> due_;
    bool moving_ = false;
};

FeatureUi ui_of(Live& live);

void draw_matrix_panel(Live& live);

} // namespace atelier::studio
