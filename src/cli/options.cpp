// SPDX-License-Identifier: Apache-2.0
#include "cli/options.h"

#include <algorithm>
#include <charconv>

#include <fmt/ranges.h>

#include "base/error.h"
#include "base/folder_name.h"
#include "base/log.h"
#include "cli/class_option.h"
#include "io/atomic_file.h"
#include "ops/threads.h"
#include "studio/state/parameters.h"

namespace atelier {
namespace {

// Without the blanks around it: people write "1, 2, 3".
std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(' ');
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::uint64_t parse_number(std::string_view given, const std::string& option, const std::string& whole) {
    const std::string_view text = trimmed(given);
    std::uint64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || problem == std::errc::invalid_argument || end != text.data() + text.size()) {
        fail("{} is '{}'; it has to be a list of whole numbers and ranges such as 0-15,85.", option, whole);
    }
    if (problem == std::errc::result_out_of_range) {
        return ~std::uint64_t{0};
    }
    return value;
}

// Whole numbers and ranges, separated by commas; each at most `limit`.
std::vector<std::uint64_t> parse_list(const std::string& text, const std::string& option, std::uint64_t limit) {
    std::vector<std::uint64_t> result;
    std::size_t start = 0;
    while (start <= text.size()) {
        const std::size_t comma = std::min(text.find(',', start), text.size());
        const std::string_view item(text.data() + start, comma - start);
        start = comma + 1;
        const std::size_t dash = item.find('-');
        const std::uint64_t first = parse_number(item.substr(0, dash), option, text);
        const std::uint64_t last =
            dash == std::string_view::npos ? first : parse_number(item.substr(dash + 1), option, text);
        if (first > limit || last > limit) {
            fail("{} is '{}'; its numbers have to lie between 0 and {}.", option, text, limit);
        }
        if (last < first) {
            fail("{} is '{}'; a range has to go upwards.", option, text);
        }
        if (last - first >= 100000 || result.size() + (last - first) >= 100000) {
            fail("{} is '{}'; that is more than 100000 numbers.", option, text);
        }
        for (std::uint64_t value = first; value <= last; ++value) {
            result.push_back(value);
        }
    }
    return result;
}

// What a parameter's option says about itself.
std::string parameter_help(const char* id) {
    const studio::Parameter& row = studio::parameter(id);
    if (row.scale == studio::Scale::choice) {
        return fmt::format("{}: {}", row.tooltip, fmt::join(row.names, ", "));
    }
    return fmt::format("{}; {} to {}", row.tooltip, row.min, row.max);
}

void check_parameter(const char* option, const char* id, double value) {
    const studio::Parameter& row = studio::parameter(id);
    if (!(value >= row.min && value <= row.max)) {
        fail("{} is {}; it has to be a number between {} and {}.", option, value, row.min, row.max);
    }
}

} // namespace

std::vector<std::uint32_t> parse_seeds(const std::string& text, const std::string& option) {
    const std::vector<std::uint64_t> values = parse_list(text, option, 0xffffffffULL);
    return {values.begin(), values.end()};
}

std::vector<int> parse_layers(const std::string& text, int num_ws) {
    const auto group = [&](int first, int last) {
        if (first >= num_ws) {
            fail("--layers is '{}', but this model has only the w layers 0 to {}.", text, num_ws - 1);
        }
        std::vector<int> layers;
        for (int i = first; i <= std::min(last, num_ws - 1); ++i) {
            layers.push_back(i);
        }
        return layers;
    };
    if (text == "coarse") {
        return group(0, 2);
    }
    if (text == "middle") {
        return group(3, 6);
    }
    if (text == "fine") {
        return group(7, num_ws - 1);
    }
    if (text.empty() || text.find_first_not_of("0123456789,-") != std::string::npos) {
        fail("--layers is '{}'; it has to be coarse, middle, fine or a list such as 0-3,7.", text);
    }
    const auto values = parse_list(text, "--layers", static_cast<std::uint64_t>(num_ws - 1));
    return {values.begin(), values.end()};
}

void add_picture_options(CLI::App& command, PictureOptions& picture) {
    command.add_option("--psi", picture.psi, parameter_help("truncation.psi"))->capture_default_str();
    command.add_option("--cutoff", picture.cutoff, parameter_help("truncation.cutoff"))->capture_default_str();
    command.add_option("--noise", picture.noise, parameter_help("noise.mode"))->capture_default_str();
    command.add_option("--noise-strength", picture.noise_strength, parameter_help("noise.strength"))
        ->capture_default_str();
    command.add_option("--noise-seed", picture.noise_seed, "Seed of --noise random")->capture_default_str();
    command
        .add_option("--class", picture.of_class,
                    "Class of a conditional model: its number, its name, or all numbers of a label, such as 0.5,0,0.5")
        ->capture_default_str();
    command.add_option("--precision", picture.precision, "fp32, bf16 or fp16")->capture_default_str();
    command.add_option("--device", picture.device, "auto, cpu or cuda")->capture_default_str();
    command.add_option("--threads", picture.threads, "Cores to use; 0: all")->capture_default_str();
    add_square_option(command, picture);
}

void add_square_option(CLI::App& command, PictureOptions& picture) {
    command.add_flag("--square", picture.square,
                     "Squares as the network makes them, also where its pictures have another ratio");
}

RenderParams picture_params(const PictureOptions& picture) {
    RenderParams params;
    check_parameter("--psi", "truncation.psi", picture.psi);
    check_parameter("--noise-strength", "noise.strength", picture.noise_strength);
    if (picture.threads < 0 || picture.threads > 1024) {
        fail("--threads is {}; it has to lie between 0 (all cores) and 1024.", picture.threads);
    }
    params.psi = picture.psi;
    params.cutoff = picture.cutoff;
    params.noise =
        choose<NoiseMode>(picture.noise, "--noise",
                          {{"const", NoiseMode::constant}, {"random", NoiseMode::random}, {"none", NoiseMode::none}});
    params.noise_strength = static_cast<float>(picture.noise_strength);
    params.noise_seed = picture.noise_seed;
    params.precision =
        choose<Precision>(picture.precision, "--precision",
                          {{"fp32", Precision::fp32}, {"bf16", Precision::bf16}, {"fp16", Precision::fp16}});
    return params;
}

RenderParams picture_params(const PictureOptions& picture, const ModelInfo& model) {
    RenderParams params = picture_params(picture);
    parse_class(picture.of_class, "--class", model).set(params);
    return params;
}

void check_names_folder(const std::string& out, const std::string& right) {
    if (!names_folder(out)) {
        fail("--out is {}, but nothing is written as {}; name {}, or a folder (with a / behind it, where its name has "
             "an ending).",
             out, std::filesystem::path(out).extension().string(), right);
    }
}

void check_can_write(const std::string& file) {
    const io::AtomicFile probe(file); // never committed, so nothing is left
}

std::shared_ptr<const LoadedModel> load_for_command(const std::string& path, const PictureOptions& picture) {
    picture_params(picture); // refuse bad options before a long load
    set_operation_threads(picture.threads);
    auto model = load_model(path, picture.device);
    const ModelInfo& info = model->info();
    for (const std::string& warning : info.warnings) {
        log_warning("{}", warning);
    }
    if (picture.cutoff < -1 || picture.cutoff > info.num_ws) {
        fail("--cutoff is {}; {} has {} w layers, so it has to lie between 0 and {}, or be -1 for all.", picture.cutoff,
             info.name, info.num_ws, info.num_ws);
    }
    parse_class(picture.of_class, "--class", info);
    return picture.square ? model->at_ratio({}) : model;
}

} // namespace atelier
