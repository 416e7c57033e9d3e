// SPDX-License-Identifier: Apache-2.0
#include "io/network_tree.h"

#include "io/pickle_globals.h"
#include "io/torch_tensor.h"

namespace atelier::io {

namespace {

constexpr int max_depth = 32;
// The largest public checkpoints with their optimizers hold some tens of thousands of values.
constexpr std::size_t max_visits = 1'000'000;
constexpr std::size_t max_found = 200'000;
constexpr std::size_t max_key = 512;
constexpr std::size_t max_name_bytes = std::size_t{64} << 20; // of all paths together

class Flattener {
public:
    NetworkTree take(const PickleValue& root) {
        visit(root, "", 0);
        return std::move(tree_);
    }

private:
    static bool is_plain(const PickleValue& value) {
        switch (value.kind) {
        case PickleKind::none:
        case PickleKind::boolean:
        case PickleKind::integer:
        case PickleKind::big_integer:
        case PickleKind::real:
        case PickleKind::text:
        case PickleKind::bytes:
        case PickleKind::set:
        case PickleKind::global: return true;
        default: return false;
        }
    }

    void visit(const PickleValue& value, const std::string& path, int depth) {
        if (++visits_ > max_visits || name_bytes_ > max_name_bytes ||
            tree_.tensors.size() + tree_.others.size() > max_found) {
            fail("describes more values than any model");
        }
        if (is_plain(value) || depth > max_depth) {
            return;
        }
        if (TensorReader::is_tensor(value)) {
            tree_.tensors.push_back({path, &value, nullptr});
        } else if (const PickleValue* state = module_state(value)) {
            tree_.modules.push_back({path, &value});
            for (const char* key : {"_parameters", "_buffers", "_modules"}) {
                if (const PickleValue* children = find_key(*state, key)) {
                    visit_entries(*children, path, depth);
                }
            }
        } else if (value.is(PickleKind::dict)) {
            visit_entries(value, path, depth);
        } else {
            tree_.others.push_back({path, &value});
            const bool row = value.is(PickleKind::list) || value.is(PickleKind::tuple);
            for (std::size_t i = 0; row && i < value.items.size(); ++i) {
                visit_child(*value.items[i], path, std::to_string(i), depth);
            }
        }
    }

    void visit_entries(const PickleValue& dict, const std::string& path, int depth) {
        if (!dict.is(PickleKind::dict)) {
            return;
        }
        for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
            const PickleValue& key = *dict.items[i];
            if (key.is(PickleKind::text) && key.text.size() <= max_key) {
                visit_child(*dict.items[i + 1], path, key.text, depth);
            } else if (key.is(PickleKind::integer)) {
                visit_child(*dict.items[i + 1], path, std::to_string(key.integer), depth);
            }
        }
    }

    void visit_child(const PickleValue& value, const std::string& path, std::string_view key, int depth) {
        if (is_plain(value)) {
            ++visits_;
            return;
        }
        std::string full = path;
        if (!full.empty()) {
            full += '.';
        }
        full += key;
        name_bytes_ += full.size();
        visit(value, full, depth + 1);
    }

    NetworkTree tree_;
    std::size_t visits_ = 0;
    std::size_t name_bytes_ = 0;
};

} // namespace

NetworkTree flatten(const PickleValue& root) {
    return Flattener().take(root);
}

NetworkTree flatten(const std::vector<std::pair<std::string, at::Tensor>>& tensors) {
    NetworkTree tree;
    for (const auto& [name, tensor] : tensors) {
        tree.tensors.push_back({name, nullptr, &tensor});
    }
    return tree;
}

bool is_persistent_object(const PickleValue& value) {
    return value.is(PickleKind::object) &&
           allowed_global(value.callee->integer).meaning == PickleName::persistent_object;
}

const PickleValue* module_state(const PickleValue& value) {
    if (!value.is(PickleKind::object)) {
        return nullptr;
    }
    const PickleValue* state = is_persistent_object(value) && value.items.size() == 1
                                   ? find_key(*value.items[0], "state")
                                   : attributes_of(value);
    const bool module =
        state != nullptr && (find_key(*state, "_parameters") != nullptr || find_key(*state, "_modules") != nullptr);
    return module ? state : nullptr;
}

std::string class_of_module(const PickleValue& value) {
    if (!value.is(PickleKind::object)) {
        return {};
    }
    if (!is_persistent_object(value)) {
        return global_text(*value.callee);
    }
    const PickleValue* name = value.items.size() == 1 ? find_key(*value.items[0], "class_name") : nullptr;
    return name != nullptr && name->is(PickleKind::text) ? printable(name->text) : std::string();
}

} // namespace atelier::io
