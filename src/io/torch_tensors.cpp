// SPDX-License-Identifier: Apache-2.0
#include "io/torch_tensors.h"

#include <new>

#include "base/error.h"
#include "io/model_source.h"
#include "io/named_error.h"
#include "io/state_dict.h"

namespace atelier::io {

namespace {

constexpr std::size_t most_tensors = 100'000;

std::vector<std::pair<std::string, at::Tensor>> tensors_of(ModelSource& source) {
    std::vector<std::pair<std::string, at::Tensor>> result;
    const auto add = [&](const std::string& key, const PickleValue& value) {
        if (!TensorReader::is_tensor(value)) {
            return;
        }
        if (result.size() >= most_tensors) {
            fail("holds more than {} tensors", most_tensors);
        }
        result.emplace_back(key, source.tensors->read(value, key.empty() ? "alone in the file" : key));
    };
    const PickleValue& root = *source.root;
    add("", root);
    if (root.is(PickleKind::dict)) {
        for (std::size_t i = 0; i + 1 < root.items.size(); i += 2) {
            if (root.items[i]->is(PickleKind::text)) {
                check_name(root.items[i]->text);
                if (root.items[i + 1]->is(PickleKind::dict)) {
                    fail("holds a dictionary named {} beside tensors, as models do, not latents",
                         printable(root.items[i]->text));
                }
                add(std::string(root.items[i]->text), *root.items[i + 1]);
            }
        }
    } else if (root.is(PickleKind::list) || root.is(PickleKind::tuple)) {
        for (std::size_t i = 0; i < root.items.size(); ++i) {
            add(std::to_string(i), *root.items[i]);
        }
    }
    if (result.empty()) {
        fail("holds {} without a tensor in it", describe(root));
    }
    return result;
}

} // namespace

std::vector<std::pair<std::string, at::Tensor>> read_torch_tensors(const std::filesystem::path& path) {
    return with_name(path, [&] {
        try {
            const InputFile input(path);
            const std::unique_ptr<ModelSource> source = open_model_source(input);
            if (source->root == nullptr || source->tensors == nullptr) {
                fail("is no file of torch.save");
            }
            return tensors_of(*source);
        } catch (const std::bad_alloc&) {
            fail("is too large for the memory of this machine");
        }
    });
}

} // namespace atelier::io
