// SPDX-License-Identifier: Apache-2.0
// numpy's files, byte by byte and hostile ones, and latents in them.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "base/error.h"
#include "io/npy.h"
#include "io/safetensors.h"
#include "io/torch_write.h"
#include "io/zip_writer.h"
#include "latent/latent_files.h"
#include "support/scratch.h"

namespace {

using namespace atelier;
using testing::HasSubstr;
using testing::StartsWith;

constexpr int z_dim = 5, w_dim = 6, num_ws = 4;

// A .npy file by the format's description, with any header.
std::vector<std::uint8_t> npy(const std::string& header, const std::string& data, int version = 1) {
    std::string bytes = "\x93NUMPY";
    bytes += static_cast<char>(version);
    bytes += '\0';
    for (int i = 0; i < (version == 1 ? 2 : 4); ++i) {
        bytes += static_cast<char>((header.size() >> (8 * i)) & 0xFFU);
    }
    return test::bytes_of(bytes + header + data);
}

std::string dict(const std::string& descr, const std::string& shape, const char* fortran = "False") {
    return "{'descr': '" + descr + "', 'fortran_order': " + fortran + ", 'shape': " + shape + ", }     \n";
}

template <typename T> std::string raw(const std::vector<T>& values) {
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

std::string refusal(const std::vector<std::uint8_t>& bytes) {
    return test::message_from<Error>([&] { io::parse_npy(bytes); });
}

TEST(Npy, ReadsWhatNumpyWrites) {
    const std::vector<float> values{0, 1, 2, 3, 4, 5};
    const at::Tensor expected = at::arange(6, at::kFloat).view({2, 3});
    for (const int version : {1, 2, 3}) {
        EXPECT_TRUE(at::equal(io::parse_npy(npy(dict("<f4", "(2, 3)"), raw(values), version)), expected)) << version;
    }
    EXPECT_TRUE(at::equal(io::parse_npy(npy(dict("<f8", "(2, 3)"), raw(std::vector<double>{0, 1, 2, 3, 4, 5}))),
                          expected.to(at::kDouble)));
    const std::vector<std::uint16_t> halves{0x0000, 0x3C00, 0x4000, 0x4200, 0x4400, 0x4500};
    EXPECT_TRUE(at::equal(io::parse_npy(npy(dict("<f2", "(2, 3)"), raw(halves))), expected.to(at::kHalf)));
    // Fortran order: the first index runs fastest.
    const at::Tensor columns = io::parse_npy(npy(dict("<f4", "(2, 3)", "True"), raw(values)));
    EXPECT_TRUE(at::equal(columns, at::tensor({0.F, 2.F, 4.F, 1.F, 3.F, 5.F}).view({2, 3})));
    EXPECT_TRUE(columns.is_contiguous());
    EXPECT_EQ(io::parse_npy(npy(dict("<f4", "()"), raw(std::vector<float>{7}))).item<float>(), 7);
    EXPECT_EQ(io::parse_npy(npy(dict("<f4", "(6,)"), raw(values))).dim(), 1);
    EXPECT_EQ(io::parse_npy(npy("{\"shape\": (6L,), \"descr\": \"<f4\", \"fortran_order\":False}", raw(values))).dim(),
              1);
}

// Written out from the format's description; what numpy.save writes for numpy.arange(3, dtype='<f4').
TEST(Npy, WritesTheBytesOfNumpySave) {
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }";
    header.resize(128 - 10 - 1, ' ');
    header += '\n';
    EXPECT_EQ(io::npy_bytes(at::arange(3, at::kFloat)), npy(header, raw(std::vector<float>{0, 1, 2})));
    const auto bytes = io::npy_bytes(at::zeros({2, 3}, at::kDouble));
    EXPECT_THAT(std::string(bytes.begin(), bytes.end()),
                HasSubstr("'<f8', 'fortran_order': False, 'shape': (2, 3), }"));
    EXPECT_EQ((bytes.size() - 48) % 64, 0U);
    for (const auto dtype : {at::kHalf, at::kFloat, at::kDouble}) {
        const at::Tensor array = at::randn({2, 3, 4}).to(dtype).transpose(0, 2);
        EXPECT_TRUE(at::equal(io::parse_npy(io::npy_bytes(array)), array));
    }
    EXPECT_THROW(io::npy_bytes(at::zeros({3}, at::kLong)), Error);
}

TEST(Npy, RefusesInASentence) {
    const std::string data = raw(std::vector<float>(6));
    EXPECT_THAT(refusal(npy(dict("|O", "(6,)"), data)), HasSubstr("objects"));
    EXPECT_THAT(refusal(npy(dict(">f4", "(6,)"), data)), HasSubstr(">f4"));
    EXPECT_THAT(refusal(npy(dict("<i4", "(6,)"), data)), HasSubstr("<i4"));
    EXPECT_THAT(refusal(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (6,), }", data)),
                HasSubstr("several fields"));
    for (const char* shape : {"(7,)", "(5,)", "(99999999999999999999,)", "(4611686018427387904, 4)",
                              "(9223372036854775807, 9223372036854775807)", "(4294967296, 4294967296)", "(-6,)", "(0,)",
                              "(0, 9223372036854775807)", "(1,1,1,1,1,1,1,1,6)", "6", "(6", "(6,,)", "(a,)", "(1 6)",
                              "(__import__('os'),)"}) {
        EXPECT_NE(refusal(npy(dict("<f4", shape), data)), "") << shape;
    }
    for (const char* header :
         {"", "{", "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False}", "[]",
          "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (6,)}",
          "{'descr': '<f4', 'fortran_order': 0, 'shape': (6,)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (6,), 'more': 1}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (6,)} x", "{'descr': '<f4", "{'descr"}) {
        EXPECT_NE(refusal(npy(header, data)), "") << header;
    }
    EXPECT_NE(refusal(npy(dict("<f4", "(6,)"), data, 4)), "");
    auto wild = npy(dict("<f4", "(6,)"), data, 2);
    wild[8] = wild[9] = wild[10] = wild[11] = 0xFF;
    EXPECT_NE(refusal(wild), "");
    EXPECT_NE(refusal(test::bytes_of("PK")), "");
}

TEST(Npy, EveryCutAndEveryBentByteIsHarmless) {
    const auto whole = npy(dict("<f4", "(2, 3)"), raw(std::vector<float>(6, 1.5F)));
    for (std::size_t length = 0; length < whole.size(); ++length) {
        EXPECT_NE(refusal({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)}), "") << length;
    }
    int read = 0;
    for (std::size_t at = 0; at < whole.size() - 24; ++at) {
        for (const int change : {1, 0x20, 0x80, 0xFF}) {
            auto bent = whole;
            bent[at] = static_cast<std::uint8_t>(bent[at] ^ static_cast<unsigned>(change));
            try {
                EXPECT_EQ(io::parse_npy(bent).numel(), 6);
                ++read;
            } catch (const Error& error) {
                EXPECT_STRNE(error.what(), "");
            }
        }
    }
    EXPECT_LT(read, 40) << "only spaces may become others unseen";
}

