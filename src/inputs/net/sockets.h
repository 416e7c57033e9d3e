// SPDX-License-Identifier: Apache-2.0
// Sockets that listen on one chosen address. Addresses are numbers ("127.0.0.1", "::1"), or "localhost": a name would
// have to be looked up, which may take seconds.
#pragma once

#include <cstdint>
#include <string>

#include <sys/socket.h>

#include "base/owned_fd.h"

namespace atelier::net {

// An address and port of the machine or of another.
struct Place {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

// Throws Error with a sentence where `address` is none. port: 0..65535.
Place place_of(const std::string& address, int port);
std::string address_text(const sockaddr_storage& storage); // the number, without the port
bool is_network_address(const std::string& text);

// Non-blocking, closed when another program is started. port 0: one that is free. Throw Error with a sentence that says
// what can't be listened at and why. what: "OSC", for the sentence.
OwnedFd listen_udp(const std::string& address, int port, const char* what);
OwnedFd listen_tcp(const std::string& address, int port, const char* what);
OwnedFd udp_to_anywhere(const Place& place); // to send by, broadcasts too
int port_of(const OwnedFd& socket);

// Wakes a thread in poll(); read until it is empty.
class WakeUp {
public:
    WakeUp();
    int fd() const { return fd_.get(); }
    void wake() const;
    void clear() const;

private:
    OwnedFd fd_;
};

} // namespace atelier::net
