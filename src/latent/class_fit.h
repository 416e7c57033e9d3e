// SPDX-License-Identifier: Apache-2.0
// Classes and labels of another model: sessions, logs and stars may come from one that has more of them.
#pragma once

#include <string>

#include "base/render_params.h"

namespace atelier {

// Of the picture and of each part of its blends: a class beyond the c_dim of the model becomes its last one, and a
// label of another length is dropped, so that the class beside it counts. Models without classes (0) mind neither. The
// sentence tells what was found first; empty: everything fits.
std::string fit_classes(RenderParams& params, int c_dim);

} // namespace atelier