class LatentFiles : public testing::Test {
protected:
    test::Scratch scratch_;

    std::vector<NamedLatent> load(const std::string& name) {
        return load_latents(scratch_ / name, z_dim, w_dim, num_ws);
    }
    std::string load_refusal(const std::string& name) {
        const std::string text = test::message_from<Error>([&] { load(name); });
        EXPECT_THAT(text, StartsWith((scratch_ / name).string() + ": "));
        return text;
    }
    static ExplicitRef latent(Space space, int layers, int dim, float start) {
        ExplicitLatent made;
        made.space = space;
        made.layers = layers;
        for (int i = 0; i < layers * dim; ++i) {
            made.values.push_back(start + 0.25F * static_cast<float>(i));
        }
        return {std::make_shared<const ExplicitLatent>(made)};
    }
    void put(const std::string& name, const std::vector<std::pair<std::string, at::Tensor>>& arrays,
             const std::map<std::string, std::string>& metadata = {}) {
        if (name.ends_with(".npz")) {
            io::write_npz(scratch_ / name, arrays);
        } else if (name.ends_with(".npy")) {
            io::write_npy(scratch_ / name, arrays.front().second);
        } else {
            io::write_safetensors(scratch_ / name, arrays, metadata);
        }
    }
    // "z1", "w1", "w4": of the space and layers that came of it, and how many.
    std::string kinds(const std::string& name, int z = z_dim) {
        std::string text;
        for (const NamedLatent& one : load_latents(scratch_ / name, z, w_dim, num_ws)) {
            text += one.latent->space == Space::z ? 'z' : 'w';
            text += std::to_string(one.latent->layers) + ' ';
            EXPECT_EQ(one.latent->values.size(),
                      static_cast<std::size_t>(one.latent->layers * (one.latent->space == Space::z ? z : w_dim)));
        }
        return text;
    }
};

