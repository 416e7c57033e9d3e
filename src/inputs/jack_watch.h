// SPDX-License-Identifier: Apache-2.0
// JackWatch: whether a JACK server runs, and which MIDI ports it has. It never starts one and prints nothing. One
// thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace atelier::inputs {

class JackWatch {
public:
    // on_news: from a thread of JACK's, when ports come or go or the server ends.
    explicit JackWatch(std::function<void()> on_news);
    ~JackWatch();
    JackWatch(const JackWatch&) = delete;
    JackWatch& operator=(const JackWatch&) = delete;

    // Looks for a server where there was none (4 ms without one). False: none, or the one that was found has ended, or
    // somebody still has clients of an earlier one.
    bool look();
    // After a server's end. All of this process's other JACK clients must be closed by then: the library takes its
    // ground from under them when the next look finds no server.
    void leave();
    bool there() const; // the server that look() found has not ended

    enum class Which { say, hear }; // ports that give messages, ports that take them
    std::vector<std::string> ports(Which which) const;
    bool heard_by_us(const std::string& port) const; // it is connected to a port of ours, or one of ours to it
    // Those of `ports` that have gone since the last call, though they may be there again.
    std::vector<std::string> take_gone();

private:
    struct Kept;
    std::unique_ptr<Kept> kept_;
};

} // namespace atelier::inputs
