// SPDX-License-Identifier: Apache-2.0
#include "inputs/net/sockets.h"

#include <cerrno>
#include <cstring>
#include <memory>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/error.h"

namespace atelier::net {
namespace {

constexpr int receive_buffer = 1 << 20; // bytes, as far as the system allows

struct FreeInfo {
    void operator()(addrinfo* info) const { freeaddrinfo(info); }
};
using Info = std::unique_ptr<addrinfo, FreeInfo>;

Info look_up(const std::string& address, int port) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_DGRAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const std::string number = address == "localhost" ? "127.0.0.1" : address;
    return getaddrinfo(number.c_str(), std::to_string(port).c_str(), &hints, &found) == 0 ? Info(found) : nullptr;
}

OwnedFd listening(const std::string& address, int port, const char* what, int type) {
    const Place place = place_of(address, port);
    OwnedFd socket(::socket(place.storage.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int yes = 1;
    // A port that was let go of a moment ago can be had again; two programs can't have one at once.
    if (socket && type == SOCK_STREAM)
        setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (!socket || bind(socket.get(), reinterpret_cast<const sockaddr*>(&place.storage), place.size) != 0 ||
        (type == SOCK_STREAM && listen(socket.get(), 8) != 0)) {
        const int error = errno;
        if (error == EADDRINUSE)
            fail("{} can't listen on {}, port {}: another program has it; choose another port.", what, address, port);
        if (error == EADDRNOTAVAIL)
            fail(
                "{} can't listen on {}: this machine hasn't that address; 127.0.0.1 is the machine itself, 0.0.0.0 all "
                "its addresses.",
                what, address);
        fail("{} can't listen on {}, port {}: {}.", what, address, port, std::strerror(error));
    }
    if (type == SOCK_DGRAM) {
        setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        setsockopt(socket.get(), SOL_SOCKET, SO_RXQ_OVFL, &yes, sizeof yes); // how many were dropped
    }
    return socket;
}

} // namespace

bool is_network_address(const std::string& text) {
    return look_up(text, 0) != nullptr;
}

Place place_of(const std::string& address, int port) {
    if (port < 0 || port > 65535)
        fail("{} is no port: they go from 1 to 65535.", port);
    const Info info = look_up(address, port);
    if (!info)
        fail("{} is no address: four numbers such as 127.0.0.1 or 192.168.1.20 are, or one of IPv6.",
             address.empty() ? "Nothing" : address);
    Place place;
    place.size = info->ai_addrlen;
    std::memcpy(&place.storage, info->ai_addr, info->ai_addrlen);
    return place;
}

std::string address_text(const sockaddr_storage& storage) {
    char text[INET6_ADDRSTRLEN] = "";
    if (storage.ss_family == AF_INET)
        inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(storage).sin_addr, text, sizeof text);
    else if (storage.ss_family == AF_INET6)
        inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(storage).sin6_addr, text, sizeof text);
    return text;
}

OwnedFd listen_udp(const std::string& address, int port, const char* what) {
    return listening(address, port, what, SOCK_DGRAM);
}

OwnedFd listen_tcp(const std::string& address, int port, const char* what) {
    return listening(address, port, what, SOCK_STREAM);
}

OwnedFd udp_to_anywhere(const Place& place) {
    OwnedFd socket(::socket(place.storage.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int yes = 1;
    if (!socket || setsockopt(socket.get(), SOL_SOCKET, SO_BROADCAST, &yes, sizeof yes) != 0)
        fail("Nothing can be sent to the network: {}.", std::strerror(errno));
    return socket;
}

int port_of(const OwnedFd& socket) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (getsockname(socket.get(), reinterpret_cast<sockaddr*>(&storage), &size) != 0)
        return 0;
    return ntohs(storage.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(storage).sin6_port
                                               : reinterpret_cast<const sockaddr_in&>(storage).sin_port);
}

WakeUp::WakeUp() : fd_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (!fd_)
        fail("The system has no room for another open file: {}.", std::strerror(errno));
}

void WakeUp::wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(fd_.get(), &one, sizeof one);
}

void WakeUp::clear() const {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto taken = read(fd_.get(), &count, sizeof count);
}

} // namespace atelier::net
