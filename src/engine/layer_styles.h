// SPDX-License-Identifier: Apache-2.0
// The styles and demodulations that ws give the layers of a picture. All are made before its first convolution: they
// are small products over large matrices, and a loop over the cores for each would be longer in starting than in
// computing. Internal to engine (torch).
#pragma once

#include <functional>
#include <vector>

#include "engine/prepared_synthesis.h"

namespace atelier {

// Matrix rows of several products, to be computed by all cores at once.
class RowWork {
public:
    using Rows = std::function<void(int begin, int end)>;
    void add(int rows, int columns, Rows work);
    void run() const;

private:
    struct Part {
        int first, rows;
        Rows work;
    };
    std::vector<Part> parts_;
    int rows_ = 0, widest_ = 1;
};

// The styles that one w gives a layer. `from` has to outlive this, w the work.
struct Styles {
    const PreparedAffine& affine;
    std::vector<float> out;

    explicit Styles(const PreparedAffine& from);
    void add_to(RowWork& work, const float* w);
};

// A layer at work: the shared weights and what the last w made of them (1912.04958, eq. 1 and 3).
struct LayerStyles {
    const PreparedLayer& weights;
    Styles styles;
    std::vector<float> demodulation;

    explicit LayerStyles(const PreparedLayer& from);
    // demodulations: runs after `styles` has.
    void add_to(RowWork& styles, RowWork& demodulations, const float* w);
};

struct RgbStyles {
    const PreparedRgb& weights;
    Styles styles;
    std::vector<float> styled; // the weights times the styles

    explicit RgbStyles(const PreparedRgb& from);
    void weigh();
};

} // namespace atelier
