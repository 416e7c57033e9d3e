// SPDX-License-Identifier: Apache-2.0
// FaceFinder: faces in a picture with their 68 landmarks (numbered as in the iBUG 300-W annotation, from 0), through
// dlib's detector and model. Owned by one worker thread; the model is shared.
#pragma once

#include <memory>
#include <vector>

#include "prepare/finding.h"
#include "prepare/picture.h"

namespace atelier::prepare {

struct Face {
    std::vector<Point> landmarks; // 68, in pixels of the picture
    Scores scores;                // face, yaw, pitch, roll, eyes, mouth, skin, fit are filled
};

class FaceFinder {
public:
    // Throws Error if the landmark model of Debian's libdlib-data is missing (ATELIER_LANDMARKS names another file).
    FaceFinder();
    ~FaceFinder();
    FaceFinder(const FaceFinder&) = delete;
    FaceFinder& operator=(const FaceFinder&) = delete;

    // From left to right. Faces whose box (brows to chin) is narrower than a 25th of the picture's longer side, or than
    // 27 px, are not found. Rolled ones are, up to about 40 degrees at once and beyond on turned copies.
    std::vector<Face> find(const Picture& picture);
    // The highest confidence in the picture; below 0: no face. Quicker.
    double confidence(const Picture& picture);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace atelier::prepare
