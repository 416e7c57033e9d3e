// SPDX-License-Identifier: Apache-2.0
// OSCQuery: what HTTP and WebSocket answer, by curl and by a client of the test's own, and whom they don't.
#include <cstdio>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lo/lo.h>
#include <nlohmann/json.hpp>

#include "inputs/net/network.h"
#include "inputs/net/osc_packet.h"
#include "inputs/net/query_server.h"
#include "net_client.h"
#include "support/soon.h"

namespace {

using namespace atelier;
using namespace atelier::net;
using nlohmann::json;
using test::http_get;
using test::soon;
using test::WebSocketClient;
using testing::HasSubstr;

std::string osc_float(const char* address, float value) {
    lo_message message = lo_message_new();
    lo_message_add_float(message, value);
    std::string out(lo_message_length(message, address), '\0');
    lo_message_serialise(message, address, out.data(), nullptr);
    lo_message_free(message);
    return out;
}

class OscQuery : public testing::Test {
protected:
    OscQuery() { network.mirror.describe(parameters()); }

    static std::vector<MirroredParameter> parameters() {
        return {
            {.id = "light.amount",
             .label = "Amount",
             .unit = "lux",
             .tooltip = "How \"light\" it is",
             .min = -1,
             .max = 2,
             .standard = 0.7},
            {.id = "light.layers", .label = "Layers", .max = 8, .kind = ParameterKind::whole},
            {.id = "light.order", .label = "Order", .kind = ParameterKind::choice, .names = {"forward", "backward"}},
            {.id = "light.on", .label = "On", .kind = ParameterKind::toggle},
            {.id = "transport.go", .label = "Go", .kind = ParameterKind::trigger},
            {.id = "light.closed", .label = "Closed", .open = false},
            {.id = "turn.a:1#2.amount", .label = "Second", .max = 5},
            {.id = "walk.seed", .label = "Seed", .max = 4294967295, .kind = ParameterKind::whole}};
    }
    void serve(NetworkOptions options = {}) {
        options.query = true;
        options.query_port = 0;
        network.apply(options);
        ASSERT_TRUE(network.query().on) << network.query().problem;
        port = network.query().port;
    }
    json get(const std::string& target) const {
        const auto answer = http_get(port, target);
        EXPECT_EQ(answer.status, 200) << target;
        return json::parse(answer.body, nullptr, false);
    }

    Network network{SourceSink{}};
    int port = 0;
};

TEST_F(OscQuery, DescribesEveryParameter) {
    serve({.osc = true, .osc_port = 0});
    const json tree = get("/");
    EXPECT_EQ(tree["FULL_PATH"], "/");
    const json& amount = tree["CONTENTS"]["light"]["CONTENTS"]["amount"];
    EXPECT_EQ(amount, json({{"FULL_PATH", "/light/amount"},
                            {"TYPE", "f"},
                            {"ACCESS", 3},
                            {"VALUE", {0.7}},
                            {"RANGE", {{{"MIN", -1.0}, {"MAX", 2.0}}}},
                            {"CLIPMODE", {"both"}},
                            {"UNIT", {"lux"}},
                            {"DESCRIPTION", "Amount: How \"light\" it is"}}));
    EXPECT_EQ(get("/light/layers")["RANGE"], json({{{"MIN", 0}, {"MAX", 8}}}));
    EXPECT_EQ(get("/light/layers")["TYPE"], "i");
    EXPECT_EQ(get("/walk/seed")["TYPE"], "h") << "seeds need more than 32 bits";
    EXPECT_EQ(get("/walk/seed")["RANGE"], json({{{"MIN", 0}, {"MAX", 4294967295}}}));
    EXPECT_EQ(get("/light/order")["RANGE"], json({{{"VALS", {"forward", "backward"}}}}));
    EXPECT_EQ(get("/light/order")["VALUE"], json({"forward"}));
    EXPECT_EQ(get("/light/on")["TYPE"], "F");
    EXPECT_EQ(get("/transport/go")["ACCESS"], 2);
    EXPECT_EQ(get("/light/closed")["ACCESS"], 1) << "it can be read alone";
    EXPECT_EQ(get("/turn/a:1~2/amount")["FULL_PATH"], "/turn/a:1~2/amount");
    EXPECT_EQ(get("/turn/a%3A1~2/amount")["FULL_PATH"], "/turn/a:1~2/amount");
    EXPECT_EQ(get("/light/")["CONTENTS"].size(), 5u);
    const json info = get("/?HOST_INFO");
    EXPECT_EQ(info["OSC_PORT"], network.osc().port);
    EXPECT_EQ(info["OSC_TRANSPORT"], "UDP");
    EXPECT_EQ(info["WS_PORT"], port);
    EXPECT_EQ(info["EXTENSIONS"]["LISTEN"], true);
}

TEST_F(OscQuery, AnswersForSingleAttributes) {
    serve();
    network.mirror.tell(std::vector<double>{1.25, 3, 1, 1, 0, 0, 0, 4e9});
    EXPECT_EQ(get("/light/amount?VALUE"), json({{"VALUE", {1.25}}}));
    EXPECT_EQ(get("/light/order?VALUE"), json({{"VALUE", {"backward"}}}));
    EXPECT_EQ(get("/walk/seed?VALUE"), json({{"VALUE", {4000000000}}}));
    EXPECT_EQ(get("/light/on?TYPE"), json({{"TYPE", "T"}}));
    EXPECT_EQ(http_get(port, "/transport/go?VALUE").status, 204);
    EXPECT_EQ(http_get(port, "/light/amount?COLOUR").status, 400);
    EXPECT_EQ(http_get(port, "/nothing?VALUE").status, 404);
    EXPECT_EQ(http_get(port, "/nothing").status, 404);
    EXPECT_EQ(http_get(port, "/light/amount", "Host: localhost\r\n", "POST").status, 405);
    const auto head = http_get(port, "/light/amount", "Host: localhost\r\n", "HEAD");
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.body, "");
    EXPECT_EQ(http_get(port, "/" + std::string(3000, 'a')).status, 400);
}

