// SPDX-License-Identifier: Apache-2.0
#include "studio/session/undo_text.h"

#include <vector>

#include <fmt/format.h>

#include "studio/state/parameters.h"

namespace atelier::studio {
namespace {

std::string list_text(std::size_t before, std::size_t after, const char* one, const char* several) {
    if (before == after)
        return several;
    const std::size_t count = before < after ? after - before : before - after;
    return fmt::format("{} {}", count == 1 ? one : several, before < after ? "added" : "removed");
}

// Adds a word for it if it has changed, and makes it equal.
template <typename Value, typename Word>
void compare(std::vector<std::string>& words, Value& before, const Value& after, Word word) {
    if (before == after)
        return;
    words.push_back(word());
    before = after;
}

template <typename List>
void compare_list(std::vector<std::string>& words, List& before, const List& after, const char* one,
                  const char* several) {
    compare(words, before, after, [&] { return list_text(before.size(), after.size(), one, several); });
}

} // namespace

std::string change_text(const StudioState& before, const StudioState& after) {
    StudioState rest = before;
    rest.timeline.touched = after.timeline.touched; // goes with what was set
    if (std::string label = changed_parameter(rest, after); !label.empty())
        return label;
    rest.next_id = after.next_id; // counts what was added, and is nothing that anybody sees
    std::vector<std::string> words;
    const auto name = [](const char* word) { return [word] { return std::string(word); }; };
    compare_list(words, rest.timeline.curve.keyframes, after.timeline.curve.keyframes, "moment", "moments");
    if (!words.empty())
        rest.timeline = after.timeline; // it is put on and off with its moments
    compare(words, rest.timeline, after.timeline, name("timeline"));
    compare_list(words, rest.stars, after.stars, "star", "stars");
    compare_list(words, rest.walk.seeds, after.walk.seeds, "seed", "seeds");
    compare_list(words, rest.directions, after.directions, "direction", "directions");
    compare_list(words, rest.oscillators, after.oscillators, "oscillator", "oscillators");
    for (std::size_t i = 0; i < rest.presets.size(); ++i)
        compare(words, rest.presets[i], after.presets[i], [i] { return fmt::format("preset {}", i + 1); });
    if (rest.latent_override != after.latent_override)
        rest.walk.random_seed = after.walk.random_seed; // a new seed is both
    compare(words, rest.latent_override, after.latent_override, name("shown latent"));
    compare(words, rest.walk, after.walk, name("walk"));
    compare(words, rest.truncation, after.truncation, name("truncation"));
    compare(words, rest.mix, after.mix, name("mix"));
    compare(words, rest.noise, after.noise, name("noise"));
    compare(words, rest.look, after.look, name("look"));
    return words.size() == 1 && rest == after ? words.front() : "several settings";
}

} // namespace atelier::studio
