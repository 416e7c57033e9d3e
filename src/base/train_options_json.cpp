// SPDX-License-Identifier: Apache-2.0
#include "base/train_options_json.h"

#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/path_text.h"

namespace atelier {
namespace {

// One list of all fields serves both directions.
template <typename Options, typename Visit> void each_field(Options& o, const Visit& visit) {
    visit("data", o.data);
    visit("out", o.out);
    visit("resume", o.resume);
    visit("kimg", o.kimg);
    visit("tick", o.tick);
    visit("snap", o.snap);
    visit("keep", o.keep);
    visit("threads", o.threads);
    visit("cfg", o.cfg);
    visit("batch", o.batch);
    visit("gamma", o.gamma);
    visit("lr", o.lr);
    visit("ema_kimg", o.ema_kimg);
    visit("ema_published", o.ema_published);
    visit("mirror_x", o.mirror_x);
    visit("mirror_y", o.mirror_y);
    visit("cond", o.cond);
    visit("subset", o.subset);
    visit("skip_checksums", o.skip_checksums);
    visit("aug", o.aug);
    visit("augpipe", o.augpipe);
    visit("p", o.p);
    visit("target", o.target);
    visit("ada_kimg", o.ada_kimg);
    visit("ada_max", o.ada_max);
    visit("init_strength", o.init_strength);
    visit("freeze_d", o.freeze_d);
    visit("freeze_g", o.freeze_g);
    visit("seed", o.seed);
    visit("rank_random", o.rank_random);
    visit("fp32", o.fp32);
    visit("resolution", o.resolution);
    visit("channel_base", o.channel_base);
    visit("channel_max", o.channel_max);
    visit("map_depth", o.map_depth);
    visit("z_dim", o.z_dim);
}

struct Writer {
    nlohmann::ordered_json& json;
    template <typename T> void operator()(const char* name, const T& value) const { json[name] = value; }
    template <typename T> void operator()(const char* name, const std::optional<T>& value) const {
        if (value) {
            json[name] = *value;
        }
    }
    void operator()(const char* name, double value) const {
        if (std::isfinite(value)) {
            json[name] = value;
        } else {
            json[name] = "inf"; // JSON has no infinity
        }
    }
    void operator()(const char* name, const std::string& value) const { json[name] = text_of_bytes(value); } // paths
    void operator()(const char* name, AugmentMode value) const { json[name] = augment_mode_name(value); }
};

struct Reader {
    const nlohmann::json& json;
    template <typename T> void operator()(const char* name, T& value) const {
        if (json.contains(name)) {
            value = json[name].get<T>();
        }
    }
    template <typename T> void operator()(const char* name, std::optional<T>& value) const {
        if (json.contains(name) && !json[name].is_null()) {
            value = json[name].get<T>();
        }
    }
    void operator()(const char* name, std::string& value) const {
        if (json.contains(name)) {
            value = bytes_of_text(json[name].get<std::string>());
        }
    }
    void operator()(const char* name, double& value) const {
        if (json.contains(name)) {
            value = json[name] == "inf" ? std::numeric_limits<double>::infinity() : json[name].get<double>();
        }
    }
    void operator()(const char* name, AugmentMode& value) const {
        if (json.contains(name)) {
            value = augment_mode_from_name(json[name].get<std::string>());
        }
    }
};

} // namespace

const char* augment_mode_name(AugmentMode mode) {
    switch (mode) {
    case AugmentMode::ada: return "ada";
    case AugmentMode::fixed: return "fixed";
    case AugmentMode::off: return "noaug";
    }
    return "ada";
}

AugmentMode augment_mode_from_name(const std::string& name) {
    for (const AugmentMode mode : {AugmentMode::ada, AugmentMode::fixed, AugmentMode::off}) {
        if (name == augment_mode_name(mode)) {
            return mode;
        }
    }
    fail("--aug is '{}'; it has to be ada, fixed or noaug.", name);
}

nlohmann::ordered_json to_json(const TrainOptions& options) {
    nlohmann::ordered_json json = nlohmann::ordered_json::object();
    each_field(options, Writer{json});
    return json;
}

TrainOptions options_from_json(const nlohmann::json& json, const std::string& what) {
    if (!json.is_object()) {
        fail("{}: its training options are no JSON object.", what);
    }
    TrainOptions options;
    try {
        each_field(options, Reader{json});
    } catch (const std::exception& error) {
        fail("{}: its training options can't be read: {}.", what, error.what());
    }
    return options;
}

} // namespace atelier