TEST_F(OscQuery, AnswersCurl) {
    if (std::system("curl --version >/dev/null 2>&1") != 0)
        GTEST_SKIP() << "no curl";
    serve();
    const std::string command =
        "curl --noproxy '*' -s 'http://127.0.0.1:" + std::to_string(port) + "/light/amount?RANGE'";
    FILE* pipe = popen(command.c_str(), "r");
    ASSERT_NE(pipe, nullptr);
    char text[1000] = "";
    const std::size_t size = fread(text, 1, sizeof text - 1, pipe);
    EXPECT_EQ(pclose(pipe), 0);
    EXPECT_EQ(json::parse(std::string(text, size), nullptr, false), json({{"RANGE", {{{"MIN", -1.0}, {"MAX", 2.0}}}}}));
}

TEST_F(OscQuery, HasAPageForBrowsers) {
    serve();
    const auto page = http_get(port, "/", "Host: localhost\r\nAccept: text/html,application/xml;q=0.9\r\n");
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.head, HasSubstr("text/html"));
    EXPECT_THAT(page.body, HasSubstr("<title>Atelier</title>"));
    for (const char* outside : {"http://", "https://", "//cdn", "@import", "url("})
        EXPECT_EQ(page.body.find(outside), std::string::npos) << outside;
}

TEST_F(OscQuery, NothingIsSetUnlessAllowed) {
    serve();
    EXPECT_EQ(get("/light/amount")["ACCESS"], 1);
    EXPECT_EQ(get("/transport/go")["ACCESS"], 0);
    WebSocketClient client(port);
    ASSERT_EQ(client.answer.status, 101);
    client.send(osc_float("/light/amount", 1), false);
    EXPECT_TRUE(soon([&] { return network.counts.of(Refusal::closed) == 1; }));
    EXPECT_TRUE(network.mirror.take().empty());

    serve({.query_may_set = true});
    EXPECT_EQ(get("/light/amount")["ACCESS"], 3);
    WebSocketClient other(port);
    other.send(osc_float("/light/amount", 1), false);
    std::vector<RemoteChange> changes;
    EXPECT_TRUE(soon([&] { return !(changes = network.mirror.take()).empty(); }));
    EXPECT_EQ(changes[0].id, "light.amount");
    EXPECT_EQ(changes[0].value, 1);
    network.mirror.close(true);
    EXPECT_EQ(get("/light/amount")["ACCESS"], 1);
}

