#include "server/tools/csv.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <zlib.h>

using namespace mosty;
using namespace mosty::tools;

namespace {

using Fields = std::vector<std::string>;

// What a reader says, row by row: the fields, or the reason for refusing the row, each with its line.
struct Said {
    std::uint64_t line = 0;
    Fields fields;
    std::string refused;
    friend bool operator==(const Said&, const Said&) = default;
};

std::vector<Said> read_all(CsvReader reader) {
    std::vector<Said> all;
    for (;;) {
        auto next = reader.next();
        if (!next) {
            all.push_back({next.error().line, {}, next.error().reason});
            if (next.error().ends_reading)
                return all;
            continue;
        }
        if (!*next)
            return all;
        all.push_back({(*next)->line, (*next)->fields, ""});
    }
}

std::vector<Said> read_all(std::string text) {
    return read_all(CsvReader(bytes_of(std::move(text))));
}

// Gives one byte at a time, so that every boundary falls between two reads.
ByteSource byte_by_byte(std::string text) {
    return [text = std::move(text), at = std::size_t{0}](std::span<char> buffer) mutable {
        if (at == text.size())
            return Result<std::size_t, std::string>(0);
        buffer[0] = text[at++];
        return Result<std::size_t, std::string>(1);
    };
}

std::filesystem::path temporary_file(const std::string& name) {
    return std::filesystem::temp_directory_path() / ("mosty-register-csv-" + std::to_string(getpid()) + name);
}

} // namespace

TEST_CASE("a row ends with LF, with CRLF or with the file", "[csv]") {
    REQUIRE(read_all("a,b\r\nc,d\ne,f") ==
            std::vector<Said>{{1, {"a", "b"}, ""}, {2, {"c", "d"}, ""}, {3, {"e", "f"}, ""}});
    REQUIRE(read_all("a,b\r") == std::vector<Said>{{1, {"a", "b"}, ""}});
    REQUIRE(read_all("").empty());
    REQUIRE(read_all("\n\r\n\n").empty());
}

TEST_CASE("empty fields are fields", "[csv]") {
    REQUIRE(read_all("a,,\n,\n\"\"") ==
            std::vector<Said>{{1, {"a", "", ""}, ""}, {2, {"", ""}, ""}, {3, {""}, ""}});
}

TEST_CASE("a quoted field holds commas, quotes and line ends", "[csv]") {
    const std::vector<Said> expected{{1, {"a,b", "say \"hi\"", "two\r\nlines"}, ""},
                                     {3, {"c", "d", "e"}, ""}};

    const std::string text = "\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\"\r\n\"c\",d,\"e\"";

    REQUIRE(read_all(text) == expected);
    REQUIRE(read_all(CsvReader(byte_by_byte(text))) == expected);
}

TEST_CASE("a byte order mark is no part of the first field", "[csv]") {
    REQUIRE(read_all("\xEF\xBB\xBFid,name\n") == std::vector<Said>{{1, {"id", "name"}, ""}});
    REQUIRE(read_all(CsvReader(byte_by_byte("\xEF\xBB\xBFid"))) == std::vector<Said>{{1, {"id"}, ""}});
    REQUIRE(read_all("\xEF\xBB\xBF").empty());
}

TEST_CASE("a bad row is refused by its line and reading goes on behind it", "[csv]") {
    const std::string text = "a,b\n"
                             "\"x\ny\",c\n"
                             "d,\"e\"f\n"
                             "g\"h,i\n"
                             "j,k\n";

    for (const auto& said : {read_all(text), read_all(CsvReader(byte_by_byte(text)))}) {
        REQUIRE(said.size() == 5);
        REQUIRE(said[1] == Said{2, {"x\ny", "c"}, ""});
        REQUIRE(said[2] == Said{4, {}, "text stands behind a closing quote"});
        REQUIRE(said[3] == Said{5, {}, "a quote stands inside a field that does not begin with one"});
        REQUIRE(said[4] == Said{6, {"j", "k"}, ""});
    }
}

TEST_CASE("a quote that never closes is refused by the line where its row begins", "[csv]") {
    REQUIRE(read_all("a\n\"b\nc\n") == std::vector<Said>{{1, {"a"}, ""}, {2, {}, "a quote is not closed"}});

    std::string text = "a\n\"";
    while (text.size() < 2 * CsvReader::row_bytes_max)
        text += "another line\n";
    const auto said = read_all(text);
    REQUIRE(said[1] == Said{2, {}, "the row is too long: perhaps a quote is not closed"});
    REQUIRE(said.size() > 2);
    REQUIRE(said.back().fields == Fields{"another line"});
}

TEST_CASE("a row beyond the bound is refused and the next one read", "[csv]") {
    const std::string text = std::string(3 * CsvReader::row_bytes_max, 'x') + "\nshort\n";

    REQUIRE(read_all(text) == std::vector<Said>{{1, {}, "the row is too long"}, {2, {"short"}, ""}});
}

TEST_CASE("a source that fails ends the reading with its reason", "[csv]") {
    ByteSource failing = [given = false](std::span<char> buffer) mutable -> Result<std::size_t, std::string> {
        if (given)
            return std::unexpected(std::string("the disk is gone"));
        given = true;
        buffer[0] = 'a';
        return 1;
    };
    CsvReader reader(failing);

    const auto next = reader.next();

    REQUIRE_FALSE(next.has_value());
    REQUIRE(next.error().reason == "the disk is gone");
    REQUIRE(next.error().ends_reading);
}

TEST_CASE("files are read plain and gzipped, and a cut gzip file is an error", "[csv]") {
    std::string text = "id,name\n";
    for (int i = 0; i < 20'000; ++i)
        text += std::to_string(i * 7919) + ",\"name, of " + std::to_string(i) + "\"\n";
    const auto plain = temporary_file(".csv");
    const auto packed = temporary_file(".csv.gz");
    std::ofstream(plain, std::ios::binary) << text;
    gzFile file = gzopen(packed.c_str(), "wb");
    REQUIRE(gzwrite(file, text.data(), static_cast<unsigned>(text.size())) == static_cast<int>(text.size()));
    gzclose(file);

    for (const auto& path : {plain, packed}) {
        auto source = open_bytes(path);
        REQUIRE(source.has_value());
        const auto said = read_all(CsvReader(*source));
        REQUIRE(said.size() == 20'001);
        REQUIRE(said.back() == Said{20'001, {"158372081", "name, of 19999"}, ""});
    }

    std::filesystem::resize_file(packed, std::filesystem::file_size(packed) / 2);
    auto cut = open_bytes(packed);
    REQUIRE(cut.has_value());
    const auto said = read_all(CsvReader(*cut));
    REQUIRE(said.back().refused == "the gzip file breaks off");

    std::filesystem::remove(plain);
    std::filesystem::remove(packed);
    REQUIRE_FALSE(open_bytes(plain).has_value());
}
