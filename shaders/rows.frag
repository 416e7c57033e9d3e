// SPDX-License-Identifier: Apache-2.0
#version 330 core
// First half of the smooth scaling: each column of the picture to the rows seen on the screen, by the
// Mitchell-Netravali cubic, times alpha. Row 0 of the target is the uppermost row seen.
uniform sampler2D picture;
uniform vec2 texels;     // size of the picture
uniform float shrink;    // texels per screen pixel
uniform float first_row; // of the target, counted from the picture's upper edge on the screen
out vec4 colour;

// B = C = 1/3: the best compromise between blur, ringing and blocks in the authors' viewing tests.
float mitchell(float x) {
    x = abs(x);
    if (x < 1.0) return (7.0 * x * x * x - 12.0 * x * x + 16.0 / 3.0) / 6.0;
    if (x < 2.0) return (-7.0 / 3.0 * x * x * x + 12.0 * x * x - 20.0 * x + 32.0 / 3.0) / 6.0;
    return 0.0;
}

void main() {
    float widen = clamp(shrink, 1.0, 16.0);
    float at = (first_row + gl_FragCoord.y) * shrink - 0.5;
    int column = int(gl_FragCoord.x);
    int edge = int(texels.y) - 1;
    vec4 sum = vec4(0.0);
    float weights = 0.0;
    int last = int(floor(at + 2.0 * widen));
    for (int y = int(ceil(at - 2.0 * widen)); y <= last; ++y) {
        float w = mitchell((float(y) - at) / widen);
        vec4 c = texelFetch(picture, ivec2(column, clamp(y, 0, edge)), 0);
        sum += w * vec4(c.rgb * c.a, c.a); // colours count by what they cover
        weights += w;
    }
    colour = sum / weights;
}
