// SPDX-License-Identifier: Apache-2.0
// Networks from the inert data of a model file, and back to such data for saving.
#pragma once

#include <string>
#include <vector>

#include "base/class_facts.h"
#include "base/picture_ratio.h"
#include "io/checkpoint.h"
#include "model/discriminator.h"
#include "model/synthesis.h"

namespace atelier::model {

// `what` begins every message ("<file>: G_ema"). Tensors are widened to float32; a missing resample_filter is rebuilt
// from the options; names that no layer asks for become a warning. Throws Error if a tensor is missing or has another
// shape than the network needs.
Generator load_generator(const io::NetworkData& data, const std::string& what, std::vector<std::string>& warnings);
Discriminator load_discriminator(const io::NetworkData& data, const std::string& what,
                                 std::vector<std::string>& warnings);
// The file's "D", which has to be there: of pictures that aren't square, its generator tells how high and wide they
// are.
Discriminator load_discriminator(const io::CheckpointFile& file, const std::string& path,
                                 std::vector<std::string>& warnings);

// That the pictures were squashed from, as Atelier's own files tell in "ratio": [5,4]; 1:1 for all others. What makes
// no sense counts as 1:1 and becomes a warning that begins with `path`.
PictureRatio picture_ratio(const io::CheckpointFile& file, const std::string& path, std::vector<std::string>& warnings);
// Into the file's metadata; 1:1 is not written.
void set_picture_ratio(io::CheckpointFile& file, PictureRatio ratio);

// Names and pictures of classes, as Atelier writes them into a model: "classes": ["cats", "dogs"], "class_pictures":
// [40, 60]. What makes no sense counts as not told.
ClassFacts class_facts(const io::CheckpointFile& file);
// Into the file's metadata, as far as there is something to tell.
void set_class_facts(io::CheckpointFile& file, const ClassFacts& facts);

io::NetworkData to_network_data(const Generator& generator);
io::NetworkData to_network_data(const Discriminator& discriminator);

} // namespace atelier::model
