// SPDX-License-Identifier: Apache-2.0
// What --class and its like name: a class by its number or name, or all numbers of a label.
#pragma once

#include <string>
#include <vector>

#include "base/frame.h"
#include "base/render_params.h"

namespace atelier {

struct ClassChoice {
    int index = 0;
    ExplicitRef label; // in place of the class

    void set(PictureSettings& picture) const;
    void set(LatentTerm& term) const;
};

// "2", a name of the model's, or c_dim numbers such as "0.5,0,0.5". Throws Error, which names the option and what the
// model has.
ClassChoice parse_class(const std::string& text, const std::string& option, const ModelInfo& model);

// Several of them: apart by commas, or, where there are labels among them, by semicolons.
std::vector<ClassChoice> parse_classes(const std::string& text, const std::string& option, const ModelInfo& model);

} // namespace atelier
