// SPDX-License-Identifier: Apache-2.0
#include "io/pickle_machine.h"

#include <algorithm>
#include <bit>

#include "io/pickle_stack.h"

namespace atelier::io {

namespace {

constexpr std::size_t max_stack = 4'000'000;

} // namespace

void PickleMachine::push(PickleValue* value) {
    if (stack_.size() >= max_stack) {
        bad("the stack grows beyond any model's need");
    }
    stack_.push_back(value);
}

PickleValue* PickleMachine::pop() {
    if (stack_.empty() || (!marks_.empty() && stack_.size() <= marks_.back())) {
        bad("takes a value from an empty stack");
    }
    PickleValue* value = stack_.back();
    stack_.pop_back();
    return value;
}

bool PickleMachine::is_foreign_container(const PickleValue& value) {
    return value.is(PickleKind::object) && value.state == nullptr &&
           allowed_global(value.callee->integer).meaning == PickleName::foreign;
}

void PickleMachine::refuse_discarded(const PickleValue& value) const {
    if (value.is(PickleKind::object)) {
        fail("byte {} of the pickle: throws {} away, which no model does; refused", at_, describe(value));
    }
}

PickleValue* PickleMachine::top(PickleKind kind, const char* op) {
    if (stack_.empty() || (!marks_.empty() && stack_.size() <= marks_.back()) || !stack_.back()->is(kind)) {
        fail("byte {} of the pickle: {} does not apply to {}", at_, op,
             stack_.empty() ? "an empty stack" : describe(*stack_.back()));
    }
    return stack_.back();
}

std::size_t PickleMachine::pop_mark() {
    if (marks_.empty()) {
        bad("needs a mark on the stack and there is none");
    }
    const std::size_t mark = marks_.back();
    marks_.pop_back();
    return mark;
}

void PickleMachine::move_items(PickleValue* into, std::size_t from) {
    const auto first = stack_.begin() + static_cast<std::ptrdiff_t>(from);
    arena_.count_items(static_cast<std::size_t>(stack_.end() - first));
    into->items.insert(into->items.end(), first, stack_.end());
    stack_.erase(first, stack_.end());
}

void PickleMachine::push_tuple(std::size_t count) {
    PickleValue* tuple = make(PickleKind::tuple);
    tuple->items.resize(count);
    arena_.count_items(count);
    for (std::size_t i = count; i > 0; --i) {
        tuple->items[i - 1] = pop();
    }
    push(tuple);
}

void PickleMachine::push_integer(std::int64_t value) {
    PickleValue* result = make(PickleKind::integer);
    result->integer = value;
    push(result);
}

void PickleMachine::push_long(std::uint64_t bytes) {
    const Bytes data = in_.take(bytes, "an integer");
    if (data.size() > sizeof(std::int64_t)) {
        PickleValue* result = make(PickleKind::big_integer);
        result->text = as_text(data);
        push(result);
        return;
    }
    std::uint64_t value = !data.empty() && (data.back() & 0x80U) != 0 ? ~0ULL : 0;
    for (std::size_t i = data.size(); i > 0; --i) {
        value = (value << 8U) | data[i - 1];
    }
    push_integer(static_cast<std::int64_t>(value));
}

void PickleMachine::push_text(std::uint64_t bytes) {
    const std::string_view text = as_text(in_.take(bytes, "a string"));
    if (!is_utf8(text)) {
        bad("a string is not valid UTF-8");
    }
    PickleValue* result = make(PickleKind::text);
    result->text = text;
    push(result);
}

void PickleMachine::push_bytes(std::uint64_t bytes) {
    const std::string_view data = as_text(in_.take(bytes, "a byte string"));
    PickleValue* result = make(PickleKind::bytes);
    result->text = data;
    push(result);
}

void PickleMachine::put(std::uint32_t index) {
    if (stack_.empty()) {
        bad("stores from an empty stack");
    }
    if (memo_.size() >= max_stack) {
        bad("the memo grows beyond any model's need");
    }
    memo_[index] = stack_.back();
}

void PickleMachine::get(std::uint32_t index) {
    const auto found = memo_.find(index);
    if (found == memo_.end()) {
        fail("byte {} of the pickle: reads memo entry {}, which nothing has stored", at_, index);
    }
    push(found->second);
}

bool PickleMachine::step_scalar(std::uint8_t op) {
    switch (op) {
    case 'N': push(make(PickleKind::none)); return true;
    case 0x88: // NEWTRUE
    case 0x89: // NEWFALSE
        push(make(PickleKind::boolean));
        stack_.back()->integer = op == 0x88 ? 1 : 0;
        return true;
    case 'J': push_integer(in_.little<std::int32_t>("an integer")); return true;
    case 'K': push_integer(in_.little<std::uint8_t>("an integer")); return true;
    case 'M': push_integer(in_.little<std::uint16_t>("an integer")); return true;
    case 0x8a: push_long(in_.little<std::uint8_t>("an integer's length")); return true;
    case 0x8b: { // LONG4
        const auto length = in_.little<std::int32_t>("an integer's length");
        if (length < 0) {
            bad("an integer has a negative length");
        }
        push_long(static_cast<std::uint64_t>(length));
        return true;
    }
    case 'G': { // BINFLOAT, big-endian
        std::uint64_t bits = 0;
        for (const std::uint8_t byte : in_.take(8, "a number")) {
            bits = (bits << 8U) | byte;
        }
        push(make(PickleKind::real));
        stack_.back()->real = std::bit_cast<double>(bits);
        return true;
    }
    case 'X': push_text(in_.little<std::uint32_t>("a string's length")); return true;
    case 0x8c: push_text(in_.little<std::uint8_t>("a string's length")); return true;
    case 0x8d: push_text(in_.little<std::uint64_t>("a string's length")); return true;
    case 'B': push_bytes(in_.little<std::uint32_t>("a byte string's length")); return true;
    case 'C': push_bytes(in_.little<std::uint8_t>("a byte string's length")); return true;
    case 0x8e: // BINBYTES8
    case 0x96: // BYTEARRAY8
        push_bytes(in_.little<std::uint64_t>("a byte string's length"));
        return true;
    case 'U': push_text(in_.little<std::uint8_t>("a string's length")); return true; // SHORT_BINSTRING of Python 2
    default: return false;
    }
}

bool PickleMachine::step_container(std::uint8_t op) {
    switch (op) {
    case '(':
        if (marks_.size() >= max_stack) {
            bad("the stack grows beyond any model's need");
        }
        marks_.push_back(stack_.size());
        return true;
    case ')': push(make(PickleKind::tuple)); return true;
    case ']': push(make(PickleKind::list)); return true;
    case '}': push(make(PickleKind::dict)); return true;
    case 0x8f: push(make(PickleKind::set)); return true;
    case 0x85: push_tuple(1); return true;
    case 0x86: push_tuple(2); return true;
    case 0x87: push_tuple(3); return true;
    case 't':    // TUPLE
    case 0x91: { // FROZENSET
        const std::size_t mark = pop_mark();
        PickleValue* result = make(op == 't' ? PickleKind::tuple : PickleKind::set);
        move_items(result, mark);
        push(result);
        return true;
    }
    case 'a': { // APPEND
        PickleValue* item = pop();
        arena_.count_items(1);
        if (!stack_.empty() && is_foreign_container(*stack_.back())) {
            return true;
        }
        top(PickleKind::list, "APPEND")->items.push_back(item);
        return true;
    }
    case 's': { // SETITEM
        PickleValue* value = pop();
        PickleValue* key = pop();
        arena_.count_items(2);
        if (!stack_.empty() && is_foreign_container(*stack_.back())) {
            return true;
        }
        PickleValue* dict = top(PickleKind::dict, "SETITEM");
        dict->items.push_back(key);
        dict->items.push_back(value);
        return true;
    }
    case 'e':    // APPENDS
    case 'u':    // SETITEMS
    case 0x90: { // ADDITEMS
        const std::size_t mark = pop_mark();
        const std::size_t count = stack_.size() - mark;
        if (mark == 0 || (!marks_.empty() && mark <= marks_.back())) {
            bad("fills a container and there is none on the stack");
        }
        PickleValue* target = stack_[mark - 1];
        const auto kind = op == 'e' ? PickleKind::list : op == 'u' ? PickleKind::dict : PickleKind::set;
        if (is_foreign_container(*target)) {
            arena_.count_items(count);
            stack_.resize(mark);
            return true;
        }
        if (!target->is(kind)) {
            fail("byte {} of the pickle: {} does not apply to {}", at_,
                 op == 'e'   ? "APPENDS"
                 : op == 'u' ? "SETITEMS"
                             : "ADDITEMS",
                 describe(*target));
        }
        if (op == 'u' && count % 2 != 0) {
            bad("a dictionary gets a key without a value");
        }
        move_items(target, mark);
        return true;
    }
    default: return false;
    }
}

bool PickleMachine::step_memo(std::uint8_t op) {
    switch (op) {
    case 'q': put(in_.little<std::uint8_t>("a memo index")); return true;
    case 'r': put(in_.little<std::uint32_t>("a memo index")); return true;
    case 0x94: put(static_cast<std::uint32_t>(memo_.size())); return true;
    case 'h': get(in_.little<std::uint8_t>("a memo index")); return true;
    case 'j': get(in_.little<std::uint32_t>("a memo index")); return true;
    case '0': // POP
        if (!marks_.empty() && marks_.back() == stack_.size()) {
            marks_.pop_back();
        } else {
            refuse_discarded(*pop());
        }
        return true;
    case '1': { // POP_MARK
        const std::size_t mark = pop_mark();
        for (std::size_t i = mark; i < stack_.size(); ++i) {
            refuse_discarded(*stack_[i]);
        }
        stack_.resize(mark);
        return true;
    }
    case '2': { // DUP
        PickleValue* value = pop();
        push(value);
        push(value);
        return true;
    }
    default: return false;
    }
}

void PickleMachine::step(std::uint8_t op) {
    if (op == 0x95) { // FRAME: only a hint for buffering, but it must not lie
        const auto length = in_.little<std::uint64_t>("a frame's length");
        if (length > in_.left()) {
            fail("ends too early: a frame at byte {} has {} bytes and {} are left (truncated file?)", at_, length,
                 in_.left());
        }
        return;
    }
    if (op == 0x80) { // PROTO
        const int protocol = in_.little<std::uint8_t>("a protocol number");
        if (protocol < 2 || protocol > 5) {
            fail("is a pickle of protocol {}; protocols 2 to 5 are read", protocol);
        }
        protocol_ = std::max(protocol_, protocol);
        return;
    }
    if (!step_scalar(op) && !step_container(op) && !step_memo(op) && !step_object(op)) {
        fail("byte {} of the pickle: opcode 0x{:02x} is unknown or unsupported (a damaged file, or no pickle)", at_,
             op);
    }
}

Unpickled PickleMachine::run() {
    for (;;) {
        at_ = in_.position();
        const auto op = in_.little<std::uint8_t>("an opcode");
        if (at_ == 0 && op != 0x80) {
            bad("does not start with a protocol number, so it is no pickle of protocol 2 to 5");
        }
        if (op == '.') { // STOP
            const PickleValue* root = pop();
            return {root, in_.position(), protocol_};
        }
        step(op);
    }
}

Unpickled unpickle(PickleArena& arena, Bytes data, PickleScope scope) {
    return PickleMachine(arena, data, scope).run();
}

} // namespace atelier::io
