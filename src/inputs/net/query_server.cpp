// SPDX-License-Identifier: Apache-2.0
// The only file that includes Boost: its headers take long to compile.
#include "inputs/net/query_server.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <thread>

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include "base/clock.h"
#include "base/error.h"
#include "inputs/net/held_messages.h"
#include "inputs/net/osc_encode.h"
#include "inputs/net/packets.h"
#include "inputs/net/sockets.h"
#include "query_page.h"

namespace atelier::net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using beast::error_code;
using Request = http::request<http::string_body>;

constexpr auto request_time = std::chrono::seconds(10); // for one to come whole, and for its answer to go
constexpr auto tell_every = std::chrono::milliseconds(33);
constexpr std::size_t bytes_as_a_message = 200; // what making an answer costs, in the pace's unit
constexpr std::uint32_t longest_header = 8192, longest_body = 1024;

std::string_view view_of(boost::string_view text) {
    return {text.data(), text.size()};
}

// What all connections share. Used by the server's thread alone.
struct Shared {
    const ParameterMirror& mirror;
    OscRouter& router;
    Counts& counts;
    QueryHost host;
    bool may_set_here = false;
    std::atomic<std::size_t> connections = 0;
    HeldMessages held{}; // of bundles that came by WebSocket
    Pace pace{};

    QueryHost host_now() const {
        QueryHost now = host;
        now.may_set = host.may_set && !mirror.closed();
        return now;
    }
};

// Reads on when the pace allows it; meanwhile the system holds the sender back.
template <class Next> void when_allowed(asio::steady_timer& timer, Shared& shared, Next next) {
    const double now = steady_seconds();
    if (shared.pace.may(now))
        return next();
    timer.expires_after(std::chrono::microseconds(1 + static_cast<int>(shared.pace.rest(now) * 1e6)));
    timer.async_wait([next](error_code error) {
        if (!error)
            next();
    });
}

// Whether the other side was wrong, and didn't just go.
bool is_fault(error_code error) {
    return error != asio::error::eof && error != asio::error::connection_reset && error != asio::error::broken_pipe &&
           error != asio::error::operation_aborted && error != websocket::error::closed &&
           error != beast::error::timeout && error != http::error::end_of_stream;
}

// One of most_query_connections, as long as it lives.
class Seat {
public:
    explicit Seat(Shared& shared) : shared_(shared) { ++shared_.connections; }
    ~Seat() { --shared_.connections; }
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

private:
    Shared& shared_;
};

class WebSocketSession : public std::enable_shared_from_this<WebSocketSession> {
public:
    WebSocketSession(tcp::socket socket, std::string from, std::shared_ptr<Seat> seat, Shared& shared)
        : stream_(std::move(socket)), timer_(stream_.get_executor()), from_(std::move(from)), seat_(std::move(seat)),
          shared_(shared) {}

    void begin(const Request& request) {
        stream_.set_option(websocket::stream_base::timeout::suggested(beast::role_type::server));
        stream_.read_message_max(std::max(longest_command, largest_osc_packet));
        stream_.async_accept(request, [self = shared_from_this()](error_code error) {
            if (error)
                return;
            self->open_ = true;
            self->read();
        });
    }

    // What has changed since it was told; nothing while the last is still on its way: the newest value wins.
    void tell(const ParameterMirror::View& view) {
        if (!open_ || !waiting_.empty())
            return;
        if (table_ != view.table) {
            if (table_)
                waiting_.push_back({true, R"({"COMMAND":"PATH_CHANGED","DATA":"/"})"});
            table_ = view.table;
        }
        for (auto& [path, told] : listened_) {
            const auto index = table_->find(path);
            if (!index || told == view.values[*index])
                continue;
            told = view.values[*index];
            const auto packet = osc_packet_of(table_->all()[*index], table_->path(*index), *told);
            waiting_.push_back({false, std::string(packet.begin(), packet.end())});
        }
        write();
    }

private:
    struct Message {
        bool text = false;
        std::string bytes;
    };

    void read() {
        stream_.async_read(buffer_, [self = shared_from_this()](error_code error, std::size_t) {
            if (error) {
                if (is_fault(error))
                    self->shared_.counts.add(Refusal::request);
                self->open_ = false;
                return;
            }
            const auto data = self->buffer_.cdata();
            self->take({static_cast<const std::uint8_t*>(data.data()), data.size()}, self->stream_.got_text());
            self->buffer_.consume(self->buffer_.size());
            when_allowed(self->timer_, self->shared_, [self] { self->read(); });
        });
    }

