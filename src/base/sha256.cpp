// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.h"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/error.h"

namespace atelier {
namespace {

// What libcrypto answers with anything but 1 hasn't been done; a hash of less than all would name the wrong file.
void check(int answer, const char* what) {
    if (answer != 1) {
        fail("OpenSSL's libcrypto can't {} a SHA-256 hash.", what);
    }
}

} // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
    EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    check(context_ ? EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) : 0, "begin");
}

void Sha256::add(const void* data, std::size_t bytes) {
    check(context_ ? EVP_DigestUpdate(context_.get(), data, bytes) : 0, "add to");
}

std::string Sha256::finish() {
    std::array<unsigned char, 32> digest{};
    check(context_ ? EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) : 0, "finish");
    context_.reset();
    std::string text;
    for (const unsigned char byte : digest) {
        text += fmt::format("{:02x}", byte);
    }
    return text;
}

} // namespace atelier
