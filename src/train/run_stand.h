// SPDX-License-Identifier: Apache-2.0
// What whoever starts the ranks of a run has to know of its folder. No torch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace atelier::train {

// Real pictures that the run's newest checkpoint has seen; none where there is no checkpoint that can be read.
std::optional<std::int64_t> images_of_checkpoint(const std::filesystem::path& run);

// Whether that many ranks can share the run's batches out, by its options.json; true where that can't be read, since
// the ranks then say themselves what is wrong.
bool ranks_can_share(const std::filesystem::path& run, int ranks);

// Writes a line into the log of a run that nobody trains any more, once whoever did so has let go of its folder. Throws
// Error if that takes longer than `seconds`, or the line can't be written.
void log_between_starts(const std::filesystem::path& run, const std::string& line, double seconds);

} // namespace atelier::train
