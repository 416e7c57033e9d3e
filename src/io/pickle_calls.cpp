// SPDX-License-Identifier: Apache-2.0
// The opcodes that make Python call something: here they describe the call and never make it.
#include "io/foreign_globals.h"
#include "io/pickle_stack.h"

namespace atelier::io {

void PickleMachine::global(std::string_view module, std::string_view name) {
    int index = find_global(module, name, scope_);
    const bool foreign = index < 0 && takes_foreign(scope_) && foreign_may_stand(module, name);
    if (index < 0 && !foreign) {
        refuse_global(module, name);
    }
    PickleValue* value = make(PickleKind::global);
    if (foreign) {
        index = foreign_global();
        value->text = arena_.keep(fmt::format("{}.{}", module, name));
        value->real = foreign_may_be_called(module, name) ? 1 : 0;
    }
    value->integer = index;
    push(value);
}

void PickleMachine::refuse_global(std::string_view module, std::string_view name) const {
    fail("calls the global {}.{}, which no model needs; refused, nothing was run", printable(module), printable(name));
}

// _codecs.encode(text, 'latin1'): protocol 2 has no opcode for bytes and spells them as text.
void PickleMachine::encode(const PickleValue& args) {
    if (args.items.size() != 2 || !args.items[0]->is(PickleKind::text) || !args.items[1]->is(PickleKind::text) ||
        (args.items[1]->text != "latin1" && args.items[1]->text != "latin-1")) {
        bad("_codecs.encode has other arguments than a text and 'latin1'");
    }
    const std::string_view text = args.items[0]->text;
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto first = static_cast<unsigned char>(text[i]);
        if (first < 0x80) {
            bytes += text[i];
        } else if (first <= 0xC3) { // the two-byte form of 128..255; push_text has checked that the second is there
            ++i;
            bytes += static_cast<char>(((first & 0x03U) << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU));
        } else {
            bad("_codecs.encode holds a character above 255");
        }
    }
    PickleValue* result = make(PickleKind::bytes);
    result->text = arena_.keep(std::move(bytes));
    push(result);
}

// REDUCE and NEWOBJ: what the call would have made, as data.
void PickleMachine::call(bool as_new) {
    PickleValue* args = pop();
    PickleValue* callee = pop();
    if (!callee->is(PickleKind::global)) {
        fail("byte {} of the pickle: calls {}, where only allowed names stand; refused", at_, describe(*callee));
    }
    if (!args->is(PickleKind::tuple)) {
        bad("a call's arguments are no tuple");
    }
    const PickleName meaning = allowed_global(callee->integer).meaning;
    const bool is_class = meaning == PickleName::dictionary || meaning == PickleName::options ||
                          meaning == PickleName::tensorflow_network || meaning == PickleName::foreign;
    if (meaning == PickleName::foreign && !as_new && callee->real == 0) {
        fail("calls the global {}, which no model needs; refused, nothing was run", describe(*callee));
    }
    if (meaning == PickleName::storage_type || (as_new && !is_class)) {
        fail("byte {} of the pickle: makes a new object of {}, which no model does; refused", at_, describe(*callee));
    }
    switch (meaning) {
    case PickleName::encode: encode(*args); return;
    case PickleName::numpy_type:
        fail("byte {} of the pickle: makes a new object of {}, which no model does; refused", at_, describe(*callee));
    case PickleName::set: {
        PickleValue* set = make(PickleKind::set);
        if (!args->items.empty()) {
            set->items = args->items.front()->items;
            arena_.count_items(set->items.size());
        }
        push(set);
        return;
    }
    case PickleName::dictionary: {
        // Python 2 wrote OrderedDict([[key, value], ...]); Python 3 fills it with SETITEMS.
        PickleValue* dict = make(PickleKind::dict);
        if (!args->items.empty()) {
            for (const PickleValue* pair : args->items.front()->items) {
                if (pair->items.size() != 2) {
                    bad("a dictionary is made of something other than pairs");
                }
                dict->items.push_back(pair->items[0]);
                dict->items.push_back(pair->items[1]);
            }
            arena_.count_items(dict->items.size());
        }
        push(dict);
        return;
    }
    default: {
        PickleValue* object = make(PickleKind::object);
        object->callee = callee;
        object->items = args->items;
        arena_.count_items(args->items.size());
        push(object);
    }
    }
}

void PickleMachine::build() {
    PickleValue* state = pop();
    if (stack_.empty()) {
        bad("BUILD finds an empty stack");
    }
    PickleValue* target = stack_.back();
    if (!target->is(PickleKind::object) && !target->is(PickleKind::dict) && !target->is(PickleKind::set)) {
        fail("byte {} of the pickle: BUILD does not apply to {}", at_, describe(*target));
    }
    target->state = state;
}

bool PickleMachine::step_object(std::uint8_t op) {
    switch (op) {
    case 'c':   // GLOBAL
    case 'i': { // INST
        const std::string_view module = in_.line("a module name");
        const std::string_view name = in_.line("a name");
        global(module, name);
        if (op == 'i') {
            bad("opcode INST makes an object of a class, which no model does; refused");
        }
        return true;
    }
    case 0x93: { // STACK_GLOBAL
        const PickleValue* name = pop();
        const PickleValue* module = pop();
        if (!name->is(PickleKind::text) || !module->is(PickleKind::text)) {
            bad("the name of a global is not a string");
        }
        global(module->text, name->text);
        return true;
    }
    case 'R': call(false); return true;
    case 0x81: call(true); return true; // NEWOBJ
    case 0x92: {                        // NEWOBJ_EX
        const PickleValue* keywords = pop();
        if (!keywords->is(PickleKind::dict) || !keywords->items.empty()) {
            bad("NEWOBJ_EX gives keyword arguments, which no model does; refused");
        }
        call(true);
        return true;
    }
    case 'b': build(); return true;
    case 'Q': { // BINPERSID
        PickleValue* id = pop();
        if ((scope_ != PickleScope::storage && scope_ != PickleScope::torch) || !id->is(PickleKind::tuple)) {
            bad("refers to data outside the pickle, which this kind of file does not have");
        }
        // Old torch.save put the program text of a module's class beside it: ('module', class, file, text).
        if (id->items.size() == 4 && id->items[0]->is(PickleKind::text) && id->items[0]->text == "module" &&
            id->items[1]->is(PickleKind::global)) {
            push(id->items[1]);
            return true;
        }
        PickleValue* value = make(PickleKind::persistent);
        value->items = id->items;
        arena_.count_items(id->items.size());
        push(value);
        return true;
    }
    case 'o': bad("opcode OBJ makes an object of a class, which no model does; refused");
    case 0x82:
    case 0x83:
    case 0x84: bad("uses the extension registry of Python, a global that no model needs; refused");
    case 0x97:
    case 0x98: bad("refers to an out-of-band buffer, which a file does not have");
    default: return false;
    }
}

} // namespace atelier::io
