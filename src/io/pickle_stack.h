// SPDX-License-Identifier: Apache-2.0
// PickleMachine: the state of one pickle being read; private to pickle_machine.cpp and pickle_calls.cpp.
#pragma once

#include <unordered_map>

#include "io/pickle_globals.h"
#include "io/pickle_value.h"

namespace atelier::io {

struct Unpickled;

class PickleMachine {
public:
    PickleMachine(PickleArena& arena, Bytes data, PickleScope scope) : arena_(arena), in_(data), scope_(scope) {}
    Unpickled run();

private:
    void step(std::uint8_t op);
    bool step_scalar(std::uint8_t op);
    bool step_container(std::uint8_t op);
    bool step_memo(std::uint8_t op);
    bool step_object(std::uint8_t op);

    [[noreturn]] void bad(std::string_view what) const { fail("byte {} of the pickle: {}", at_, what); }
    PickleValue* make(PickleKind kind) { return arena_.make(kind); }
    void push(PickleValue* value);
    PickleValue* pop();
    PickleValue* top(PickleKind kind, const char* op);
    std::size_t pop_mark();
    void move_items(PickleValue* into, std::size_t from); // the stack above `from`
    void push_tuple(std::size_t count);
    void push_integer(std::int64_t value);
    void push_long(std::uint64_t bytes);
    void push_text(std::uint64_t bytes);
    void push_bytes(std::uint64_t bytes);
    void put(std::uint32_t index);
    void get(std::uint32_t index);
    void global(std::string_view module, std::string_view name);
    [[noreturn]] void refuse_global(std::string_view module, std::string_view name) const;
    // Whether a container's opcode may fill it: a class of somebody else's that is a list or dictionary, whose content
    // is of no use. Not once it has a state, which could have put a call in the place of "append".
    static bool is_foreign_container(const PickleValue& value);
    void refuse_discarded(const PickleValue& value) const; // a call whose result is thrown away only runs something
    void call(bool as_new);
    void encode(const PickleValue& args);
    void build();

    PickleArena& arena_;
    ByteReader in_;
    PickleScope scope_;
    std::size_t at_ = 0; // where the running opcode stands
    int protocol_ = 0;
    std::vector<PickleValue*> stack_;
    std::vector<std::size_t> marks_;
    std::unordered_map<std::uint32_t, PickleValue*> memo_;
};

} // namespace atelier::io
