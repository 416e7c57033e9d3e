// SPDX-License-Identifier: Apache-2.0
#version 330 core
// One rectangle; uv (0,0) is the picture's upper left corner.
uniform vec4 place; // left, top, width, height in clip space; height is negative (downwards)
out vec2 uv;

void main() {
    uv = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
    gl_Position = vec4(place.xy + uv * place.zw, 0.0, 1.0);
}
