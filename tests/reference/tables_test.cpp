// SPDX-License-Identifier: Apache-2.0
// Layer tables and totals of the published configurations, from options alone.
#include <fmt/ranges.h>

#include "model/config_json.h"
#include "model/discriminator.h"
#include "model/summary.h"
#include "model/synthesis.h"
#include "reference/golden.h"

namespace {

using namespace atelier;
using namespace atelier::test;
using nlohmann::json;

std::string cell(std::int64_t count) {
    return count == 0 ? "-" : std::to_string(count);
}

void compare(const model::Summary& mine, const json& table, const json& totals, const std::string& name) {
    EXPECT_EQ(mine.parameters, totals["params"].get<std::int64_t>()) << name;
    EXPECT_EQ(mine.buffers, totals["buffers"].get<std::int64_t>()) << name;
    // The last row of the golden table holds the totals.
    ASSERT_EQ(mine.rows.size() + 1, table.size()) << name;
    for (std::size_t i = 0; i + 1 < table.size(); ++i) {
        const model::SummaryRow& row = mine.rows[i];
        const std::string text = fmt::format("{} {} {} [{}] {}", row.layer, cell(row.parameters), cell(row.buffers),
                                             fmt::join(row.output, ", "), row.dtype);
        const json& t = table[i];
        EXPECT_EQ(text, fmt::format("{} {} {} {} {}", t["layer"].get<std::string>(), t["parameters"].get<std::string>(),
                                    t["buffers"].get<std::string>(), t["output_shape"].get<std::string>(),
                                    t["dtype"].get<std::string>()))
            << name;
    }
}

void compare_shapes(const model::Parameters& mine, const json& shapes, const std::string& name) {
    std::size_t found = 0;
    for (const model::Parameter& parameter : mine.all()) {
        ASSERT_TRUE(shapes.contains(parameter.name)) << name << ": " << parameter.name;
        EXPECT_EQ(parameter.value.sizes().vec(), shapes[parameter.name].get<std::vector<std::int64_t>>())
            << parameter.name;
        ++found;
    }
    EXPECT_EQ(found, shapes.size()) << name;
}

TEST(Tables, AllConfigurations) {
    if (!have_reference("param_tables")) {
        GTEST_SKIP();
    }
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(reference_dir() / "param_tables")) {
        if (entry.path().extension() != ".json") {
            continue;
        }
        const json file = read_json(entry.path());
        const std::string name = file["name"];
        json g = file["G_kwargs"], d = file["D_kwargs"];
        g.update(file["common_kwargs"]);
        d.update(file["common_kwargs"]);
        const int batch = file["batch_gpu"];
        const model::Generator generator(model::generator_config_from_kwargs(g, name), model::shape_source());
        const model::Discriminator discriminator(model::discriminator_config_from_kwargs(d, name),
                                                 model::shape_source());
        compare(model::summarize(generator.config, generator.parameters, batch), file["G_table"], file["totals"]["G"],
                name + " G");
        compare(model::summarize(discriminator.config, discriminator.parameters, batch), file["D_table"],
                file["totals"]["D"], name + " D");
        if (file.contains("shapes") && file["shapes"].contains("G")) {
            compare_shapes(generator.parameters, file["shapes"]["G"], name + " G");
            compare_shapes(discriminator.parameters, file["shapes"]["D"], name + " D");
        }
        ++count;
    }
    report_cases("param_tables", count);
}

} // namespace