    void take(std::span<const std::uint8_t> bytes, bool text) {
        shared_.pace.use(1);
        if (!text)
            return take_osc(bytes);
        const ListenCommand command = read_listen_command({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
        const auto table = shared_.mirror.table();
        const auto index = table->find(command.path);
        if (command.kind == ListenCommand::Kind::ignore)
            listened_.erase(command.path);
        else if (command.kind == ListenCommand::Kind::listen && index &&
                 table->all()[*index].kind != ParameterKind::trigger)
            listened_.emplace(table->path(*index), std::nullopt); // as many as there are parameters, at most
        else
            shared_.counts.add(Refusal::request);
    }

    void take_osc(std::span<const std::uint8_t> bytes) {
        std::vector<TimedMessage> messages;
        if (!read_osc(bytes, messages))
            return shared_.counts.add(Refusal::malformed);
        shared_.pace.use(messages.size());
        const OscNow now = osc_now();
        for (TimedMessage& each : messages) {
            if (each.time <= now.wall)
                shared_.router.take(each.message, from_, shared_.may_set_here);
            else if (!shared_.held.hold(each.time, now, {std::move(each.message), from_}))
                shared_.counts.add(Refusal::too_far_ahead);
        }
    }

    void write() {
        if (waiting_.empty())
            return;
        stream_.text(waiting_.front().text);
        stream_.async_write(asio::buffer(waiting_.front().bytes),
                            [self = shared_from_this()](error_code error, std::size_t) {
                                if (error) {
                                    self->open_ = false;
                                    return;
                                }
                                self->waiting_.pop_front();
                                self->write();
                            });
    }

    websocket::stream<tcp::socket> stream_;
    asio::steady_timer timer_;
    std::string from_;
    std::shared_ptr<Seat> seat_;
    Shared& shared_;
    beast::flat_buffer buffer_;
    bool open_ = false;
    std::shared_ptr<const ParameterTable> table_;
    std::map<std::string, std::optional<double>> listened_; // path -> what was told last
    std::deque<Message> waiting_;                           // at most one for each parameter
};

struct Server {
    asio::io_context io{1};
    tcp::acceptor acceptor{io};
    asio::steady_timer timer{io};
    std::vector<std::weak_ptr<WebSocketSession>> listeners;
};

class HttpSession : public std::enable_shared_from_this<HttpSession> {
public:
    HttpSession(tcp::socket socket, Server& server, Shared& shared)
        : stream_(std::move(socket)), timer_(server.io), server_(server), seat_(std::make_shared<Seat>(shared)),
          shared_(shared) {
        error_code none;
        const auto end = stream_.socket().remote_endpoint(none);
        if (!none)
            from_ = end.address().to_string(none);
    }

    void read() {
        parser_.emplace();
        parser_->header_limit(longest_header);
        parser_->body_limit(longest_body);
        stream_.expires_after(request_time);
        http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](error_code error, std::size_t) {
            if (!error)
                return self->answer(self->parser_->release());
            // A browser keeps connections that it doesn't need.
            if (error == beast::error::timeout && self->parser_->got_some())
                self->shared_.counts.add(Refusal::connection);
            else if (is_fault(error))
                self->shared_.counts.add(Refusal::malformed);
        });
    }

private:
    void answer(const Request& request) {
        if (!means_this_server(view_of(request[http::field::host]), view_of(request[http::field::origin])))
            return refuse(request, http::status::forbidden, "Other sites' pages are not answered.\n");
        if (websocket::is_upgrade(request)) {
            stream_.expires_never();
            auto session = std::make_shared<WebSocketSession>(stream_.release_socket(), from_, seat_, shared_);
            server_.listeners.push_back(session);
            return session->begin(request);
        }
        if (request.method() != http::verb::get && request.method() != http::verb::head)
            return refuse(request, http::status::method_not_allowed, "Only GET is answered here.\n");
        const std::string_view target = view_of(request.target());
        const bool wants_page = view_of(request[http::field::accept]).find("text/html") != std::string_view::npos &&
                                target.find('?') == std::string_view::npos;
        if (wants_page)
            return send(request, http::status::ok, "text/html; charset=utf-8", std::string(embedded::query_page_html));
        const QueryAnswer found = answer_query(shared_.mirror.view(), shared_.host_now(), target);
        if (found.status == 400)
            shared_.counts.add(Refusal::request);
        send(request, static_cast<http::status>(found.status), "application/json", found.body);
    }

    void refuse(const Request& request, http::status status, const char* why) {
        shared_.counts.add(Refusal::request);
        send(request, status, "text/plain", why);
    }

