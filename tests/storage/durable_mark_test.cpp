#include "storage/rocksdb/durable_mark.hpp"
#include "tests/storage/earlier_formats.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>

namespace mosty::storage {
namespace {

const std::string log_id = "0123456789abcdef0123456789abcdef";

MarkedTail tail_of(Size size) {
    return {.log_id = log_id,
            .size = size,
            .last_entry_hash = sha256(std::to_string(size)),
            .root = merkle::empty_root()};
}

void overwrite(const std::filesystem::path& file, std::streamoff offset, const std::string& bytes) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(offset);
    stream << bytes;
    REQUIRE(stream.good());
}

} // namespace

TEST_CASE("a durable mark remembers the last of many writes, also across reopening", "[durable_mark]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "mark";
    REQUIRE(!DurableMark::look(file)->file_exists);
    std::uint64_t sequence = 0;
    for (Size size = 0; size < 5; ++size) {
        auto mark = DurableMark::open(file, sequence);
        REQUIRE(mark.has_value());
        REQUIRE(mark->write(tail_of(10 * size)).has_value());
        REQUIRE(mark->write(tail_of(10 * size + 1)).has_value());
        const auto newest = DurableMark::look(file)->newest;
        REQUIRE(newest.has_value());
        REQUIRE(newest->tail == tail_of(10 * size + 1));
        sequence = newest->sequence;
    }
    REQUIRE(std::filesystem::file_size(file) == 8'192);
}

TEST_CASE("a durable mark whose last write was cut short remembers the one before", "[durable_mark]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "mark";
    auto mark = DurableMark::open(file, 0);
    REQUIRE(mark->write(tail_of(1)).has_value()); // sequence 1: the second slot
    REQUIRE(mark->write(tail_of(2)).has_value()); // sequence 2: the first slot
    const auto offset =
        GENERATE(as<std::streamoff>{}, 0, 8, 16, 40, 48, 60, 64, 90, 96, 127, 140, 2'000, 4'095);

    overwrite(file, offset, "\x01");

    REQUIRE(DurableMark::look(file)->newest->tail == tail_of(1));
    overwrite(file, 4'096 + offset, "\x01");
    REQUIRE(!DurableMark::look(file)->newest.has_value());
    REQUIRE(DurableMark::look(file)->file_exists);
}

TEST_CASE("a durable mark that is cut or empty is unreadable, not wrong", "[durable_mark]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "mark";
    auto mark = DurableMark::open(file, 0);
    REQUIRE(mark->write(tail_of(1)).has_value());
    REQUIRE(mark->write(tail_of(2)).has_value());
    for (const std::uintmax_t length : {5'000u, 4'096u}) {
        std::filesystem::resize_file(file, length);
        REQUIRE(DurableMark::look(file)->newest->tail == tail_of(2));
    }
    for (const std::uintmax_t length : {4'095u, 100u, 0u}) {
        std::filesystem::resize_file(file, length);
        REQUIRE(!DurableMark::look(file)->newest.has_value());
    }
}

TEST_CASE("a durable mark of the form without a root is read, without a root", "[durable_mark]") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "mark";
    REQUIRE(DurableMark::open(file, 0)->write(tail_of(7)).has_value());
    make_mark_without_root(file);

    const auto newest = DurableMark::look(file)->newest;
    REQUIRE(newest.has_value());
    REQUIRE(newest->tail == MarkedTail{log_id, 7, sha256("7"), std::nullopt});
}

} // namespace mosty::storage
