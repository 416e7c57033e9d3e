// SPDX-License-Identifier: Apache-2.0
// The pickle machine, opcode by opcode, on streams written by hand; and its conversion to JSON.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "io/pickle_json.h"
#include "io/pickle_machine.h"
#include "support/scratch.h"

namespace atelier::io {
namespace {

using test::bytes_of;
using testing::HasSubstr;

// A body between PROTO 4 and STOP. The literal's zero bytes count.
template <std::size_t N> std::string text_of(const char (&literal)[N]) {
    return {literal, N - 1};
}

class Pickle : public testing::Test {
protected:
    const PickleValue& read_all(const std::string& stream, PickleScope scope = PickleScope::network) {
        data_.push_back(bytes_of(stream));
        arena_ = std::make_unique<PickleArena>(stream.size());
        result_ = unpickle(*arena_, data_.back(), scope);
        return *result_.root;
    }
    template <std::size_t N> const PickleValue& read(const char (&body)[N], PickleScope scope = PickleScope::network) {
        return read_all("\x80\x04" + text_of(body) + ".", scope);
    }
    template <std::size_t N> nlohmann::json json(const char (&body)[N]) { return to_json(read(body)); }
    template <std::size_t N> std::string refusal(const char (&body)[N], PickleScope scope = PickleScope::network) {
        return test::message_from<Error>([&] { read(body, scope); });
    }

