// SPDX-License-Identifier: Apache-2.0
#include "gfx/shader.h"

#include <epoxy/gl.h>

#include "base/error.h"

namespace atelier::gfx {
namespace {

GLuint compile(const std::string& name, GLenum kind, std::string_view source) {
    const GLuint shader = glCreateShader(kind);
    const GLchar* text = source.data();
    const auto length = static_cast<GLint>(source.size());
    glShaderSource(shader, 1, &text, &length);
    glCompileShader(shader);
    GLint good = 0;
    glGetShaderiv(shader, GL_COMPILE_STATUS, &good);
    if (!good) {
        char message[1024] = "";
        glGetShaderInfoLog(shader, sizeof message, nullptr, message);
        glDeleteShader(shader);
        fail("the graphics driver refuses the shader {}: {}", name, message);
    }
    return shader;
}

} // namespace

Shader::Shader(const std::string& name, std::string_view vertex, std::string_view fragment) {
    const GLuint v = compile(name + ".vert", GL_VERTEX_SHADER, vertex);
    const GLuint f = compile(name + ".frag", GL_FRAGMENT_SHADER, fragment);
    program_ = glCreateProgram();
    glAttachShader(program_, v);
    glAttachShader(program_, f);
    glLinkProgram(program_);
    glDeleteShader(v);
    glDeleteShader(f);
    GLint good = 0;
    glGetProgramiv(program_, GL_LINK_STATUS, &good);
    if (!good) {
        char message[1024] = "";
        glGetProgramInfoLog(program_, sizeof message, nullptr, message);
        glDeleteProgram(program_);
        fail("the graphics driver can't link the shader {}: {}", name, message);
    }
}

Shader::~Shader() {
    glDeleteProgram(program_);
}

void Shader::use() const {
    glUseProgram(program_);
}

int Shader::uniform(const char* name) const {
    return glGetUniformLocation(program_, name);
}

} // namespace atelier::gfx
