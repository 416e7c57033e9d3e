// SPDX-License-Identifier: Apache-2.0
// What others may ask of a run through its folder, by files that are named for it: request-stop, request-snapshot. The
// name is all that counts; what is in such a file is never read. No torch.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace atelier::train {

enum class RunRequest { stop, snapshot };

std::filesystem::path request_file(const std::filesystem::path& run, RunRequest what);

// For those who ask: makes the file; one that is there already is as good. Throws Error naming it if it can't be made.
void ask_of_run(const std::filesystem::path& run, RunRequest what);
// Whether the run has not taken it yet.
bool is_asked(const std::filesystem::path& run, RunRequest what);

// For the run: what is asked by now, each at most once; its file is gone then. A file that is no regular one, or can't
// be removed, is not obeyed: a sentence on it comes into `troubles` each time.
std::vector<RunRequest> take_requests(const std::filesystem::path& run, std::vector<std::string>& troubles);

} // namespace atelier::train