TEST_F(LatentFiles, RoundTrips) {
    const std::vector<NamedLatent> latents{{"zed", latent(Space::z, 1, z_dim, 1)},
                                           {"two", latent(Space::w, 1, w_dim, 2)},
                                           {"drei ä", latent(Space::w, 1, w_dim, 3)},
                                           {"plus", latent(Space::w, num_ws, w_dim, 4)}};
    for (const char* name : {"l.npz", "l.safetensors"}) {
        save_latents(scratch_ / name, latents);
        EXPECT_EQ(load(name), latents) << name;
    }
    // Exactly num_ws w are not taken for one w+.
    std::vector<NamedLatent> many;
    for (int i = 0; i < num_ws; ++i) {
        many.push_back({"many " + std::to_string(i), latent(Space::w, 1, w_dim, static_cast<float>(i))});
    }
    for (const char* name : {"many.npy", "many.npz", "many.safetensors"}) {
        save_latents(scratch_ / name, many);
        EXPECT_EQ(load(name), many) << name;
    }
    save_latents(scratch_ / "plus.npy", {latents[3]});
    EXPECT_EQ(load("plus.npy"), (std::vector<NamedLatent>{latents[3]}));
}

TEST_F(LatentFiles, KeysShapesAndMetadataDecide) {
    const auto ones = [](at::IntArrayRef shape) { return at::ones(shape); };
    put("projected_w.npz", {{"w", ones({1, num_ws, w_dim})}}); // the public projector's
    EXPECT_EQ(kinds("projected_w.npz"), "w4 ");
    EXPECT_EQ(load("projected_w.npz").front().name, "projected_w");
    put("a.npz", {{"w", ones({num_ws, w_dim})}, {"other", ones({3})}});
    EXPECT_EQ(kinds("a.npz"), "w1 w1 w1 w1 ");
    EXPECT_EQ(load("a.npz").at(2).name, "a 2");
    put("b.npz", {{"ws", ones({num_ws, w_dim})}, {"z", ones({2, z_dim}).to(at::kDouble)}});
    EXPECT_EQ(kinds("b.npz"), "z1 z1 w4 ");
    EXPECT_EQ(load("b.npz").at(1).name, "b z 1");
    put("c.npy", {{"", ones({num_ws, w_dim})}});
    EXPECT_EQ(kinds("c.npy"), "w4 ");
    put("d.npy", {{"", ones({3, w_dim}).to(at::kHalf)}});
    EXPECT_EQ(kinds("d.npy"), "w1 w1 w1 ");
    put("e.npy", {{"", ones({z_dim})}});
    EXPECT_EQ(kinds("e.npy"), "z1 ");
    put("f.npy", {{"", ones({3, num_ws, w_dim})}});
    EXPECT_EQ(kinds("f.npy"), "w4 w4 w4 ");
    put("g.safetensors", {{"mine", ones({2, w_dim})}});
    EXPECT_EQ(kinds("g.safetensors"), "w1 w1 ");
    // Where z and w are of one size: w, unless the key or the metadata says z.
    EXPECT_EQ(kinds("g.safetensors", w_dim), "w1 w1 ");
    put("h.safetensors", {{"mine", ones({2, w_dim})}}, {{"space", "z"}});
    EXPECT_EQ(kinds("h.safetensors", w_dim), "z1 z1 ");
    put("i.npz", {{"z", ones({w_dim})}});
    EXPECT_EQ(kinds("i.npz", w_dim), "z1 ");
    put("j.safetensors", {{"x", ones({num_ws, w_dim})}}, {{"space", "w"}});
    EXPECT_EQ(kinds("j.safetensors"), "w1 w1 w1 w1 ");
}

