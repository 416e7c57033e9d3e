// SPDX-License-Identifier: Apache-2.0
// Pickles as the TensorFlow code writes them, of small random networks made for a test.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include "io/atomic_file.h"
#include "io/pickle_writer.h"

namespace atelier::test {

struct TensorFlowVariable {
    std::string name;
    at::Tensor value;
    nlohmann::json plain; // unless null: a number of Python's in place of an array
    std::string dtype;    // unless empty: the value's bytes are said to be of it
};

struct TensorFlowParts {
    std::string name;
    nlohmann::json options;
    std::vector<TensorFlowVariable> own, synthesis, mapping; // of G; D has its own alone
};

inline constexpr int tensorflow_channels = 8; // of the convolutions of tensorflow_generator() and its discriminator

// Of 8 px, z and w of 4 numbers.
inline TensorFlowParts tensorflow_generator(std::uint64_t seed) {
    at::manual_seed(seed);
    constexpr int c = tensorflow_channels, w = 4;
    TensorFlowParts g{"G",
                      {{"num_channels", 3},
                       {"resolution", 8},
                       {"label_size", 0},
                       {"latent_size", w},
                       {"dlatent_size", w},
                       {"mapping_fmaps", w},
                       {"mapping_layers", 1}},
                      {{"dlatent_avg", at::randn({w}), {}, {}}},
                      {},
                      {{"Dense0/weight", at::randn({w, w}), {}, {}}, {"Dense0/bias", at::randn({w}), {}, {}}}};
    const auto conv = [&](const std::string& name, int kernel, int out) {
        g.synthesis.push_back({name + "/weight", at::randn({kernel, kernel, c, out}), {}, {}});
        g.synthesis.push_back({name + "/mod_weight", at::randn({w, c}), {}, {}});
        g.synthesis.push_back({name + "/mod_bias", at::randn({c}), {}, {}});
        g.synthesis.push_back({name + "/bias", at::randn({out}), {}, {}});
        if (kernel == 3) {
            g.synthesis.push_back({name + "/noise_strength", at::randn({}), {}, {}});
        }
    };
    for (int i = 0; i < 3; ++i) {
        const int side = i == 0 ? 4 : 8;
        g.synthesis.push_back({"noise" + std::to_string(i), at::randn({1, 1, side, side}), {}, {}});
    }
    g.synthesis.push_back({"4x4/Const/const", at::randn({1, c, 4, 4}), {}, {}});
    conv("4x4/Conv", 3, c);
    conv("4x4/ToRGB", 1, 3);
    conv("8x8/Conv0_up", 3, c);
    conv("8x8/Conv1", 3, c);
    conv("8x8/ToRGB", 1, 3);
    return g;
}

// `last`: features of its Dense0, which the TensorFlow code chooses for itself.
inline TensorFlowParts tensorflow_discriminator(int last = tensorflow_channels) {
    constexpr int c = tensorflow_channels;
    return {"D",
            {{"num_channels", 3}, {"resolution", 8}, {"label_size", 0}},
            {{"8x8/FromRGB/weight", at::randn({1, 1, 3, c}), {}, {}},
             {"8x8/FromRGB/bias", at::randn({c}), {}, {}},
             {"8x8/Conv0/weight", at::randn({3, 3, c, c}), {}, {}},
             {"8x8/Conv0/bias", at::randn({c}), {}, {}},
             {"8x8/Conv1_down/weight", at::randn({3, 3, c, c}), {}, {}},
             {"8x8/Conv1_down/bias", at::randn({c}), {}, {}},
             {"8x8/Skip/weight", at::randn({1, 1, c, c}), {}, {}},
             {"4x4/Conv/weight", at::randn({3, 3, c + 1, c}), {}, {}},
             {"4x4/Conv/bias", at::randn({c}), {}, {}},
             {"4x4/Dense0/weight", at::randn({16 * c, last}), {}, {}},
             {"4x4/Dense0/bias", at::randn({last}), {}, {}},
             {"Output/weight", at::randn({last, 1}), {}, {}},
             {"Output/bias", at::randn({1}), {}, {}}},
            {},
            {}};
}

class TensorFlowPickle {
public:
    // G, D and Gs in a tuple.
    static void write(const std::filesystem::path& file, const TensorFlowParts& g, const TensorFlowParts& d,
                      const TensorFlowParts& gs) {
        TensorFlowPickle pickle;
        pickle.p_.begin();
        for (const TensorFlowParts* each : {&g, &d, &gs}) {
            pickle.network(*each);
        }
        pickle.p_.end_tuple();
        io::write_file(file, pickle.p_.finish());
    }

private:
    void item(const char* key, const auto& value) {
        p_.text(key);
        value();
        p_.set_item();
    }
    void network(const TensorFlowParts& parts) {
        part(parts.name, parts.options, parts.own, [&] {
            p_.empty_dict();
            if (!parts.synthesis.empty()) {
                item("synthesis", [&] {
                    part("G_synthesis", {{"resolution", 8}}, parts.synthesis, [&] { p_.empty_dict(); });
                });
                item("mapping",
                     [&] { part("G_mapping", nlohmann::json::object(), parts.mapping, [&] { p_.empty_dict(); }); });
            }
        });
    }
    void part(const std::string& name, const nlohmann::json& options, const std::vector<TensorFlowVariable>& variables,
              const auto& components) {
        p_.global("dnnlib.tflib.network", "Network");
        p_.empty_tuple();
        p_.call();
        p_.empty_dict();
        item("version", [&] { p_.integer(4); });
        item("name", [&] { p_.text(name); });
        item("static_kwargs", [&] { p_.json(options); });
        item("components", components);
        item("build_module_src", [&] { p_.text("# none"); });
        item("build_func_name", [&] { p_.text(name); });
        item("variables", [&] {
            p_.empty_list();
            for (const TensorFlowVariable& each : variables) {
                p_.begin();
                p_.text(each.name);
                each.plain.is_null() ? array(each.value.contiguous(), each.dtype) : p_.json(each.plain);
                p_.end_tuple();
                p_.append();
            }
        });
        p_.build();
    }
    void dtype(const std::string& name) {
        p_.global("numpy", "dtype");
        p_.begin();
        p_.text(name);
        p_.boolean(false);
        p_.boolean(true);
        p_.end_tuple();
        p_.call();
        p_.begin();
        p_.integer(3);
        p_.text("<");
        for (int i = 0; i < 3; ++i) {
            p_.none();
        }
        p_.integer(-1);
        p_.integer(-1);
        p_.integer(0);
        p_.end_tuple();
        p_.build();
    }
    void array(const at::Tensor& value, const std::string& said) {
        const std::string name = !said.empty()                        ? said
                                 : value.scalar_type() == at::kDouble ? "f8"
                                 : value.scalar_type() == at::kLong   ? "i8"
                                 : value.scalar_type() == at::kInt    ? "i4"
                                                                      : "f4";
        const std::string_view bytes(static_cast<const char*>(value.const_data_ptr()), value.nbytes());
        if (value.dim() == 0) { // as numpy pickles what TensorFlow gives for a variable without dimensions
            p_.global("numpy.core.multiarray", "scalar");
            p_.begin();
            dtype(name);
            p_.bytes(bytes);
            p_.end_tuple();
            p_.call();
            return;
        }
        p_.global("numpy.core.multiarray", "_reconstruct");
        p_.begin();
        p_.global("numpy", "ndarray");
        p_.begin();
        p_.integer(0);
        p_.end_tuple();
        p_.bytes("b");
        p_.end_tuple();
        p_.call();
        p_.begin();
        p_.integer(1);
        p_.integers(value.sizes());
        dtype(name);
        p_.boolean(false);
        p_.bytes(bytes);
        p_.end_tuple();
        p_.build();
    }

    io::PickleWriter p_{3};
};

} // namespace atelier::test
