// SPDX-License-Identifier: Apache-2.0
// The small program that people start: sets what has to be set before the libraries load, then becomes atelier-main.
#include <cstdio>
#include <cstdlib>
#include <string>

#include <unistd.h>

int main(int, char** argv) {
    // OpenMP's workers spin while they wait, by default long enough to starve everything else on a busy machine: a
    // picture then takes ten times as long. libgomp reads this when it is loaded, so main() of the program is too late.
    setenv("OMP_WAIT_POLICY", "passive", 0);
    setenv("GOMP_SPINCOUNT", "3000", 0);
    std::string self(4096, '\0');
    const ssize_t length = readlink("/proc/self/exe", self.data(), self.size());
    self.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
    const std::string program = self.substr(0, self.rfind('/') + 1) + "atelier-main";
    execv(program.c_str(), argv);
    std::perror(("atelier: " + program + " can't be started").c_str());
    return 1;
}
