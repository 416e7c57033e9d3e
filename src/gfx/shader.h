// SPDX-License-Identifier: Apache-2.0
// Shader: a linked vertex and fragment program, owned by whoever draws with it.
#pragma once

#include <string>
#include <string_view>

namespace atelier::gfx {

class Shader {
public:
    // Throws Error with the compiler's message; `name` says which shader it is.
    Shader(const std::string& name, std::string_view vertex, std::string_view fragment);
    ~Shader();
    Shader(const Shader&) = delete;
    Shader& operator=(const Shader&) = delete;

    void use() const;
    int uniform(const char* name) const;

private:
    unsigned program_ = 0;
};

} // namespace atelier::gfx