    void send(const Request& request, http::status status, const char* type, std::string body) {
        shared_.pace.use(1 + body.size() / bytes_as_a_message);
        answer_ = {status, request.version()};
        answer_.set(http::field::content_type, type);
        answer_.set(http::field::cache_control, "no-store");
        answer_.set(http::field::x_frame_options, "DENY");
        answer_.keep_alive(request.keep_alive());
        const bool head = request.method() == http::verb::head;
        answer_.content_length(body.size());
        if (!head)
            answer_.body() = std::move(body);
        if (status == http::status::no_content)
            answer_.content_length(boost::none);
        stream_.expires_after(request_time);
        const auto done = [self = shared_from_this()](error_code error, std::size_t) {
            if (!error && self->answer_.keep_alive())
                return when_allowed(self->timer_, self->shared_, [self] { self->read(); });
            error_code none;
            self->stream_.socket().shutdown(tcp::socket::shutdown_send, none);
        };
        if (head) {
            serializer_.emplace(answer_);
            serializer_->split(true);
            http::async_write_header(stream_, *serializer_, done);
        } else {
            http::async_write(stream_, answer_, done);
        }
    }

    beast::tcp_stream stream_;
    asio::steady_timer timer_;
    Server& server_;
    std::shared_ptr<Seat> seat_;
    Shared& shared_;
    std::string from_;
    beast::flat_buffer buffer_{longest_header + longest_body};
    boost::optional<http::request_parser<http::string_body>> parser_;
    http::response<http::string_body> answer_;
    boost::optional<http::response_serializer<http::string_body>> serializer_;
};

} // namespace

struct QueryServer::Impl {
    Shared shared;
    Server server;
    asio::steady_timer pause{server.io};
    int port = 0;
    std::jthread thread{};

    void accept() {
        server.acceptor.async_accept([this](error_code error, tcp::socket socket) {
            if (error == asio::error::operation_aborted)
                return;
            if (!error && shared.connections >= most_query_connections)
                shared.counts.add(Refusal::connection); // and it is closed
            else if (!error)
                std::make_shared<HttpSession>(std::move(socket), server, shared)->read();
            shared.pace.use(1);
            when_allowed(pause, shared, [this] { accept(); });
        });
    }

    void tell() {
        const OscNow now = osc_now();
        while (const auto due = shared.held.due(now))
            shared.router.take(due->message, due->from, shared.may_set_here);
        std::erase_if(server.listeners, [](const auto& each) { return each.expired(); });
        if (!server.listeners.empty()) {
            const ParameterMirror::View view = shared.mirror.view();
            for (const auto& each : server.listeners) {
                if (const auto session = each.lock())
                    session->tell(view);
            }
        }
        server.timer.expires_after(tell_every);
        server.timer.async_wait([this](error_code error) {
            if (!error)
                tell();
        });
    }
};

QueryServer::QueryServer(const std::string& address, int port, QueryHost host, bool may_set_here,
                         const ParameterMirror& mirror, OscRouter& router, Counts& counts)
    : impl_(new Impl{{mirror, router, counts, std::move(host), may_set_here}, {}}) {
    OwnedFd socket = listen_tcp(address, port, "OSCQuery");
    impl_->port = port_of(socket);
    impl_->shared.host.own_port = impl_->port;
    const bool is_v6 = place_of(address, port).storage.ss_family == AF_INET6;
    error_code error;
    impl_->server.acceptor.assign(is_v6 ? tcp::v6() : tcp::v4(), socket.get(), error);
    if (error)
        fail("OSCQuery can't listen on {}, port {}: {}.", address, port, error.message());
    socket.release(); // the acceptor closes it
    impl_->accept();
    impl_->tell();
    impl_->thread = std::jthread([impl = impl_.get()] { impl->server.io.run(); });
}

QueryServer::~QueryServer() {
    impl_->server.io.stop();
    impl_->thread.join();
}

int QueryServer::port() const {
    return impl_->port;
}

std::size_t QueryServer::connections() const {
    return impl_->shared.connections;
}

bool means_this_server(std::string_view host, std::string_view origin) {
    // The name without its port; an IPv6 address stands in brackets.
    const bool v6 = host.starts_with('[');
    const std::size_t end = v6 ? host.find(']') : host.find(':');
    const std::string name(v6 ? host.substr(1, end == std::string_view::npos ? end : end - 1) : host.substr(0, end));
    char own[256] = "";
    gethostname(own, sizeof own - 1);
    if (!is_network_address(name) && !name.ends_with(".local") && (name.empty() || name != own))
        return false;
    return origin.empty() || origin == "http://" + std::string(host);
}

} // namespace atelier::net
