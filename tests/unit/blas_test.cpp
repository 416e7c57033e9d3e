// SPDX-License-Identifier: Apache-2.0
// A program that needs torch and dlib finds torch's own matrix products, not those of the reference BLAS that dlib
// brings along and that would be used for torch as well. support/check_blas.sh looks at all other programs.
#include <string>

#include <ATen/ATen.h>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <link.h>

#include "prepare/face_parts.h"

namespace atelier {
namespace {

// The file that gives the whole process this name: what the libraries' own calls of it lead to.
std::string giver_of(const char* name) {
    void* found = dlsym(RTLD_DEFAULT, name);
    Dl_info info{};
    return found != nullptr && dladdr(found, &info) != 0 ? info.dli_fname : "";
}

bool is_loaded(const std::string& library) {
    std::pair<std::string, bool> ask{library, false};
    dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* data) {
            auto& [name, found] = *static_cast<std::pair<std::string, bool>*>(data);
            found |= std::string(info->dlpi_name).find(name) != std::string::npos;
            return 0;
        },
        &ask);
    return ask.second;
}

TEST(Blas, IsTorchsOwn) {
    const at::Tensor product = at::matmul(at::ones({64, 64}), at::ones({64, 64}));
    EXPECT_EQ(product.min().item<float>(), 64);
    EXPECT_FALSE(prepare::is_half_hidden_face({std::vector<double>(10, 0.0), -9})); // so that dlib is needed, too
    ASSERT_TRUE(is_loaded("/libblas.so")) << "no other BLAS is here: this shows nothing";
    for (const char* name : {"sgemm_", "dgemm_", "sgemv_", "dgemv_"}) {
        EXPECT_NE(giver_of(name).find("/libtorch_cpu.so"), std::string::npos)
            << name << " comes from " << giver_of(name);
    }
}

} // namespace
} // namespace atelier
