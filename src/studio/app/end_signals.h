// SPDX-License-Identifier: Apache-2.0
// EndSignals: Ctrl-C in the terminal and a terminal that is closed close the window properly: a recording is finished,
// settings are kept. One at a time; owned by the App.
#pragma once

namespace atelier::studio {

class EndSignals {
public:
    EndSignals();
    ~EndSignals(); // as it was before
    EndSignals(const EndSignals&) = delete;
    EndSignals& operator=(const EndSignals&) = delete;

    static bool asked(); // one has come since the newest was made

private:
    static constexpr int count = 3;
    void (*before_[count])(int);
};

} // namespace atelier::studio
