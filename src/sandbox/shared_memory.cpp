// SPDX-License-Identifier: Apache-2.0
#include "sandbox/shared_memory.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>

#include "base/error.h"

namespace atelier::sandbox {
namespace {

OwnedFd new_memory() {
    OwnedFd fd(::memfd_create("atelier", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!fd) {
        fail("There is no memory to share with a decoder ({}).", std::strerror(errno));
    }
    return fd;
}

} // namespace

SharedMemory::SharedMemory(std::size_t bytes) : fd_(new_memory()), size_(bytes) {
    if (::ftruncate(fd_.get(), static_cast<off_t>(bytes)) != 0 ||
        ::fcntl(fd_.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
        fail("There is no memory to share with a decoder ({}).", std::strerror(errno));
    }
    map();
}

SharedMemory::SharedMemory(OwnedFd fd, std::size_t bytes) : fd_(std::move(fd)), size_(bytes) {
    map();
}

void SharedMemory::map() {
    void* at = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd_.get(), 0);
    if (at == MAP_FAILED) {
        fail("The memory shared with a decoder can't be reached ({}).", std::strerror(errno));
    }
    data_ = static_cast<std::uint8_t*>(at);
}

SharedMemory::~SharedMemory() {
    ::munmap(data_, size_);
}

void SharedMemory::let_go() {
    ::fallocate(fd_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size_));
}

OwnedFd sealed_copy(std::span<const std::uint8_t> bytes) {
    OwnedFd fd = new_memory();
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t put = ::write(fd.get(), bytes.data() + at, bytes.size() - at);
        if (put < 0 && errno != EINTR) {
            fail("There is no memory to share with a decoder ({}).", std::strerror(errno));
        }
        at += put > 0 ? static_cast<std::size_t>(put) : 0;
    }
    ::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
    return fd;
}

} // namespace atelier::sandbox
