// SPDX-License-Identifier: Apache-2.0
// FileChooser: Dialog::open, open_data, open_start, open_run and open_pictures - one dialog, what it takes differs. It
// looks at folders on another thread. One per window.
#pragma once

#include <memory>

namespace atelier::studio {

class Studio;

class FileChooser {
public:
    FileChooser();
    ~FileChooser();
    FileChooser(const FileChooser&) = delete;
    FileChooser& operator=(const FileChooser&) = delete;

    void draw(Studio& studio); // nothing while none of these dialogs is open

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace atelier::studio
