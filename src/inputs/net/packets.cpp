// SPDX-License-Identifier: Apache-2.0
#include "inputs/net/packets.h"

#include <array>
#include <cstring>

#include "inputs/net/osc_packet.h"

namespace atelier::net {
namespace {
constexpr std::size_t room = largest_osc_packet; // more than any datagram holds
} // namespace

PacketReader::PacketReader() : room_(room * batch) {}

const std::vector<PacketReader::Packet>& PacketReader::read(const OwnedFd& socket, Counts& counts) {
    std::array<mmsghdr, batch> headers{};
    std::array<iovec, batch> parts{};
    std::array<sockaddr_storage, batch> senders{};
    struct alignas(cmsghdr) Control {
        char bytes[CMSG_SPACE(sizeof(std::uint32_t))];
    };
    std::array<Control, batch> controls{};
    for (std::size_t i = 0; i < batch; ++i) {
        parts[i] = {room_.data() + i * room, room};
        headers[i].msg_hdr.msg_name = &senders[i];
        headers[i].msg_hdr.msg_namelen = sizeof senders[i];
        headers[i].msg_hdr.msg_iov = &parts[i];
        headers[i].msg_hdr.msg_iovlen = 1;
        headers[i].msg_hdr.msg_control = controls[i].bytes;
        headers[i].msg_hdr.msg_controllen = sizeof controls[i].bytes;
    }
    const int count = recvmmsg(socket.get(), headers.data(), batch, MSG_DONTWAIT, nullptr);
    packets_.clear();
    for (std::size_t i = 0; count > 0 && i < static_cast<std::size_t>(count); ++i) {
        msghdr& header = headers[i].msg_hdr;
        for (cmsghdr* each = CMSG_FIRSTHDR(&header); each != nullptr; each = CMSG_NXTHDR(&header, each)) {
            if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SO_RXQ_OVFL)
                continue;
            std::uint32_t all = 0;
            std::memcpy(&all, CMSG_DATA(each), sizeof all);
            counts.add(Refusal::overrun, all - dropped_); // it may wrap around, and the difference still holds
            dropped_ = all;
        }
        packets_.push_back({{room_.data() + i * room, headers[i].msg_len}, address_text(senders[i])});
    }
    return packets_;
}

} // namespace atelier::net
