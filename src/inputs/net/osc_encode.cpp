// SPDX-License-Identifier: Apache-2.0
#include "inputs/net/osc_encode.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <type_traits>

#include <lo/lo.h>

namespace atelier::net {

char osc_type_of(const MirroredParameter& parameter) {
    switch (parameter.kind) {
    case ParameterKind::number: return 'f';
    case ParameterKind::whole:
        return parameter.min >= std::numeric_limits<std::int32_t>::min() &&
                       parameter.max <= std::numeric_limits<std::int32_t>::max()
                   ? 'i'
                   : 'h';
    case ParameterKind::choice: return 's';
    case ParameterKind::toggle: return 'T';
    case ParameterKind::trigger: return 'I';
    }
    return 'f';
}

std::vector<std::uint8_t> osc_packet_of(const MirroredParameter& parameter, const std::string& path, double value) {
    struct Free {
        void operator()(void* message) const { lo_message_free(static_cast<lo_message>(message)); }
    };
    const std::unique_ptr<std::remove_pointer_t<lo_message>, Free> message(lo_message_new());
    switch (osc_type_of(parameter)) {
    case 'i': lo_message_add_int32(message.get(), static_cast<std::int32_t>(std::lround(value))); break;
    case 'h': lo_message_add_int64(message.get(), std::llround(value)); break;
    case 's': {
        const auto index = static_cast<std::size_t>(std::max(0.0, value));
        lo_message_add_string(message.get(), index < parameter.names.size() ? parameter.names[index].c_str() : "");
        break;
    }
    case 'T':
        if (value != 0)
            lo_message_add_true(message.get());
        else
            lo_message_add_false(message.get());
        break;
    case 'I': lo_message_add_infinitum(message.get()); break;
    default: lo_message_add_float(message.get(), static_cast<float>(value));
    }
    std::vector<std::uint8_t> out(lo_message_length(message.get(), path.c_str()));
    std::size_t size = out.size();
    lo_message_serialise(message.get(), path.c_str(), out.data(), &size);
    out.resize(size);
    return out;
}

} // namespace atelier::net
