// SPDX-License-Identifier: Apache-2.0
// The other side of the network's tests: a plain TCP connection that speaks HTTP and WebSocket by hand, so that nothing
// is checked against itself. Waits at most a minute for an answer.
#pragma once

#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "inputs/net/sockets.h"

namespace atelier::test {

class TcpClient {
public:
    explicit TcpClient(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const net::Place place = net::place_of("127.0.0.1", port);
        const timeval limit{60, 0};
        setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        if (connect(socket_.get(), reinterpret_cast<const sockaddr*>(&place.storage), place.size) != 0)
            throw std::runtime_error("the server can't be reached");
    }

    bool send(std::string_view bytes) const {
        return ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
    }
    // What has come, or empty at the end.
    std::string receive() const {
        char bytes[65536];
        const ssize_t count = recv(socket_.get(), bytes, sizeof bytes, 0);
        return count > 0 ? std::string(bytes, static_cast<std::size_t>(count)) : std::string();
    }
    std::string receive_to_end() const {
        std::string all;
        for (std::string some = receive(); !some.empty(); some = receive())
            all += some;
        return all;
    }

private:
    OwnedFd socket_;
};

struct HttpAnswer {
    int status = 0;
    std::string head, body;
};

inline HttpAnswer http_answer(const std::string& text) {
    HttpAnswer answer;
    const std::size_t end = text.find("\r\n\r\n");
    if (text.size() > 12 && end != std::string::npos)
        answer = {std::atoi(text.c_str() + 9), text.substr(0, end), text.substr(end + 4)};
    return answer;
}

inline HttpAnswer http_get(int port, const std::string& target, const std::string& headers = "Host: localhost\r\n",
                           const char* method = "GET") {
    const TcpClient client(port);
    client.send(std::string(method) + " " + target + " HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n");
    return http_answer(client.receive_to_end());
}

class WebSocketClient {
public:
    explicit WebSocketClient(int port, const std::string& headers = "Host: localhost\r\n") : tcp_(port) {
        tcp_.send("GET / HTTP/1.1\r\n" + headers +
                  "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        while (held_.find("\r\n\r\n") == std::string::npos) {
            const std::string some = tcp_.receive();
            if (some.empty())
                break;
            held_ += some;
        }
        answer = http_answer(held_);
        held_ = answer.body;
    }

    bool send(std::string_view payload, bool text) {
        std::string frame{static_cast<char>(text ? 0x81 : 0x82)};
        if (payload.size() < 126) {
            frame += static_cast<char>(0x80 | payload.size());
        } else {
            const bool small = payload.size() < 65536;
            frame += static_cast<char>(0x80 | (small ? 126 : 127));
            for (int shift = small ? 8 : 56; shift >= 0; shift -= 8)
                frame += static_cast<char>(static_cast<std::uint64_t>(payload.size()) >> shift);
        }
        const char mask[] = {1, 2, 3, 4};
        frame.append(mask, 4);
        for (std::size_t i = 0; i < payload.size(); ++i)
            frame += static_cast<char>(payload[i] ^ mask[i % 4]);
        return tcp_.send(frame);
    }
    struct Message {
        bool text = false;
        std::string payload;
    };
    // Of text or bytes; none: it was closed.
    std::optional<Message> receive() {
        for (;;) {
            if (held_.size() >= 2) {
                const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(held_[i]); };
                std::size_t size = byte(1) & 0x7F, head = 2;
                const std::size_t more = size == 126 ? 2 : size == 127 ? 8 : 0;
                if (held_.size() >= head + more) {
                    if (more > 0) {
                        size = 0;
                        for (std::size_t i = 0; i < more; ++i)
                            size = size << 8 | byte(head + i);
                    }
                    head += more;
                    if (held_.size() >= head + size) {
                        const int kind = byte(0) & 0x0F;
                        Message out{kind == 1, held_.substr(head, size)};
                        held_.erase(0, head + size);
                        if (kind == 8)
                            return std::nullopt;
                        if (kind == 1 || kind == 2)
                            return out;
                        continue;
                    }
                }
            }
            const std::string some = tcp_.receive();
            if (some.empty())
                return std::nullopt;
            held_ += some;
        }
    }

    HttpAnswer answer; // to the handshake

private:
    TcpClient tcp_;
    std::string held_;
};

} // namespace atelier::test
