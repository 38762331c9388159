#pragma once

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::test {

// A hand-written table of tests/vectors: people in columns, and a letter for each of them in every row.
struct RightsTable {
    struct Row {
        std::string what;  // before the bar
        std::string which; // after it; may be empty
        std::vector<std::string> cells;
    };

    std::vector<std::string> columns;
    std::vector<Row> rows;
};

// A row's name ends before two spaces; lines that begin with # are read by people only.
inline RightsTable read_rights(const std::string& file) {
    std::ifstream in(std::string(MOSTY_VECTORS) + "/" + file);
    REQUIRE(in);
    RightsTable table;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line.front() == '#')
            continue;
        const auto gap = line.find("  ");
        REQUIRE(gap != std::string::npos);
        std::string name = line.substr(0, gap);
        std::vector<std::string> words;
        std::istringstream rest(line.substr(gap));
        for (std::string word; rest >> word;)
            words.push_back(word);
        if (name == "columns") {
            table.columns = std::move(words);
            continue;
        }
        INFO(line);
        REQUIRE(words.size() == table.columns.size());
        const auto bar = name.find(" | ");
        table.rows.push_back(
            {name.substr(0, bar), bar == std::string::npos ? "" : name.substr(bar + 3), std::move(words)});
    }
    return table;
}

} // namespace mosty::test
