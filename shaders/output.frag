// SPDX-License-Identifier: Apache-2.0
#version 330 core
// The flat picture of the output window through its pinned corners, adjusted in colour as base/output_colour.h says.
uniform sampler2D flat_picture; // rows from below
uniform bool pinned;
uniform mat3 back; // from the output to the picture, both in parts, from the upper left: base/corner_pin.h
uniform float brightness;
uniform float contrast;
uniform float power; // 1 / gamma
uniform vec3 gain;
uniform float light;
in vec2 uv; // of the output, from the upper left
out vec4 colour;

void main() {
    vec3 c;
    float inside = 1.0;
    if (pinned) {
        vec3 p = back * vec3(uv, 1.0);
        vec2 at = p.xy / (abs(p.z) < 1e-6 ? 1e-6 : p.z);
        vec2 pixel = max(fwidth(at), 1e-9);
        vec2 edge = clamp(min(at, 1.0 - at) / pixel + 0.5, 0.0, 1.0); // half covered where the edge goes through
        inside = p.z > 0.0 ? edge.x * edge.y : 0.0;
        c = texture(flat_picture, vec2(at.x, 1.0 - at.y)).rgb;
    } else {
        c = texelFetch(flat_picture, ivec2(gl_FragCoord.xy), 0).rgb;
    }
    c = clamp((c - 0.5) * contrast + 0.5 + brightness, 0.0, 1.0);
    c = clamp(pow(c, vec3(power)) * gain, 0.0, 1.0);
    colour = vec4(c * inside * light, 1.0);
}
