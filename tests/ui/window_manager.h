// SPDX-License-Identifier: Apache-2.0
// What a window manager does, for displays that have none. For tests only.
#pragma once

namespace atelier::testing {

// Asks the program's window to close, as a click on its cross does; what comes of it is the program's choice. False if
// there is no such window.
bool ask_to_close();

} // namespace atelier::testing
