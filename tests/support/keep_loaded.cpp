// SPDX-License-Identifier: Apache-2.0
// For address-sanitized executables only: no library is unloaded. Mesa's drivers keep blocks that only their own
// globals point to; once they are gone at exit, the leak check takes such blocks for lost, in frames without a name
// that no suppression could match. A block that really was lost is found all the same.
extern "C" __attribute__((visibility("default"))) int dlclose(void*) {
    return 0;
}
