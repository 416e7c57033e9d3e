// SPDX-License-Identifier: Apache-2.0
// ChoiceStore: what a person chose by hand about the pictures of a set, kept by the set's work folder.
#pragma once

#include <filesystem>

#include "studio/services/dataset_service.h"
#include "studio/services/sidecar_file.h"

namespace atelier::studio {

class ChoiceStore : public SidecarFile<HandChoices> {
public:
    explicit ChoiceStore(std::filesystem::path folder); // empty: nothing is kept
};

// Throws Error naming the file and what to do: damaged, or of a newer version.
HandChoices load_choices(const std::filesystem::path& file);
// Atomic. `of`: for people who read it.
void save_choices(const std::filesystem::path& file, const std::string& of, const HandChoices& choices);

} // namespace atelier::studio