TEST_F(LatentFiles, WhatDoesNotFitIsSaid) {
    for (const auto& [name, key, array] : {std::tuple{"a.npy", "", at::ones({3, 7})},
                                           {"b.npz", "z", at::ones({3, w_dim})},
                                           {"c.npz", "w", at::ones({3, z_dim})},
                                           {"d.npz", "ws", at::ones({3, w_dim})},
                                           {"e.npz", "w", at::ones({2, 3, w_dim})},
                                           {"f.npy", "", at::ones({1, 1, 1, w_dim})},
                                           {"g.safetensors", "w", at::ones({3, w_dim}, at::kLong)},
                                           {"h.safetensors", "w", at::full({3, w_dim}, NAN)},
                                           {"i.npz", "w", at::full({3, w_dim}, 1e300, at::kDouble)},
                                           {"j.safetensors", "z", at::ones({1, num_ws, w_dim})}}) {
        put(name, {{key, array}});
        EXPECT_NE(load_refusal(name), "") << name;
    }
    put("k.npz", {});
    EXPECT_NE(load_refusal("k.npz"), "");
    put("l.safetensors", {{"w", at::ones({100001, w_dim})}});
    EXPECT_THAT(load_refusal("l.safetensors"), HasSubstr("100000"));
    test::put_bytes(scratch_ / "m.npy", npy(dict("|O", "(1,)"), "cos\nsystem\n(S'true'\ntR."));
    EXPECT_THAT(load_refusal("m.npy"), HasSubstr("objects"));
    EXPECT_NE(load_refusal("n.txt"), "");
    EXPECT_NE(load_refusal("missing.npy"), "");

    const auto refused = [&](const char* name, const std::vector<NamedLatent>& latents) {
        const std::string text = test::message_from<Error>([&] { save_latents(scratch_ / name, latents); });
        EXPECT_THAT(text, HasSubstr((scratch_ / name).string()));
        EXPECT_FALSE(std::filesystem::exists(scratch_ / name));
    };
    const NamedLatent z{"z", latent(Space::z, 1, z_dim, 0)}, w{"w", latent(Space::w, 1, w_dim, 0)};
    refused("o.npy", {z});
    refused("p.npy", {w, {"ws", latent(Space::w, num_ws, w_dim, 0)}});
    refused("q.npz", {});
    refused("r.npz", {{"none", {}}});
    refused("s.npz", {w, {"longer", latent(Space::w, 1, w_dim + 1, 0)}});
    refused("t.dat", {w});
    refused("nowhere/u.npz", {w});
}

