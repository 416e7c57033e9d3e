// SPDX-License-Identifier: Apache-2.0
#version 330 core
// The picture, scaled by the Mitchell-Netravali cubic or by whole texels, over a checkerboard.
uniform sampler2D picture;
uniform vec2 texels;       // size of the texture
uniform float shrink;      // texels per screen pixel
uniform bool pixels;
uniform float brightness;
uniform float checker;     // side of a square
in vec2 uv;
out vec4 colour;

// B = C = 1/3: the best compromise between blur, ringing and blocks in the authors' viewing tests.
float mitchell(float x) {
    x = abs(x);
    if (x < 1.0) return (7.0 * x * x * x - 12.0 * x * x + 16.0 / 3.0) / 6.0;
    if (x < 2.0) return (-7.0 / 3.0 * x * x * x + 12.0 * x * x - 20.0 * x + 32.0 / 3.0) / 6.0;
    return 0.0;
}

vec4 smooth_sample() {
    float widen = clamp(shrink, 1.0, 4.0);
    vec2 at = uv * texels - 0.5;
    ivec2 first = ivec2(ceil(at - 2.0 * widen));
    ivec2 last = ivec2(floor(at + 2.0 * widen));
    ivec2 edge = ivec2(texels) - 1;
    vec4 sum = vec4(0.0);
    float weights = 0.0;
    for (int y = first.y; y <= last.y; ++y) {
        float wy = mitchell((float(y) - at.y) / widen);
        for (int x = first.x; x <= last.x; ++x) {
            float w = wy * mitchell((float(x) - at.x) / widen);
            sum += w * texelFetch(picture, clamp(ivec2(x, y), ivec2(0), edge), 0);
            weights += w;
        }
    }
    return clamp(sum / weights, 0.0, 1.0);
}

void main() {
    vec4 c = pixels ? texelFetch(picture, min(ivec2(uv * texels), ivec2(texels) - 1), 0)
                    : smooth_sample();
    vec2 square = floor(gl_FragCoord.xy / checker);
    vec3 behind = vec3(mod(square.x + square.y, 2.0) < 0.5 ? 0.16 : 0.22);
    colour = vec4(mix(behind, c.rgb, c.a) * brightness, 1.0);
}
