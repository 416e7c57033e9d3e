// SPDX-License-Identifier: Apache-2.0
// Empty: the precompiled header needs a target that compiles it.
