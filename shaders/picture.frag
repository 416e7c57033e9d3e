// SPDX-License-Identifier: Apache-2.0
#version 330 core
// The picture on the screen over a checkerboard: whole texels, or the second half of the smooth scaling, along
// the rows that rows.frag has made.
uniform sampler2D picture; // whole texels: the picture itself; smooth: its scaled rows
uniform vec2 texels;       // size of the picture
uniform float shrink;      // texels per screen pixel
uniform float first_row;   // of the rows' texture, counted from the picture's upper edge on the screen
uniform float top;         // of the picture in the window, from above; window height - gl_FragCoord.y counts so too
uniform float window_height;
uniform bool pixels;
uniform float brightness;
uniform mat3 look; // of rgb, see base/picture_look.h
uniform float look_offset;
uniform float checker; // side of a square; 0: black lies behind
in vec2 uv;
out vec4 colour;

float mitchell(float x) {
    x = abs(x);
    if (x < 1.0) return (7.0 * x * x * x - 12.0 * x * x + 16.0 / 3.0) / 6.0;
    if (x < 2.0) return (-7.0 / 3.0 * x * x * x + 12.0 * x * x - 20.0 * x + 32.0 / 3.0) / 6.0;
    return 0.0;
}

vec4 smooth_sample() {
    float widen = clamp(shrink, 1.0, 16.0);
    float at = uv.x * texels.x - 0.5;
    int row = int(window_height - gl_FragCoord.y - top - first_row);
    int edge = int(texels.x) - 1;
    vec4 sum = vec4(0.0);
    float weights = 0.0;
    int last = int(floor(at + 2.0 * widen));
    for (int x = int(ceil(at - 2.0 * widen)); x <= last; ++x) {
        float w = mitchell((float(x) - at) / widen);
        sum += w * texelFetch(picture, ivec2(clamp(x, 0, edge), row), 0);
        weights += w;
    }
    sum /= weights;
    if (sum.a < 0.999) sum.rgb /= max(sum.a, 1e-4); // the rows are times alpha
    return clamp(sum, 0.0, 1.0);
}

void main() {
    vec4 c = pixels ? texelFetch(picture, min(ivec2(uv * texels), ivec2(texels) - 1), 0) : smooth_sample();
    c.rgb = clamp(look * c.rgb + look_offset, 0.0, 1.0);
    vec2 square = floor(gl_FragCoord.xy / max(checker, 1.0));
    vec3 behind = vec3(checker <= 0.0 ? 0.0 : mod(square.x + square.y, 2.0) < 0.5 ? 0.16 : 0.22);
    colour = vec4(mix(behind, c.rgb, c.a) * brightness, 1.0);
}
