// SPDX-License-Identifier: Apache-2.0
// bin/atelier-decode: decodes one stranger's file after the other for SandboxedDecoder, and can do nothing else.
#include "prepare/decoder_service.h"

int main(int argc, char** argv) {
    using namespace atelier;
    prepare::LocalDecoder decoder;
    return sandbox::serve(argc, argv, prepare::LocalDecoder::warm_up,
                          [&](sandbox::Question& asked) { return prepare::answer_to(asked, decoder); });
}
