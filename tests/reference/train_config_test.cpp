// SPDX-License-Identifier: Apache-2.0
// Resolved options against the reference's table: every row, every value, and its refusals.
#include <cmath>
#include <map>
#include <set>

#include "base/error.h"
#include "reference/golden.h"
#include "train/config.h"

namespace {

using namespace atelier;
using namespace atelier::test;
using nlohmann::json;
using train::TrainConfig;
using train::TrainFacts;

// Speed, files and evaluation: nothing that a picture depends on.
const std::set<std::string> other_options{"metrics", "workers", "nobench", "allow_tf32"};
const std::set<std::string> other_values{
    "metrics",         "data_loader_kwargs.num_workers",     "allow_tf32", "data_loader_kwargs.pin_memory",
    "cudnn_benchmark", "data_loader_kwargs.prefetch_factor", "resume_pkl", "training_set_kwargs.path"};

TrainFacts facts_of(const json& row, int pictures) {
    TrainFacts facts;
    facts.resolution = row.at("resolution");
    facts.pictures = pictures;
    facts.label_dim = 3;
    facts.gpus = row.at("options").value("gpus", 1);
    facts.channels_last = row.at("options").value("nhwc", false);
    return facts;
}

AugmentMode mode_of(const std::string& name) {
    static const std::map<std::string, AugmentMode> modes{
        {"ada", AugmentMode::ada}, {"fixed", AugmentMode::fixed}, {"noaug", AugmentMode::off}};
    return modes.at(name);
}

TrainOptions options_of(const json& given) {
    using Set = std::function<void(TrainOptions&, const json&)>;
    static const std::map<std::string, Set> setters{
        {"cfg", [](TrainOptions& o, const json& v) { o.cfg = v; }},
        {"gpus", [](TrainOptions&, const json&) {}}, // facts_of
        {"nhwc", [](TrainOptions&, const json&) {}},
        {"cond", [](TrainOptions& o, const json& v) { o.cond = v; }},
        {"mirror", [](TrainOptions& o, const json& v) { o.mirror_x = v; }},
        {"subset", [](TrainOptions& o, const json& v) { o.subset = v; }},
        {"seed", [](TrainOptions& o, const json& v) { o.seed = v; }},
        {"gamma", [](TrainOptions& o, const json& v) { o.gamma = v.get<double>(); }},
        {"kimg", [](TrainOptions& o, const json& v) { o.kimg = v.get<double>(); }},
        {"batch", [](TrainOptions& o, const json& v) { o.batch = v.get<int>(); }},
        {"aug", [](TrainOptions& o, const json& v) { o.aug = mode_of(v); }},
        {"p", [](TrainOptions& o, const json& v) { o.p = v.get<double>(); }},
        {"target", [](TrainOptions& o, const json& v) { o.target = v.get<double>(); }},
        {"augpipe", [](TrainOptions& o, const json& v) { o.augpipe = v; }},
        {"resume", [](TrainOptions& o, const json& v) { o.resume = v == "noresume" ? "" : v; }},
        {"freezed", [](TrainOptions& o, const json& v) { o.freeze_d = v; }},
        {"fp32", [](TrainOptions& o, const json& v) { o.fp32 = v; }},
        {"snap", [](TrainOptions& o, const json& v) { o.snap = v; }},
    };
    TrainOptions options;
    for (const auto& [name, value] : given.items()) {
        const auto found = setters.find(name);
        if (found != setters.end()) {
            found->second(options, value);
        } else {
            EXPECT_TRUE(other_options.contains(name)) << "no test for the option " << name;
        }
    }
    return options;
}

json number_or_null(const std::optional<double>& value) {
    return value ? json(*value) : json();
}

json adam_values(const train::AdamOptions& adam) {
    return {{"lr", adam.lr}, {"betas", {adam.beta1, adam.beta2}}, {"eps", adam.eps}};
}

json network_values(const TrainConfig& c) {
    const model::SynthesisConfig& s = c.g.synthesis;
    json g{{"z_dim", c.g.mapping.z_dim},
           {"w_dim", c.g.mapping.w_dim},
           {"mapping_kwargs", {{"num_layers", c.g.mapping.num_layers}}},
           {"synthesis_kwargs",
            {{"channel_base", s.channels.base},
             {"channel_max", s.channels.max},
             {"num_fp16_res", s.num_fp16_res},
             {"conv_clamp", number_or_null(s.conv_clamp)}}}};
    json d{{"epilogue_kwargs", {{"mbstd_group_size", *c.d.mbstd_group_size}}},
           {"channel_base", c.d.channels.base},
           {"channel_max", c.d.channels.max},
           {"num_fp16_res", c.d.num_fp16_res},
           {"conv_clamp", number_or_null(c.d.conv_clamp)}};
    // What the reference names only where it is not the network's default.
    if (s.fp16_channels_last) {
        g["synthesis_kwargs"]["fp16_channels_last"] = true;
    }
    if (c.d.fp16_channels_last) {
        d["block_kwargs"]["fp16_channels_last"] = true;
    }
    if (c.d.freeze_layers != 0) {
        d["block_kwargs"]["freeze_layers"] = c.d.freeze_layers;
    }
    if (c.d.architecture != model::Architecture::resnet) {
        d["architecture"] = model::architecture_name(c.d.architecture);
    }
    return {{"G_kwargs", g}, {"D_kwargs", d}};
}

json argument_values(const TrainConfig& c) {
    json values = network_values(c);
    values.update({{"num_gpus", c.gpus},
                   {"image_snapshot_ticks", c.snapshot_ticks},
                   {"network_snapshot_ticks", c.snapshot_ticks},
                   {"random_seed", c.seed},
                   {"total_kimg", c.total_kimg},
                   {"batch_size", c.trainer.batch},
                   {"batch_gpu", c.trainer.batch_gpu},
                   {"ema_kimg", c.trainer.ema_kimg},
                   {"ema_rampup", number_or_null(c.trainer.ema_rampup)},
                   {"G_opt_kwargs", adam_values(c.trainer.g_adam)},
                   {"D_opt_kwargs", adam_values(c.trainer.d_adam)},
                   {"loss_kwargs", {{"r1_gamma", c.trainer.loss.r1_gamma}}},
                   {"training_set_kwargs",
                    {{"use_labels", c.data.use_labels},
                     {"max_size", c.data.max_size},
                     {"xflip", c.data.xflip},
                     {"resolution", c.g.synthesis.img_resolution}}}});
    if (c.trainer.ada.target) {
        values["ada_target"] = *c.trainer.ada.target;
    }
    return values;
}

json default_values(const TrainConfig& c) {
    return {{"G_reg_interval", *c.trainer.g_reg_interval},
            {"D_reg_interval", *c.trainer.d_reg_interval},
            {"ada_interval", c.trainer.ada.interval},
            {"ada_kimg", c.trainer.ada.kimg},
            {"augment_p", c.trainer.p},
            {"kimg_per_tick", c.kimg_per_tick},
            {"style_mixing_prob", c.trainer.loss.style_mixing_prob},
            {"pl_weight", c.trainer.loss.pl_weight},
            {"pl_batch_shrink", c.trainer.loss.pl_batch_shrink},
            {"pl_decay", c.trainer.loss.pl_decay}};
}

json derived_values(const train::AdamOptions& adam, int interval) {
    json values = adam_values(train::lazy_options(adam, interval));
    values["reg_interval"] = interval;
    values["mb_ratio"] = interval / (interval + 1.0);
    return values;
}

void flatten(const json& value, const std::string& name, std::map<std::string, json>& into) {
    if (value.is_object()) {
        for (const auto& [key, part] : value.items()) {
            flatten(part, name.empty() ? key : name + "." + key, into);
        }
    } else if (!name.ends_with("class_name") && !other_values.contains(name)) {
        into[name] = value;
    }
}

bool same(const json& a, const json& b) {
    if (a.is_array() && b.is_array() && a.size() == b.size()) {
        return std::equal(a.begin(), a.end(), b.begin(), same);
    }
    if (a.is_number() && b.is_number()) {
        const double x = a, y = b;
        return std::abs(x - y) <= 1e-12 * std::abs(y);
    }
    return a == b;
}

// Both sides have to name the same values; golden ones in `elsewhere` are compared there. Returns how many.
std::size_t compare(const json& ours, const json& golden, const std::set<std::string>& elsewhere = {}) {
    std::map<std::string, json> a, b;
    flatten(ours, "", a);
    flatten(golden, "", b);
    for (const std::string& name : elsewhere) {
        b.erase(name);
    }
    for (const auto& [name, value] : b) {
        EXPECT_TRUE(a.contains(name)) << name << " is not resolved";
        EXPECT_TRUE(same(a[name], value)) << name << " is " << a[name] << ", not " << value;
    }
    for (const auto& [name, value] : a) {
        EXPECT_TRUE(b.contains(name)) << name << " is " << value << ", but should not be set";
    }
    return b.size();
}

std::size_t compare_row(const json& row, int pictures) {
    const TrainConfig c = train::resolve(options_of(row.at("options")), facts_of(row, pictures));
    json args = row.at("args");
    // Named only where a subset is drawn; it takes no part otherwise.
    if (args.at("training_set_kwargs").contains("random_seed")) {
        EXPECT_EQ(c.data.seed, args["training_set_kwargs"]["random_seed"].get<std::uint32_t>());
        args["training_set_kwargs"].erase("random_seed");
    }
    EXPECT_EQ(c.trainer.augment.has_value(), args.contains("augment_kwargs"));
    if (c.trainer.augment && args.contains("augment_kwargs")) {
        json strengths = args["augment_kwargs"];
        strengths.erase("class_name");
        EXPECT_TRUE(*c.trainer.augment == train::augment_strengths_from_json(strengths, "the table"));
    }
    args.erase("augment_kwargs");
    std::size_t count = compare(argument_values(c), args,
                                {"augment_p", "ada_kimg", "loss_kwargs.pl_weight", "loss_kwargs.style_mixing_prob"});
    count += compare(default_values(c), row.at("defaults_from_training_loop"));
    count += compare(derived_values(c.trainer.g_adam, *c.trainer.g_reg_interval), row.at("derived_adam").at("G"));
    count += compare(derived_values(c.trainer.d_adam, *c.trainer.d_reg_interval), row.at("derived_adam").at("D"));
    return count;
}

TEST(TrainConfig, AgreesWithTheReferenceTable) {
    if (!have_reference("training")) {
        GTEST_SKIP() << "no reference numbers for this";
    }
    const json table = read_json(reference_dir() / "training" / "config_table.json");
    int pictures = 0; // of the table's data sets: what is used where no subset is asked for
    for (const json& row : table) {
        pictures = std::max(pictures, row.value("/args/training_set_kwargs/max_size"_json_pointer, 0));
    }
    std::size_t rows = 0, refusals = 0, values = 0;
    for (const json& row : table) {
        SCOPED_TRACE(row.at("options").dump() + " at " + row.at("resolution").dump());
        if (row.contains("error")) {
            EXPECT_THROW(train::resolve(options_of(row.at("options")), facts_of(row, pictures)), Error);
            ++refusals;
        } else {
            values += compare_row(row, pictures);
            ++rows;
        }
    }
    report_cases("training/config_table", rows);
    report_cases("training/config_table refusals", refusals);
    report_cases("training/config_table values", values);
}

} // namespace
