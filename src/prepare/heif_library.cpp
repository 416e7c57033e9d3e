// SPDX-License-Identifier: Apache-2.0
#include "prepare/heif_library.h"

#include <dlfcn.h>

#include "base/error.h"

namespace atelier::prepare {
namespace {

template <typename Function> void find(void* library, const char* name, Function& function) {
    function = reinterpret_cast<Function>(dlsym(library, name));
    if (function == nullptr) {
        fail("HEIC and AVIF pictures need a newer libheif than the one installed here, which has no {}", name);
    }
}

} // namespace

HeifLibrary load_heif(const std::string& soname) {
    void* library = dlopen(soname.c_str(), RTLD_LAZY | RTLD_LOCAL);
    if (library == nullptr) {
        fail("HEIC and AVIF pictures are read by libheif, which is not installed here ({}); install it (Debian's "
             "libheif1), "
             "or save the picture as PNG or JPEG",
             soname);
    }
    HeifLibrary functions;
#define ATELIER_HEIF_FIND(name) find(library, "heif_" #name, functions.name);
    ATELIER_HEIF_FUNCTIONS(ATELIER_HEIF_FIND)
#undef ATELIER_HEIF_FIND
    return functions;
}

const HeifLibrary& heif_library() {
    static const HeifLibrary functions = load_heif("libheif.so.1");
    return functions;
}

} // namespace atelier::prepare
