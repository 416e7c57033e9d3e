// SPDX-License-Identifier: Apache-2.0
// Item: what a person sees of a crop, with the verdict on it; and the rules that give the verdict. Cheap: applied anew
// whenever a threshold moves.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "prepare/finding.h"
#include "prepare/options.h"

namespace atelier::prepare {

enum class Override { none, keep, drop };

// Why a crop is out; in the order in which they are looked at.
enum class Reason {
    kept,
    unreadable,
    no_face,
    by_hand,
    no_label,
    unsure_face,
    small,
    turned,
    covered,
    unsharp,
    exposure,
    duplicate,
    near_duplicate
};

// A few words for counts: "unreadable", "no face", ...
const char* name_of(Reason reason);

struct Item {
    std::size_t source = 0; // index among the sources
    int crop = -1;          // among the source's crops; -1: it has none
    std::string name;       // of the source; with several crops "name, face 2"
    std::string folder;     // for the label
    std::string key;        // of the finding in the work folder
    int width = 0, height = 0;
    std::string trouble; // if it has no crop
    Crop facts;          // without the PNG
    Override request = Override::none;
    bool kept = false;
    Reason reason = Reason::unreadable;
    std::string words; // "is turned 34 degrees to the side; at most 25 pass"; empty when kept without anything to say
};

// Sets kept, reason and words of all. With `labels` every kept item needs a folder. A person's wish wins over every
// limit, but nothing can be kept that has no crop. Of alike pictures the one with the most source pixels is kept.
void judge(std::vector<Item>& items, const CutOptions& options, const Thresholds& limits, bool labels);

} // namespace atelier::prepare