    std::deque<std::vector<std::uint8_t>> data_;
    std::unique_ptr<PickleArena> arena_;
    Unpickled result_;
};

TEST_F(Pickle, ReadsScalars) {
    EXPECT_EQ(json("N"), nullptr);
    EXPECT_EQ(json("\x88"), true);
    EXPECT_EQ(json("\x89"), false);
    EXPECT_EQ(json("K\xff"), 255);
    EXPECT_EQ(json("M\x01\x02"), 513);
    EXPECT_EQ(json("J\xfe\xff\xff\xff"), -2);
    EXPECT_EQ(json("\x8a\x00"), 0);
    EXPECT_EQ(json("\x8a\x02\x00\xff"), -256);
    EXPECT_EQ(json("\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f"), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(json("\x8b\x01\x00\x00\x00\x07"), 7);
    EXPECT_EQ(json("G\x3f\xf8\x00\x00\x00\x00\x00\x00"), 1.5);
    EXPECT_EQ(json("\x8c\x02\xc3\xa9"), "é");
    EXPECT_EQ(json("X\x01\x00\x00\x00"
                   "a"),
              "a");
    EXPECT_EQ(json("\x8d\x01\x00\x00\x00\x00\x00\x00\x00"
                   "b"),
              "b");
    EXPECT_TRUE(read("\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01").is(PickleKind::big_integer));
    EXPECT_TRUE(read("C\x01z").is(PickleKind::bytes));
    EXPECT_EQ(read("B\x01\x00\x00\x00z").text, "z");
    EXPECT_EQ(read("\x8e\x01\x00\x00\x00\x00\x00\x00\x00z").text, "z");
    EXPECT_EQ(read("\x96\x01\x00\x00\x00\x00\x00\x00\x00z").text, "z");
}

TEST_F(Pickle, ReadsContainers) {
    EXPECT_EQ(json("(K\x01K\x02t"), nlohmann::json({1, 2}));
    EXPECT_EQ(json(")"), nlohmann::json::array());
    EXPECT_EQ(json("K\x01\x85"), nlohmann::json({1}));
    EXPECT_EQ(json("K\x01K\x02\x86"), nlohmann::json({1, 2}));
    EXPECT_EQ(json("K\x01K\x02K\x03\x87"), nlohmann::json({1, 2, 3}));
    EXPECT_EQ(json("](K\x01K\x02"
                   "eK\x03"
                   "a"),
              nlohmann::json({1, 2, 3}));
    EXPECT_EQ(json("}(\x8c\x01"
                   "aK\x01\x8c\x01"
                   "bK\x02u\x8c\x01"
                   "cK\x03s"),
              (nlohmann::json{{"a", 1}, {"b", 2}, {"c", 3}}));
    EXPECT_TRUE(read("\x8f(K\x01\x90").is(PickleKind::set));
    EXPECT_TRUE(read("(K\x01\x91").is(PickleKind::set));
    EXPECT_EQ(json("K\x01K\x02"
                   "0"),
              1);
    EXPECT_EQ(json("K\x01(K\x02K\x03"
                   "1"),
              1);
    EXPECT_EQ(json("K\x05"
                   "2\x86"),
              nlohmann::json({5, 5}));
}

TEST_F(Pickle, MemoAndFrames) {
    EXPECT_EQ(json("K\x07q\x05h\x05\x86"), nlohmann::json({7, 7}));
    EXPECT_EQ(json("K\x07r\x00\x00\x01\x00j\x00\x00\x01\x00\x86"), nlohmann::json({7, 7}));
    EXPECT_EQ(json("K\x07\x94h\x00\x86"), nlohmann::json({7, 7}));
    EXPECT_EQ(json("\x95\x03\x00\x00\x00\x00\x00\x00\x00K\x07"), 7);
    EXPECT_THAT(refusal("\x95\xff\x00\x00\x00\x00\x00\x00\x00K\x07"), HasSubstr("frame"));
    EXPECT_THAT(refusal("h\x09"), HasSubstr("memo entry 9"));
}

TEST_F(Pickle, DictionariesOfTheCode) {
    EXPECT_EQ(json("ccollections\nOrderedDict\n)R\x8c\x01"
                   "aK\x01s"),
              (nlohmann::json{{"a", 1}}));
    EXPECT_EQ(json("cdnnlib.util\nEasyDict\n)\x81(\x8c\x01"
                   "aK\x01u"),
              (nlohmann::json{{"a", 1}}));
    EXPECT_EQ(json("ccollections\nOrderedDict\n](](\x8c\x01"
                   "aK\x01"
                   "ee\x85R"), // as Python 2 wrote it
              (nlohmann::json{{"a", 1}}));
    EXPECT_EQ(json("\x8c\x0b"
                   "dnnlib.util\x8c\x08"
                   "EasyDict\x93)\x81")
                  .is_null(),
              false);
}

TEST_F(Pickle, BytesOfProtocolTwo) {
    EXPECT_EQ(read("c_codecs\nencode\nX\x05\x00\x00\x00"
                   "a\xc2\x80\xc3\xbfX\x06\x00\x00\x00latin1\x86R")
                  .text,
              "a\x80\xff");
    EXPECT_THAT(refusal("c_codecs\nencode\nX\x02\x00\x00\x00\xc4\x80X\x06\x00\x00\x00latin1\x86R"),
                HasSubstr("above 255"));
    EXPECT_THAT(refusal("c_codecs\nencode\nX\x01\x00\x00\x00"
                        "aX\x04\x00\x00\x00zlib\x86R"),
                HasSubstr("latin1"));
}

TEST_F(Pickle, NumpyScalarsAreNumbers) {
    const auto scalar = [&](const char* type, const char* order, const std::string& value) {
        return to_json(read_all("\x80\x04"
                                "cnumpy.core.multiarray\nscalar\ncnumpy\ndtype\n\x8c\x02" +
                                std::string(type) + "\x89\x88\x87R(K\x03\x8c\x01" + order +
                                "NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK" + std::string(1, '\0') + "tbC" +
                                static_cast<char>(value.size()) + value + "\x86R."));
    };
    const char* unread = "<an object of numpy.core.multiarray.scalar>";
    EXPECT_EQ(scalar("f8", "<", text_of("\0\0\0\0\0\0\xf8\x3f")), 1.5);
    EXPECT_EQ(scalar("f4", "<", text_of("\0\0\xc0\x3f")), 1.5);
    EXPECT_EQ(scalar("i8", "<", text_of("\xfe\xff\xff\xff\xff\xff\xff\xff")), -2);
    EXPECT_EQ(scalar("b1", "|", text_of("\x01")), true);
    EXPECT_EQ(scalar("f8", ">", text_of("\x3f\xf8\0\0\0\0\0\0")), unread); // big-endian
    EXPECT_EQ(scalar("f8", "<", text_of("\0\0")), unread);                 // too short
}

TEST_F(Pickle, RefusesNamesThatAreNotAllowed) {
    for (const std::string& message : {refusal("cposix\nsystem\n\x8c\x01x\x85R"), refusal("cos\nsystem\n"),
                                       refusal("\x8c\x05posix\x8c\x06system\x93"), refusal("(S'x'\niposix\nsystem\n"),
                                       refusal("(iposix\nsystem\n")}) {
        EXPECT_TRUE(message.find("system") != std::string::npos || message.find("0x53") != std::string::npos)
            << message;
    }
    EXPECT_THAT(refusal("cposix\nsystem\n"), HasSubstr("calls the global posix.system"));
    EXPECT_THAT(refusal("cposix\nsystem\n"), HasSubstr("nothing was run"));
    // Dotted names, prefixes, another split of the same text, other cases, blanks.
    for (const std::string& message :
         {refusal("ctorch\n_utils._rebuild_tensor_v2\n"), refusal("ctorch._utils\n_rebuild_tensor_v2.__globals__\n"),
          refusal("ccollections\nOrderedDict.__init__\n"), refusal("ccollections\nordereddict\n"),
          refusal("ccollections \nOrderedDict\n"), refusal("cbuiltins\ngetattr\n"), refusal("c\n\n")}) {
        EXPECT_THAT(message, HasSubstr("no model needs"));
    }
    EXPECT_THAT(refusal("cposix\nsys\x1b[31mtem\n"), HasSubstr("posix.sys?[31mtem")); // no control characters come out
}

TEST_F(Pickle, EachStreamMayNameOnlyWhatItNeeds) {
    EXPECT_THAT(refusal("ctorch\nFloatStorage\n", PickleScope::plain), HasSubstr("no model needs"));
    EXPECT_EQ(refusal("ctorch\nFloatStorage\n", PickleScope::storage), "");
    EXPECT_THAT(refusal("ccollections\nOrderedDict\n", PickleScope::storage), HasSubstr("no model needs"));
    EXPECT_THAT(refusal("ctorch_utils.persistence\n_reconstruct_persistent_obj\n", PickleScope::storage),
                HasSubstr("no model needs"));
    EXPECT_EQ(refusal("ctorch_utils.persistence\n_reconstruct_persistent_obj\n", PickleScope::torch), "");
    EXPECT_THAT(refusal("cpg_modules.d\nD\n", PickleScope::storage), HasSubstr("no model needs"));
    EXPECT_THAT(refusal(")Q"), HasSubstr("outside the pickle"));
    EXPECT_EQ(refusal(")Q", PickleScope::torch), "");
}

TEST_F(Pickle, RefusesCallsOfOtherThings) {
    EXPECT_THAT(refusal("K\x01)R"), HasSubstr("calls an integer"));
    EXPECT_THAT(refusal("ctorch\nFloatStorage\n)R", PickleScope::torch), HasSubstr("new object"));
    EXPECT_THAT(refusal("ctorch._utils\n_rebuild_tensor_v2\n)\x81"), HasSubstr("new object"));
    EXPECT_THAT(refusal("ccollections\nOrderedDict\nK\x01R"), HasSubstr("no tuple"));
    EXPECT_THAT(refusal("ccollections\nOrderedDict\n)}\x8c\x01"
                        "aK\x01s\x92"),
                HasSubstr("keyword"));
    EXPECT_THAT(refusal("K\x01}b"), HasSubstr("BUILD"));
    EXPECT_THAT(refusal("(o"), HasSubstr("OBJ"));
    EXPECT_THAT(refusal("\x82\x01"), HasSubstr("extension"));
    EXPECT_THAT(refusal("\x97"), HasSubstr("buffer"));
    EXPECT_THAT(refusal("cnumpy\nndarray\n)R"), HasSubstr("new object"));
}

// Classes of somebody else's network, and values that options hold: described, never looked into.
TEST_F(Pickle, ForeignClassesAreInert) {
    const char* object = "<an object of pg_modules.discriminator.ProjectedDiscriminator>";
    EXPECT_EQ(json("cpg_modules.discriminator\nProjectedDiscriminator\n)\x81}\x8c\x01"
                   "aK\x01sb"),
              object);
    EXPECT_EQ(json("cpathlib\nPosixPath\n\x8c\x01/\x85R"), "<an object of pathlib.PosixPath>");
    EXPECT_EQ(json("ctorch\ndevice\n\x8c\x03"
                   "cpu\x85R"),
              "<an object of torch.device>");
    EXPECT_EQ(json("ctorch\nfloat32\n"), "<torch.float32>");
    EXPECT_EQ(json("cfunctools\npartial\nctorch.nn.functional\nrelu\n\x85R"), "<an object of functools.partial>");
    EXPECT_EQ(json("csomebody\nList\n)\x81(K\x01K\x02"
                   "e"),
              "<an object of somebody.List>");
    EXPECT_EQ(json("csomebody\nTable\n)\x81K\x01K\x02s"), "<an object of somebody.Table>");
    // A class as old torch.save stored it, with its program text.
    const PickleValue& module = read("(\x8c\x06modulecsomebody\nNet\n\x8c\x01"
                                     "f\x8c\x04texttQ)\x81}b",
                                     PickleScope::torch);
    EXPECT_EQ(describe(module), "an object of somebody.Net");
    // What could only be there to run something.
    for (const std::string& message :
         {refusal("ctorch.utils.collect_env\nrun\n\x8c\x02ls\x85R"), refusal("coperator\nmethodcaller\n"),
          refusal("cimportlib\nimport_module\n"), refusal("cbuiltins\neval\n"), refusal("csubprocess\nPopen\n"),
          refusal("cpip\nmain\n"), refusal("c_posixsubprocess\nfork_exec\n"),
          refusal("cnumpy.core.multiarray \n_reconstruct\n"), refusal("csomebody\nOuter.run\n")}) {
        EXPECT_THAT(message, HasSubstr("no model needs"));
    }
    EXPECT_THAT(refusal("csomebody\nF\n)R)R"), HasSubstr("calls an object of somebody.F"));
    EXPECT_THAT(refusal("csomebody\nF\n)R0N"), HasSubstr("throws an object of somebody.F away"));
    EXPECT_THAT(refusal("(csomebody\nF\n)R1N"), HasSubstr("throws an object of somebody.F away"));
    // A state could have put a call in the place of "append".
    EXPECT_THAT(refusal("csomebody\nF\n)\x81}bK\x01"
                        "a"),
                HasSubstr("APPEND does not apply"));
}

TEST_F(Pickle, RefusesMalformedStreams) {
    EXPECT_THAT(refusal(""), HasSubstr("empty stack"));
    EXPECT_THAT(refusal("0"), HasSubstr("empty stack"));
    EXPECT_THAT(refusal("t"), HasSubstr("mark"));
    EXPECT_THAT(refusal("K\x01(K\x02\x86"), HasSubstr("empty stack")); // reaches below the mark
    EXPECT_THAT(refusal("}(K\x01u"), HasSubstr("without a value"));
    EXPECT_THAT(refusal("}K\x01"
                        "a"),
                HasSubstr("APPEND does not apply to a dictionary"));
    EXPECT_THAT(refusal("](K\x01K\x02u"), HasSubstr("SETITEMS does not apply to a list"));
    EXPECT_THAT(refusal("(K\x01"
                        "e"),
                HasSubstr("container"));
    EXPECT_THAT(refusal("\x8c\x01\xff"), HasSubstr("UTF-8"));
    EXPECT_THAT(refusal("\x8c\x02\xc0\x80"), HasSubstr("UTF-8"));     // overlong
    EXPECT_THAT(refusal("\x8c\x03\xed\xa0\x80"), HasSubstr("UTF-8")); // surrogate
    EXPECT_THAT(refusal("K\x01K\x02\x93"), HasSubstr("not a string"));
    EXPECT_THAT(refusal("\x8b\xff\xff\xff\xff"), HasSubstr("negative"));
    EXPECT_THAT(refusal("\x8e\xff\xff\xff\xff\xff\xff\xff\xff"), HasSubstr("ends too early"));
    EXPECT_THAT(refusal("X\xff\xff\xff\xff"), HasSubstr("ends too early"));
    EXPECT_THAT(refusal("\x80\x09"), HasSubstr("protocol 9"));
    EXPECT_THAT(refusal("\xfe"), HasSubstr("0xfe"));
    EXPECT_THAT(test::message_from<Error>([&] { read_all("K\x01."); }), HasSubstr("protocol number"));
    EXPECT_THAT(test::message_from<Error>([&] { read_all("\x80\x04K\x01"); }), HasSubstr("ends too early"));
}

TEST_F(Pickle, DepthAndCyclesAreHarmless) {
    std::string deep = "\x80\x04";
    for (int i = 0; i < 200'000; ++i) {
        deep += ']';
    }
    deep += std::string(199'999, 'a') + ".";
    const PickleValue& root = read_all(deep);
    EXPECT_TRUE(root.is(PickleKind::list));
    EXPECT_THAT(test::message_from<Error>([&] { to_json(root); }), HasSubstr("nested deeper"));
    const PickleValue& cycle = read("]\x94h\x00"
                                    "a");
    EXPECT_EQ(cycle.items.at(0), &cycle);
    EXPECT_THAT(test::message_from<Error>([&] { to_json(cycle); }), HasSubstr("nested deeper"));
}

// Twenty lists, each holding the one before ten times: 10^20 elements when written out.
TEST_F(Pickle, SharedValuesDoNotMultiply) {
    std::string stream = "\x80\x04]\x94";
    for (char level = 0; level < 12; ++level) {
        stream += "](";
        for (int i = 0; i < 10; ++i) {
            stream += std::string("h") + level;
        }
        stream += "e\x94";
    }
    const PickleValue& root = read_all(stream + ".");
    EXPECT_THAT(test::message_from<Error>([&] { to_json(root); }), HasSubstr("larger than"));
}

TEST_F(Pickle, MemoryIsBounded) {
    EXPECT_THAT(test::message_from<Error>([&] { read_all("\x80\x04" + std::string(3'000'000, ']') + "."); }),
                HasSubstr("more than 2000000 values"));
    // One text decoded again and again from the memo.
    std::string stream = "\x80\x04"
                         "c_codecs\nencode\n\x94\x8d";
    stream += text_of("\x40\x42\x0f\0\0\0\0\0") + std::string(1'000'000, 'x') + "\x94\x8c\x06latin1\x94";
    for (int i = 0; i < 100'000; ++i) {
        stream += text_of("h\0h\x01h\x02\x86R0");
    }
    EXPECT_THAT(test::message_from<Error>([&] { read_all(stream + "."); }), HasSubstr("decodes to far more"));
}

TEST_F(Pickle, OptionsWithoutJsonAreNamed) {
    EXPECT_EQ(json("\x8a\x09\0\0\0\0\0\0\0\0\x01"), "<an integer of 9 bytes>");
    EXPECT_EQ(json("}K\x01K\x02s"), nlohmann::json::object());
    EXPECT_EQ(json("cnumpy\ndtype\n"), "<numpy.dtype>");
    EXPECT_EQ(json("\x8f"), "<a set>");
}

} // namespace
} // namespace atelier::io
