// SPDX-License-Identifier: Apache-2.0
#include "train/run_stand.h"

#include <chrono>
#include <thread>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "io/input_file.h"
#include "io/safetensors.h"
#include "model/config.h"
#include "train/run_folder.h"
#include "train/trainer.h"

namespace atelier::train {

using nlohmann::json;

std::optional<std::int64_t> images_of_checkpoint(const std::filesystem::path& run) {
    try {
        const auto metadata = io::safetensors_metadata(run / "checkpoint.safetensors");
        return json::parse(metadata.at("atelier")).at("run").at("images").get<std::int64_t>();
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

bool ranks_can_share(const std::filesystem::path& run, int ranks) {
    TrainerSettings settings;
    model::DiscriminatorConfig d;
    try {
        const io::InputFile file(run / "options.json");
        const json options = json::parse(file.read_all());
        const json& epilogue = options.at("D_kwargs").at("epilogue_kwargs");
        settings.batch = options.at("batch_size").get<int>();
        settings.loss.pl_weight = options.at("loss_kwargs").at("pl_weight").get<double>();
        d.mbstd_num_channels = epilogue.value("mbstd_num_channels", 1);
        const json& group = epilogue.at("mbstd_group_size");
        d.mbstd_group_size = group.is_null() ? std::nullopt : std::optional(group.get<int>());
    } catch (const std::exception&) {
        return true;
    }
    try {
        check_ranks(settings, d, ranks);
        return true;
    } catch (const Error&) {
        return false;
    }
}

void log_between_starts(const std::filesystem::path& run, const std::string& line, double seconds) {
    const auto begin = std::chrono::steady_clock::now();
    while (true) {
        try {
            RunFolder::open(run).log(line);
            return;
        } catch (const Error&) {
            if (std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() > seconds) {
                throw;
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

} // namespace atelier::train
