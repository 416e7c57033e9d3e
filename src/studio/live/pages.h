// SPDX-License-Identifier: Apache-2.0
// Pages: sets of connections in files, a page for a known controller say. Reading and writing happen on another thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/job_queue.h"
#include "studio/state/live_state.h"

namespace atelier::studio {

class Toasts;

class Pages {
public:
    // folder: of pages that are named and not placed; empty: there are none.
    Pages(Toasts& toasts, std::filesystem::path folder);

    // What goes wrong is a message.
    void save(const std::string& name, const std::vector<Connection>& connections);
    void open(const std::string& name) { open(file_of(name)); }
    void open(const std::filesystem::path& file);
    const std::vector<std::string>& names() const { return names_; } // that there are, by name

    // Once a turn: the connections that were opened.
    std::optional<std::vector<Connection>> tick();
    bool busy() const { return work_.pending(); }
    void finish() { work_.wait(); }

private:
    struct Done {
        std::string told; // empty: nothing
        std::optional<std::vector<Connection>> opened;
        std::vector<std::string> names;
    };
    std::filesystem::path file_of(const std::string& name) const;
    static std::vector<std::string> names_in(const std::filesystem::path& folder);

    Toasts& toasts_;
    std::filesystem::path folder_;
    std::vector<std::string> names_;
    JobQueue<Done> work_;
};

} // namespace atelier::studio
