// SPDX-License-Identifier: Apache-2.0
#include "cli/launch.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <dirent.h>
#include <dlfcn.h>
#include <unistd.h>

namespace atelier {
namespace {

constexpr const char* settings_file = "/etc/atelier.conf";

bool is_there(const std::string& file) {
    return access(file.c_str(), R_OK) == 0;
}

std::string trimmed(const std::string& text) {
    const char* blanks = " \t\r\n\"'";
    const std::size_t from = text.find_first_not_of(blanks);
    return from == std::string::npos ? "" : text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

// The last line counts, as in a shell.
std::string from_settings() {
    std::string found;
    if (std::FILE* file = std::fopen(settings_file, "re")) {
        char read[4096];
        while (std::fgets(read, sizeof(read), file) != nullptr) {
            const std::string line = read;
            const std::size_t equals = line.find('=');
            if (equals != std::string::npos && trimmed(line.substr(0, equals)) == "libtorch") {
                found = trimmed(line.substr(equals + 1));
            }
        }
        std::fclose(file);
    }
    return found;
}

void add(std::string& folders, const std::string& folder) {
    folders += (folders.empty() ? "" : ":") + folder;
}

// The torch's own folder and, of a Python installation, the one of the CUDA runtime that it was built with.
void add_torch(LibraryPath& path, const std::string& named, const std::string& by) {
    for (const std::string& folder : {named, named + "/torch"}) {
        if (is_there(folder + "/lib/libtorch_cpu.so")) {
            add(path.folders, folder + "/lib");
            if (const std::string runtime = folder + "/../nvidia/cu13/lib"; is_there(runtime)) {
                add(path.folders, runtime);
            }
            return;
        }
    }
    path.problem = by + " names '" + named +
                   "', which has no lib/libtorch_cpu.so; name the torch folder of a Python installation, such as "
                   "/opt/venv/lib/python3.11/site-packages/torch, version 2.11.";
}

std::vector<std::string> names_in(const std::string& folder) {
    std::vector<std::string> names;
    if (DIR* open = opendir(folder.c_str())) {
        while (const dirent* entry = readdir(open)) {
            if (entry->d_name[0] != '.') {
                names.emplace_back(entry->d_name);
            }
        }
        closedir(open);
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace

LibraryPath library_path(const std::string& bin) {
    LibraryPath path;
    const char* named = std::getenv("ATELIER_LIBTORCH");
    if (named != nullptr && *named != '\0') {
        add_torch(path, named, "ATELIER_LIBTORCH");
    } else if (bin.rfind("/usr/", 0) == 0) {
        if (const std::string set = from_settings(); !set.empty()) {
            add_torch(path, set, settings_file);
        }
    }
    const std::string torch = path.folders;
    const std::string fallbacks = bin + "../lib/fallback/";
    for (const std::string& name : names_in(fallbacks)) {
        const bool in_torch = !torch.empty() && is_there(torch.substr(0, torch.find(':')) + "/" + name);
        if (!in_torch && dlopen(name.c_str(), RTLD_LAZY | RTLD_LOCAL) == nullptr) {
            add(path.folders, fallbacks + name);
        }
    }
    return path;
}

} // namespace atelier
