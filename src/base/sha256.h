// SPDX-License-Identifier: Apache-2.0
// Sha256: the hash of FIPS 180-4 by OpenSSL's libcrypto, for names of side files that follow from what a model holds.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st; // OpenSSL's, whose headers stay out of here

namespace atelier {

class Sha256 {
public:
    // Throws Error where libcrypto can't give the hash: no memory, or a configuration that forbids it.
    Sha256();

    void add(const void* data, std::size_t bytes);
    void add(std::string_view text) { add(text.data(), text.size()); }
    // 64 hexadecimal digits in lower case. Afterwards nothing may be added and this not be called again: both throw.
    std::string finish();

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> context_; // empty: finished
};

} // namespace atelier
