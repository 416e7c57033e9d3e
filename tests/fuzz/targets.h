// SPDX-License-Identifier: Apache-2.0
// What the fuzzers feed: one function for each kind of file that strangers hand over. Each takes any bytes and returns;
// Error, with a sentence of one line, is the only exception that a reader may throw, and stays inside. Everything else
// ends the program, which is what a fuzzer (scripts/fuzz.sh) and fuzz_findings_test look for.
#pragma once

#include <array>

#include "io/byte_reader.h"

namespace atelier::fuzz {

void model(io::Bytes data);       // read_checkpoint, by content: pickle, .pt of both kinds, safetensors
void pickle(io::Bytes data);      // the stack machine alone, in the scope that the first byte chooses
void zip(io::Bytes data);         // both readers of zip files, every entry
void safetensors(io::Bytes data); // read_safetensors, and the header alone
void npy(io::Bytes data);         // .npy and .npz
void picture(io::Bytes data);     // headers and pages of all kinds, and pixels of PNG and JPEG
void session(io::Bytes data);
void performance(io::Bytes data); // a performance log
void dataset_json(io::Bytes data);
void network(io::Bytes data); // OSC, OSCQuery, Art-Net
void midi(io::Bytes data);    // messages of a device
void sound(io::Bytes data);   // a file of music, and what is heard in it

struct Target {
    const char* name;
    void (*run)(io::Bytes data);
};

inline constexpr std::array<Target, 12> targets{{{"model", model},
                                                 {"pickle", pickle},
                                                 {"zip", zip},
                                                 {"safetensors", safetensors},
                                                 {"npy", npy},
                                                 {"picture", picture},
                                                 {"session", session},
                                                 {"performance", performance},
                                                 {"dataset_json", dataset_json},
                                                 {"network", network},
                                                 {"midi", midi},
                                                 {"sound", sound}}};

} // namespace atelier::fuzz
