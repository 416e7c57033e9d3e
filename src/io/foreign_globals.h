// SPDX-License-Identifier: Apache-2.0
// Names outside the closed list (pickle_globals.h): the classes of other people's discriminators, losses and options,
// which stand in files whose generator is a plain one. They become inert values that nothing looks into. What could
// only be there to run something is refused, so that such a file is not passed on as harmless.
#pragma once

#include <string_view>

namespace atelier::io {

// Whether a pickle may mention it at all: an undotted name of a module that isn't Python's own, or one of Python's own
// plain values (sets, paths, dates, numbers).
bool foreign_may_stand(std::string_view module, std::string_view name);

// Whether a pickle may describe a call of it: what makes a value - a class, or one of the few functions by which
// arrays, devices and tensors are stored - and no other function.
bool foreign_may_be_called(std::string_view module, std::string_view name);

} // namespace atelier::io