// As pivotal tuning keeps them: one tensor alone, or a few by name.
TEST_F(LatentFiles, TorchFilesAreRead) {
    const at::Tensor stack = at::arange(num_ws * w_dim, at::kFloat).view({1, num_ws, w_dim});
    io::TorchFileWriter alone;
    alone.add(stack);
    alone.write(scratch_ / "w_pivot.pt");
    const auto one = load_latents(scratch_ / "w_pivot.pt", z_dim, w_dim, num_ws);
    ASSERT_EQ(one.size(), 1U);
    EXPECT_EQ(one.front().name, "w_pivot");
    EXPECT_EQ(one.front().latent->space, Space::w);
    EXPECT_EQ(one.front().latent->layers, num_ws);
    EXPECT_EQ(one.front().latent->values.back(), num_ws * w_dim - 1);
    EXPECT_TRUE(holds_latents(scratch_ / "w_pivot.pt"));

    io::TorchFileWriter named;
    named.pickle().empty_dict();
    for (const char* key : {"noise", "z"}) {
        named.pickle().text(key);
        named.add(at::ones({2, z_dim}));
        named.pickle().set_item();
    }
    named.write(scratch_ / "named.pt");
    EXPECT_EQ(load_latents(scratch_ / "named.pt", z_dim, w_dim, num_ws).size(), 2U); // z alone counts
    EXPECT_TRUE(holds_latents(scratch_ / "named.pt"));

    io::TorchFileWriter model; // a dictionary beside a tensor, as models have it
    model.pickle().empty_dict();
    model.pickle().text("g_ema");
    model.pickle().empty_dict();
    model.pickle().set_item();
    model.pickle().text("latent_avg");
    model.add(at::ones({w_dim}));
    model.pickle().set_item();
    model.write(scratch_ / "model.pt");
    EXPECT_FALSE(holds_latents(scratch_ / "model.pt"));
    EXPECT_THAT(test::message_from<Error>([&] { load_latents(scratch_ / "model.pt", z_dim, w_dim, num_ws); }),
                AllOf(StartsWith((scratch_ / "model.pt").string()), HasSubstr("g_ema")));
}

TEST_F(LatentFiles, DeflatedAsNumpysSavezCompressed) {
    const auto array = io::npy_bytes(at::ones({3, w_dim}));
    std::vector<std::uint8_t> packed(compressBound(static_cast<uLong>(array.size())));
    z_stream stream{};
    ASSERT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = const_cast<Bytef*>(array.data());
    stream.avail_in = static_cast<uInt>(array.size());
    stream.next_out = packed.data();
    stream.avail_out = static_cast<uInt>(packed.size());
    ASSERT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    io::ZipWriter zip(scratch_ / "deflated.npz");
    zip.add("w.npy", packed);
    zip.finish();
    auto bytes = test::file_bytes(scratch_ / "deflated.npz");
    const auto patch = [&](std::size_t record, std::size_t method, std::size_t crc) {
        const auto number = [&](std::size_t at, std::uint32_t value, int size) {
            for (int i = 0; i < size; ++i) {
                bytes[record + at + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(value >> (8 * i));
            }
        };
        number(method, 8, 2);
        number(crc, static_cast<std::uint32_t>(crc32_z(0, array.data(), array.size())), 4);
        number(crc + 8, static_cast<std::uint32_t>(array.size()), 4);
    };
    patch(0, 8, 14);
    patch(30 + 5 + packed.size(), 10, 16);
    test::put_bytes(scratch_ / "deflated.npz", bytes);
    EXPECT_EQ(kinds("deflated.npz"), "w1 w1 w1 ");
}

TEST_F(LatentFiles, EveryCutIsHarmless) {
    const std::vector<NamedLatent> latents{{"a", latent(Space::z, 1, z_dim, 1)}, {"b", latent(Space::w, 1, w_dim, 2)}};
    for (const char* name : {"l.npz", "l.safetensors"}) {
        save_latents(scratch_ / name, latents);
        const auto whole = test::file_bytes(scratch_ / name);
        for (std::size_t length = 0; length < whole.size(); length += 3) {
            test::put_bytes(scratch_ / name, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)});
            EXPECT_NE(load_refusal(name), "") << length;
        }
        for (std::size_t at = 0; at < whole.size(); at += 2) {
            auto bent = whole;
            bent[at] = static_cast<std::uint8_t>(bent[at] ^ 0x81U);
            test::put_bytes(scratch_ / name, bent);
            try {
                load(name);
            } catch (const Error& error) {
                EXPECT_THAT(std::string(error.what()), StartsWith((scratch_ / name).string() + ": "));
            }
        }
    }
}

} // namespace
