// SPDX-License-Identifier: Apache-2.0
#include "prepare/reshard.h"

#include "base/error.h"
#include "io/pickle_value.h"
#include "io/shard_set.h"
#include "prepare/set_files.h"
#include "prepare/set_target.h"

namespace atelier::prepare {

std::size_t reshard(const std::filesystem::path& set, const std::filesystem::path& target, std::size_t shard_pictures,
                    const std::function<void(std::size_t, std::size_t)>& progress) {
    check_target(target, {set}, shard_pictures);
    if (const auto folder = io::shard_folder(set)) { // a copy of damage would have a right checksum
        const io::ShardIndex index = io::read_shard_index(*folder);
        io::check_shards(*folder, index, true, [&](const std::string& /*what*/) {
            progress(0, static_cast<std::size_t>(index.pictures())); // may throw to give up
        });
    }
    const SetFiles files(set);
    if (!files.strangers().empty()) {
        fail("{}: has {} picture{} that training refuses, the first is {}; 'atelier dataset check' says what mends it.",
             set.string(), files.strangers().size(), files.strangers().size() == 1 ? "" : "s",
             io::printable(files.strangers().front()));
    }
    const std::size_t count = files.pictures().size();
    const std::unique_ptr<SetTarget> to = open_target(target, count, shard_pictures);
    std::size_t done = 0;
    for (const std::string& name : files.pictures()) {
        to->add(name, files.read(name));
        progress(++done, count);
    }
    if (files.has(io::set_description_name)) {
        to->describe(files.read(io::set_description_name));
    }
    to->finish();
    return count;
}

} // namespace atelier::prepare