TEST_F(OscQuery, ListenTellsEachChangeUntilIgnored) {
    serve();
    WebSocketClient client(port);
    ASSERT_EQ(client.answer.status, 101);
    EXPECT_THAT(client.answer.head, HasSubstr("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")) << "the standard's example";
    client.send(R"({"COMMAND": "LISTEN", "DATA": "/light/amount"})", true);
    const auto told = [&](float value) {
        const auto message = client.receive();
        ASSERT_TRUE(message);
        EXPECT_FALSE(message->text);
        EXPECT_EQ(message->payload, osc_float("/light/amount", value));
    };
    told(0.7f);
    network.mirror.tell(std::vector<double>{1.25, 3, 1, 1, 0, 0, 0, 4e9});
    told(1.25f);
    client.send(R"({"COMMAND": "IGNORE", "DATA": "/light/amount"})", true);
    client.send(R"({"COMMAND": "LISTEN", "DATA": "/light/layers"})", true);
    const auto layers = client.receive();
    ASSERT_TRUE(layers);
    EXPECT_THAT(layers->payload, HasSubstr("/light/layers"));
    network.mirror.tell(std::vector<double>{0.25, 4, 1, 1, 0, 0, 0, 4e9});
    const auto next = client.receive();
    ASSERT_TRUE(next);
    EXPECT_THAT(next->payload, HasSubstr("/light/layers")) << "the other one is ignored";
    // Another tree.
    auto fewer = parameters();
    fewer.erase(fewer.begin());
    network.mirror.describe(fewer);
    const auto changed = client.receive();
    ASSERT_TRUE(changed);
    EXPECT_TRUE(changed->text);
    EXPECT_EQ(json::parse(changed->payload)["COMMAND"], "PATH_CHANGED");
}

TEST_F(OscQuery, PagesOfOtherSitesAreRefused) {
    serve({.query_may_set = true});
    EXPECT_EQ(http_get(port, "/", "Host: evil.example\r\n").status, 403) << "a name that leads here";
    EXPECT_EQ(http_get(port, "/", "Host: 127.0.0.1\r\nOrigin: http://evil.example\r\n").status, 403);
    EXPECT_EQ(http_get(port, "/", "").status, 403);
    EXPECT_EQ(WebSocketClient(port, "Host: 127.0.0.1\r\nOrigin: http://evil.example\r\n").answer.status, 403);
    const std::string here = "127.0.0.1:" + std::to_string(port);
    EXPECT_EQ(WebSocketClient(port, "Host: " + here + "\r\nOrigin: http://" + here + "\r\n").answer.status, 101);
    EXPECT_EQ(network.counts.of(Refusal::request), 4u);

    EXPECT_TRUE(means_this_server("[::1]:8080", ""));
    EXPECT_TRUE(means_this_server("stage.local:8080", "http://stage.local:8080"));
    EXPECT_FALSE(means_this_server("stage.local:8080", "http://stage.local:8081"));
    EXPECT_FALSE(means_this_server("", ""));
    EXPECT_FALSE(means_this_server("[::1", "null"));
}

TEST_F(OscQuery, RequestsAreBounded) {
    serve({.query_may_set = true});
    {
        const test::TcpClient client(port);
        client.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(20000, 'x') + "\r\n\r\n");
        client.receive_to_end(); // it ends
    }
    {
        const test::TcpClient client(port);
        client.send("\x16\x03\x01 what is this\r\n\r\n");
        client.receive_to_end();
    }
    EXPECT_TRUE(soon([&] { return network.counts.of(Refusal::malformed) == 2; }));
    {
        const auto large = http_get(port, "/", "Host: localhost\r\nContent-Length: 100000\r\n");
        EXPECT_NE(large.status, 200);
    }
    {
        WebSocketClient client(port);
        client.send(std::string(200000, 'x'), true);
        EXPECT_FALSE(client.receive()) << "it is closed";
    }
    {
        WebSocketClient client(port);
        for (const char* text : {"", "{", "[]", "null", R"({"COMMAND": 1, "DATA": 2})",
                                 R"({"COMMAND": "LISTEN", "DATA": "/nothing"})", R"({"COMMAND": "DANCE", "DATA": ""})"})
            client.send(text, true);
        client.send("no osc", false);
        client.send(std::string(10000, '['), true);
        client.send(R"({"COMMAND": "LISTEN", "DATA": "/light/amount"})", true);
        EXPECT_TRUE(client.receive()) << "it goes on";
    }
    std::vector<std::unique_ptr<WebSocketClient>> many;
    const std::uint64_t before = network.counts.of(Refusal::connection);
    soon([&] { return network.query_connections() == 0; });
    for (std::size_t i = 0; i < most_query_connections; ++i) {
        many.push_back(std::make_unique<WebSocketClient>(port));
        EXPECT_EQ(many.back()->answer.status, 101) << i;
    }
    EXPECT_EQ(http_get(port, "/").status, 0) << "one too many";
    EXPECT_EQ(network.counts.of(Refusal::connection), before + 1);
    many.clear();
    EXPECT_TRUE(soon([&] { return http_get(port, "/").status == 200; }));
}

} // namespace
