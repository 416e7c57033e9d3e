// SPDX-License-Identifier: Apache-2.0
#include "studio/live/pages.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/file_names.h"
#include "io/atomic_file.h"
#include "studio/core/toasts.h"
#include "studio/state/connection_file.h"

namespace atelier::studio {
namespace fs = std::filesystem;

Pages::Pages(Toasts& toasts, fs::path folder) : toasts_(toasts), folder_(std::move(folder)) {
    if (!folder_.empty())
        work_.add([folder = folder_] { return Done{{}, {}, names_in(folder)}; });
}

fs::path Pages::file_of(const std::string& name) const {
    return folder_ / (file_name_for(name) + connections_extension);
}

std::vector<std::string> Pages::names_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code none;
    for (fs::directory_iterator each(folder, none), end; !none && each != end; each.increment(none)) {
        if (is_connections_file(each->path())) {
            const std::string name = each->path().filename().string();
            names.push_back(name.substr(0, name.size() - std::string_view(connections_extension).size()));
        }
    }
    std::ranges::sort(names);
    return names;
}

void Pages::save(const std::string& name, const std::vector<Connection>& connections) {
    if (folder_.empty()) {
        toasts_.add(ToastKind::bad, "The connections were not saved", "Nothing of this run is kept.");
        return;
    }
    work_.add([folder = folder_, file = file_of(name), text = connections_text(connections)] {
        std::error_code ignored;
        fs::create_directories(folder, ignored);
        io::write_file(file, text);
        return Done{"Connections saved: " + file.string(), {}, names_in(folder)};
    });
}

void Pages::open(const fs::path& file) {
    work_.add([folder = folder_, file] {
        auto connections = load_connections(file);
        return Done{fmt::format("{} connections: {}", connections.size(), file.filename().string()),
                    std::move(connections), names_in(folder)};
    });
}

std::optional<std::vector<Connection>> Pages::tick() {
    std::optional<std::vector<Connection>> opened;
    while (auto done = work_.take()) {
        if (!done->result) {
            toasts_.add(ToastKind::bad, "That page of connections failed", done->message);
            continue;
        }
        names_ = done->result->names;
        if (!done->result->told.empty())
            toasts_.add(ToastKind::good, done->result->told);
        if (done->result->opened)
            opened = std::move(done->result->opened);
    }
    return opened;
}

} // namespace atelier::studio
