// SPDX-License-Identifier: Apache-2.0
// The small program that people start: sets what has to be set before the libraries load, then becomes atelier-main.
#include <cstdio>
#include <cstdlib>
#include <string>

#include <unistd.h>

#include "cli/launch.h"

int main(int, char** argv) {
    // OpenMP's workers spin while they wait, by default long enough to starve everything else on a busy machine: a
    // picture then takes ten times as long. libgomp reads this when it is loaded, so main() of the program is too late.
    setenv("OMP_WAIT_POLICY", "passive", 0);
    setenv("GOMP_SPINCOUNT", "3000", 0);
    // MKL's products otherwise depend on how many threads make them, on Intel's processors: then a sheet, made by a
    // thread a picture, has other bits than the picture on the screen.
    setenv("MKL_CBWR", "AUTO,STRICT", 0);
    std::string self(4096, '\0');
    const ssize_t length = readlink("/proc/self/exe", self.data(), self.size());
    self.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
    const std::string folder = self.substr(0, self.rfind('/') + 1);
    const atelier::LibraryPath path = atelier::library_path(folder);
    if (!path.problem.empty()) {
        std::fprintf(stderr, "atelier: %s\n", path.problem.c_str());
        return 2;
    }
    if (!path.folders.empty()) {
        const char* before = std::getenv("LD_LIBRARY_PATH");
        const bool some = before != nullptr && *before != '\0';
        setenv("LD_LIBRARY_PATH", (path.folders + (some ? ":" + std::string(before) : "")).c_str(), 1);
    }
    const std::string program = folder + "atelier-main";
    execv(program.c_str(), argv);
    std::perror(("atelier: " + program + " can't be started").c_str());
    return 1;
}
