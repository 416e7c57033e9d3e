// SPDX-License-Identifier: Apache-2.0
// atelier dataset shard: cuts an existing training set into shards, or puts them together again.
#include <memory>
#include <string>

#include <fmt/format.h>

#include "base/error.h"
#include "base/progress.h"
#include "cli/commands.h"
#include "cli/interrupt_guard.h"
#include "prepare/reshard.h"

namespace atelier {
namespace {

struct ShardText {
    std::string set, out;
    std::size_t shard_pictures = 10'000;
};

void run_shard(const ShardText& text) {
    ProgressBar bar("Copying", "pictures");
    const InterruptGuard guard;
    const std::size_t pictures =
        prepare::reshard(text.set, text.out, text.shard_pictures, [&](std::size_t done, std::size_t total) {
            bar.update(static_cast<std::int64_t>(done), static_cast<std::int64_t>(total));
            if (guard.interrupted()) {
                fail("Stopped before the set was complete; nothing was written.");
            }
        });
    const std::size_t most = text.shard_pictures;
    bar.close(fmt::format("Wrote {}: {} pictures{}.", text.out, pictures,
                          most == 0 ? "" : fmt::format(" in shards of at most {}", most)));
}

} // namespace

void add_dataset_shard(CLI::App& dataset) {
    auto text = std::make_shared<ShardText>();
    CLI::App* command = dataset.add_subcommand("shard", "Cut a training set into shards, or put them together again");
    command->add_option("set", text->set, "Folder, zip, or folder of shards")->required();
    command
        ->add_option("--out", text->out, "The set to write: a new folder, or without shards a name that ends in .zip")
        ->required();
    command->add_option("--shard-pictures", text->shard_pictures, "Pictures of a shard, at most; 0: no shards, one set")
        ->check(CLI::Range(0, 100'000'000))
        ->capture_default_str();
    command->footer("Pictures and labels are copied byte for byte, and training goes the same way with both. "
                    "docs/dataset.md has the layout.");
    command->callback([text] { run_shard(*text); });
}

} // namespace atelier
