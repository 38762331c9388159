#include "storage/rocksdb/rocks_view_store.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

namespace mosty::storage {
namespace {

namespace fs = std::filesystem;

const ViewBasis basis = {.log_id = "log-1", .format = "7", .log_size = 100};

std::unique_ptr<RocksViewStore> open(const fs::path& folder, const ViewBasis& with = basis) {
    auto store = RocksViewStore::open(folder, with);
    if (!store)
        FAIL(store.error().sentence);
    return std::move(*store);
}

// Sets "a" and "b" to the number of entries applied.
[[nodiscard]] bool apply(ViewStore& store, Size applied) {
    const std::string value = std::to_string(applied);
    return store.write({.puts = {{"a", value}, {"b", value}}, .removes = {}, .applied = applied}).has_value();
}

std::string value_of(const ViewStore& store, std::string_view key) {
    return store.snapshot()->get(key).value().value_or("0");
}

void make_store(const fs::path& folder, Size applied = 10) {
    const auto store = open(folder);
    for (Size size = 1; size <= applied; ++size)
        REQUIRE(apply(*store, size));
}

} // namespace

TEST_CASE("a view store is there after reopening, with what it had applied", "[rocks][view_store]") {
    const TemporaryFolder folder;
    make_store(folder.path());

    const auto store = open(folder.path());
    REQUIRE(store->begun_again_because().empty());
    REQUIRE(store->applied() == 10);
    REQUIRE(value_of(*store, "a") == "10");
}

TEST_CASE("a view store under a key says nothing in the clear, and opens by that key alone",
          "[rocks][view_store]") {
    const std::string key(32, 'k'), other(32, 'x'), secret = "Олена Коваль, Верхня вулиця";
    const TemporaryFolder folder;
    const auto bytes = [&] {
        std::string all;
        for (const auto& file : fs::recursive_directory_iterator(folder.path()))
            if (file.is_regular_file()) {
                std::ifstream stream(file.path(), std::ios::binary);
                all.append(std::istreambuf_iterator<char>(stream), {});
            }
        return all;
    };
    // The first one shows that the scan would find it: what was just written is not compressed.
    for (const std::string& with : {std::string(), key, key}) {
        auto store = RocksViewStore::open(folder.path(), basis, {.key = with});
        REQUIRE(store.has_value());
        const Size before = (*store)->applied();
        REQUIRE(
            (*store)->write({.puts = {{secret, secret}}, .removes = {}, .applied = before + 1}).has_value());
        REQUIRE((*store)->flush().has_value());
        REQUIRE(value_of(**store, secret) == secret);
        REQUIRE((bytes().find(secret) == std::string::npos) == !with.empty());
    }
    const auto seen = RocksViewStore::look(folder.path(), {.key = key});
    REQUIRE(seen->value().rows->applied() ==
            2); // the second under the key went on, that in the clear is gone
    REQUIRE(seen->value().rows->get(secret).value() == secret);
    REQUIRE(RocksViewStore::look(folder.path(), {.key = other}).error().code == OpenError::Code::corrupted);
    REQUIRE(RocksViewStore::look(folder.path()).error().code == OpenError::Code::corrupted);
    for (const std::string& with : {other, std::string()}) {
        auto store = RocksViewStore::open(folder.path(), basis, {.key = with});
        REQUIRE(store.has_value());
        REQUIRE((*store)->begun_again_because().starts_with("the view store was unreadable: "));
        REQUIRE((*store)->applied() == 0);
    }
}

TEST_CASE("a view store made from something else is begun again", "[rocks][view_store]") {
    const auto other = GENERATE(ViewBasis{.log_id = "log-2", .format = "7", .log_size = 100},
                                ViewBasis{.log_id = "log-1", .format = "8", .log_size = 100},
                                ViewBasis{.log_id = "log-1", .format = "7", .log_size = 9});
    const TemporaryFolder folder;
    make_store(folder.path());
    {
        const auto store = open(folder.path(), other);
        REQUIRE(!store->begun_again_because().empty());
        REQUIRE(store->applied() == 0);
        REQUIRE(store->snapshot()->scan("", "", 10)->empty());
        REQUIRE(apply(*store, 3));
    }
    const auto store = open(folder.path(), other);
    REQUIRE(store->begun_again_because().empty());
    REQUIRE(store->applied() == 3);
}

TEST_CASE("an unreadable view store is begun again", "[rocks][view_store]") {
    const TemporaryFolder folder;
    make_store(folder.path());
    for (const auto& file : fs::directory_iterator(folder.path() / "views"))
        if (file.path().filename().string().starts_with("MANIFEST"))
            std::ofstream(file.path()) << "garbled";

    const auto store = open(folder.path());
    REQUIRE(!store->begun_again_because().empty());
    REQUIRE(store->applied() == 0);
}

TEST_CASE("a view store is open only once, and can be deleted only when closed", "[rocks][view_store]") {
    const TemporaryFolder folder;
    REQUIRE(RocksViewStore::remove(folder.path()).has_value());
    {
        const auto store = open(folder.path());
        REQUIRE(apply(*store, 1));
        REQUIRE(RocksViewStore::open(folder.path(), basis).error().code == OpenError::Code::locked);
        REQUIRE(RocksViewStore::remove(folder.path()).error().code == OpenError::Code::locked);
    }
    REQUIRE(RocksViewStore::remove(folder.path()).has_value());
    const auto store = open(folder.path());
    REQUIRE(store->applied() == 0);
    REQUIRE(store->begun_again_because().empty());
}

TEST_CASE("a view store that lost its end holds an earlier state, never a mixture", "[rocks][view_store]") {
    const TemporaryFolder folder;
    {
        const auto store = open(folder.path() / "running");
        for (Size size = 1; size <= 20; ++size)
            REQUIRE(apply(*store, size));
        REQUIRE(store->flush().has_value());
        copy_folder(folder.path() / "running", folder.path() / "crashed");
    }
    fs::path wal;
    for (const auto& file : fs::directory_iterator(folder.path() / "crashed" / "views"))
        if (file.path().extension() == ".log")
            wal = file.path().filename();
    const std::uintmax_t length = fs::file_size(folder.path() / "crashed" / "views" / wal);
    const auto is_consistent = [&](const fs::path& damaged) {
        const auto store = open(damaged);
        const std::string applied = std::to_string(store->applied());
        REQUIRE(value_of(*store, "a") == applied);
        REQUIRE(value_of(*store, "b") == applied);
    };
    for (std::uintmax_t offset = 0; offset < length; offset += 31) {
        INFO("damaged at " << offset << " of " << length);
        const fs::path damaged = folder.path() / "damaged";
        copy_folder(folder.path() / "crashed", damaged);
        fs::resize_file(damaged / "views" / wal, offset);
        is_consistent(damaged);
        fs::remove_all(damaged);

        copy_folder(folder.path() / "crashed", damaged);
        std::fstream stream(damaged / "views" / wal, std::ios::in | std::ios::out | std::ios::binary);
        stream.seekp(static_cast<std::streamoff>(offset));
        stream << "garbled";
        stream.close();
        is_consistent(damaged);
        fs::remove_all(damaged);
    }
}

TEST_CASE("the view store's folder belongs to its owner alone", "[rocks][view_store]") {
    const TemporaryFolder folder;
    const auto store = open(folder.path());
    REQUIRE(fs::status(folder.path() / "views").permissions() == fs::perms::owner_all);
}

TEST_CASE("a view store is looked at while a server writes it, and nothing of it changes",
          "[rocks][view_store]") {
    const TemporaryFolder folder;
    REQUIRE_FALSE(RocksViewStore::look(folder.path()).value().has_value());
    const auto store = open(folder.path());
    for (Size size = 1; size <= 3; ++size)
        REQUIRE(apply(*store, size));

    const auto seen = RocksViewStore::look(folder.path()).value();
    REQUIRE(seen.has_value());
    REQUIRE(seen->log_id == basis.log_id);
    REQUIRE(seen->format == basis.format);
    REQUIRE(apply(*store, 4));
    REQUIRE(seen->rows->applied() == 3);
    REQUIRE(seen->rows->get("a").value() == "3");
    REQUIRE(seen->rows->scan("", "", 10).value().size() == 2);
    REQUIRE(seen->rows->scan("", "", 1, Order::descending).value().front().key == "b");
    REQUIRE(RocksViewStore::look(folder.path()).value()->rows->applied() == 4);
    REQUIRE(value_of(*store, "a") == "4");
}

} // namespace mosty::storage
