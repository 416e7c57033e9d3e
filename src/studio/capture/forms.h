// SPDX-License-Identifier: Apache-2.0
// What the dialogs of recordings and exports are set to, from one opening to the next.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "studio/core/ui_state.h"
#include "studio/performance/performance_log.h"
#include "studio/services/async_query.h"

namespace atelier::studio {

struct RecordForm {
    std::filesystem::path file; // a name, looked for once
    bool was_open = false;
    AsyncQuery<std::filesystem::path, double> space; // bytes free in the folder
};

struct WalkExportForm {
    double seconds_per_step = default_seconds_per_step;
    double rounds = 1;
    double steps = 8; // of an endless walk
    std::string path;
    bool was_open = false;
};

// What a log holds, or why it can't be read.
struct ReadLog {
    std::shared_ptr<const Performance> performance;
    std::string trouble;
};

struct PerformanceForm {
    std::string log, path;
    int opened = 0; // times the dialog was: each reads its log anew
    AsyncQuery<std::pair<std::string, int>, ReadLog> read;
    Dialog was_open = Dialog::none;
    Dialog which = Dialog::export_timeline;
};

enum class SheetEdge { sources, stars, keyframes };

struct MixSheetForm {
    SheetEdge rows = SheetEdge::sources, cols = SheetEdge::sources;
    std::array<bool, mix_groups> groups{true, false, false};
    std::string path;
    bool was_open = false, was_busy = false;
};

} // namespace atelier::studio
