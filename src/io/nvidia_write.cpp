// SPDX-License-Identifier: Apache-2.0
#include "io/nvidia_write.h"

#include <ATen/Functions.h>

#include "base/error.h"
#include "io/atomic_file.h"
#include "io/named_error.h"
#include "io/nvidia_modules.h"
#include "io/nvidia_pickle.h"
#include "io/pickle_writer.h"

namespace atelier::io {

namespace {

// The classes of the code base that reads the file: StyleGAN3's has them in networks_stylegan2, StyleGAN2-ADA's in
// networks. Only classes are taken over, so that the module keeps its own name.
constexpr const char* module_source =
    "from torch.nn import Module as Absent; import importlib.util as u; m = __import__('training.networks_stylegan2' "
    "if "
    "u.find_spec('training.networks_stylegan2') else 'training.networks', fromlist=['*']); "
    "globals().update({k: v for k, v in vars(m).items() if isinstance(v, type)})\n";
constexpr int persistence_version = 6;

// A storage as torch.save wrote it before zip files: magic number, protocol, machine, a reference to the storage, the
// list of storages, and its elements behind their number.
std::string embedded_storage(const at::Tensor& plain) {
    std::string out("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15);
    PickleWriter protocol(2), machine(2), storage(2), list(2);
    protocol.integer(1001);
    machine.json(
        {{"protocol_version", 1001}, {"little_endian", true}, {"type_sizes", {{"short", 2}, {"int", 4}, {"long", 4}}}});
    storage.begin();
    storage.text("storage");
    storage.global("torch", "FloatStorage");
    storage.text("0");
    storage.text("cpu");
    storage.integer(plain.numel());
    storage.none();
    storage.end_tuple();
    storage.persistent();
    list.empty_list();
    list.text("0");
    list.append();
    out += protocol.finish() + machine.finish() + storage.finish() + list.finish();
    const std::int64_t count = plain.numel();
    out.append(reinterpret_cast<const char*>(&count), sizeof(count));
    return out.append(static_cast<const char*>(plain.const_data_ptr()), plain.nbytes());
}

class NvidiaWriter {
public:
    std::string write(const CheckpointFile& file) {
        const auto has = [&](const char* name) { return file.networks.contains(name); };
        if (!has("G_ema") && !has("G")) {
            fail("can't be written as a pickle of the public code: there is neither G_ema nor G");
        }
        p_.empty_dict();
        for (const char* name : {"G", "D", "G_ema"}) {
            p_.text(name);
            if (has(name)) {
                network(name, file.networks.at(name));
            } else if (std::string_view(name) == "D") {
                empty_module();
            } else { // the other one, and one object where both are asked for
                const char* other = has("G_ema") ? "G_ema" : "G";
                p_.knows(other) ? p_.recall(other) : network(other, file.networks.at(other));
            }
            p_.set_item();
        }
        for (const char* key : {"training_set_kwargs", "augment_pipe"}) {
            p_.text(key);
            p_.json(key == std::string_view("training_set_kwargs") ? file.metadata.value(key, nlohmann::json())
                                                                   : nlohmann::json());
            p_.set_item();
        }
        CheckpointFile rest;
        rest.metadata = file.metadata;
        rest.metadata.erase("training_set_kwargs");
        p_.text("atelier");
        p_.text(description_text(rest, false));
        p_.set_item();
        return p_.finish();
    }

private:
    // A network that stands at two places is written once.
    void network(const std::string& name, const NetworkData& data) {
        if (p_.knows(name)) {
            p_.recall(name);
            return;
        }
        module(nvidia_modules(data), &data.init_kwargs);
        p_.remember(name);
    }

    // _reconstruct_persistent_obj({"type": "class", "version": ..., "module_src": ..., "class_name": ..., "state":
    // ...})
    void module(const NvidiaModule& it, const nlohmann::json* kwargs) {
        p_.global("torch_utils.persistence", "_reconstruct_persistent_obj");
        p_.begin();
        p_.empty_dict();
        item("type", [&] { p_.text("class"); });
        item("version", [&] { p_.integer(persistence_version); });
        item("module_src", [&] { source(); });
        item("class_name", [&] { p_.text(it.class_name); });
        item("state", [&] { state(it, kwargs); });
        p_.end_tuple();
        p_.call();
    }

    void state(const NvidiaModule& it, const nlohmann::json* kwargs) {
        p_.empty_dict();
        module_basics();
        dictionary("_parameters", it, false);
        dictionary("_buffers", it, true);
        item("_modules", [&] {
            p_.ordered_dict();
            for (const NvidiaModule& child : it.children) {
                item(child.name, [&] { module(child, nullptr); });
            }
        });
        for (const auto& [key, value] : it.attributes.items()) {
            item(key, [&, &v = value] { p_.json(v); });
        }
        item("_init_args", [&] { p_.empty_tuple(); });
        item("_init_kwargs", [&] {
            p_.empty_dict();
            if (kwargs != nullptr) {
                for (const auto& [key, value] : kwargs->items()) {
                    item(key, [&, &v = value] { options(v); });
                }
            }
        });
    }

    // Options within options are read as attributes there (EasyDict).
    void options(const nlohmann::json& value) {
        if (!value.is_object()) {
            p_.json(value);
            return;
        }
        p_.global("dnnlib.util", "EasyDict");
        p_.empty_tuple();
        p_.call();
        for (const auto& [key, inner] : value.items()) {
            item(key, [&, &v = inner] { options(v); });
        }
    }

    // What every torch.nn.Module keeps.
    void module_basics() {
        item("training", [&] { p_.boolean(false); });
        for (const char* hooks : {"_backward_hooks", "_forward_hooks", "_forward_pre_hooks", "_state_dict_hooks",
                                  "_load_state_dict_pre_hooks"}) {
            item(hooks, [&] { p_.ordered_dict(); });
        }
        item("_is_full_backward_hook", [&] { p_.none(); });
        item("_non_persistent_buffers_set", [&] {
            p_.global("builtins", "set");
            p_.begin();
            p_.empty_list();
            p_.end_tuple();
            p_.call();
        });
    }

    void dictionary(const char* key, const NvidiaModule& it, bool buffers) {
        item(key, [&] {
            p_.ordered_dict();
            for (const NamedTensor* each : it.tensors) {
                if (each->buffer == buffers) {
                    item(each->name.substr(each->name.rfind('.') + 1),
                         [&] { buffers ? tensor(each->value) : parameter(each->value); });
                }
            }
        });
    }

    void parameter(const at::Tensor& value) {
        p_.global("torch._utils", "_rebuild_parameter");
        p_.begin();
        tensor(value);
        p_.boolean(false); // a loaded network is for playing; training asks for gradients itself
        p_.ordered_dict();
        p_.end_tuple();
        p_.call();
    }

    void tensor(const at::Tensor& value) {
        const at::Tensor plain = value.to(at::kCPU, at::kFloat).contiguous();
        p_.global("torch._utils", "_rebuild_tensor_v2");
        p_.begin();
        p_.global("torch.storage", "_load_from_bytes");
        p_.begin();
        p_.bytes(embedded_storage(plain));
        p_.end_tuple();
        p_.call();
        p_.integer(0);
        p_.integers(plain.sizes());
        p_.integers(plain.strides());
        p_.boolean(false);
        p_.ordered_dict();
        p_.end_tuple();
        p_.call();
    }

    void empty_module() {
        NvidiaModule absent;
        absent.class_name = absent_network;
        module(absent, nullptr);
    }

    void source() {
        if (p_.knows(module_source)) {
            p_.recall(module_source);
            return;
        }
        p_.text(module_source);
        p_.remember(module_source);
    }

    template <typename Value> void item(const std::string& key, const Value& value) {
        p_.text(key);
        value();
        p_.set_item();
    }

    PickleWriter p_{3};
};

} // namespace

void write_nvidia_pickle(const std::filesystem::path& path, const CheckpointFile& file, const WriteOptions& options) {
    with_name(path, [&] {
        if (options.stored != Stored::f32) {
            fail("can't be written in 16 bits: the public code computes with what the pickle holds, so it has to be "
                 "f32");
        }
        write_file(path, NvidiaWriter().write(file));
    });
}

} // namespace atelier::io
