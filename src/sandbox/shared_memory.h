// SPDX-License-Identifier: Apache-2.0
// SharedMemory: bytes that two processes see. Its size can't change, so that nobody's access can run off its end; its
// contents may change at any time, so a reader copies first and looks then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/owned_fd.h"

namespace atelier::sandbox {

class SharedMemory {
public:
    explicit SharedMemory(std::size_t bytes);    // new, all zero; takes memory where it is written. Throws Error.
    SharedMemory(OwnedFd fd, std::size_t bytes); // of the other process. Throws Error.
    ~SharedMemory();
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;

    std::span<std::uint8_t> bytes() const { return {data_, size_}; }
    int fd() const { return fd_.get(); }
    void let_go(); // gives the memory back to the system; all is zero then

private:
    void map();

    OwnedFd fd_;
    std::uint8_t* data_ = nullptr;
    std::size_t size_;
};

// Bytes as an anonymous file that nobody can change, for readers that take a descriptor. Throws Error.
OwnedFd sealed_copy(std::span<const std::uint8_t> bytes);

} // namespace atelier::sandbox
