// SPDX-License-Identifier: Apache-2.0
// The options of atelier train for networks that a step takes a moment of, on one thread. For tests only.
#pragma once

#include <string>
#include <vector>

namespace atelier::test {

// `words` with them at the end.
inline std::vector<std::string> with_tiny_networks(std::vector<std::string> words) {
    for (const char* each :
         {"--z-dim", "16", "--map-depth", "2", "--channel-base", "64", "--channel-max", "8", "--threads", "1"})
        words.emplace_back(each);
    return words;
}

} // namespace atelier::test
