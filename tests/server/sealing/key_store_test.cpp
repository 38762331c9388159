#include "server/sealing/key_store.hpp"
#include "server/sealing/rotation.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <fstream>

using namespace mosty;
using namespace mosty::sealing;
using storage::TemporaryFolder;

namespace {

const MasterKey master = master_key_of(Key::from(std::string(32, 'm')).value());

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::unique_ptr<KeyStore> open_store(const TemporaryFolder& folder, const MasterKey& with = master) {
    auto store = KeyStore::open(folder.path(), with);
    if (!store)
        FAIL(store.error());
    return std::move(*store);
}

DataKeyPtr add(KeyStore& store, const std::string& owner) {
    const std::array made{KeyStore::make(owner)};
    REQUIRE(store.add(made).has_value());
    return made[0];
}

void destroy(KeyStore& store, const std::string& name) {
    REQUIRE(store.destroy(std::array{name}).has_value());
}

// The folder's keys by name, with the bytes of those that are not destroyed.
std::map<std::string, std::string> shown(const Keys& keys) {
    std::map<std::string, std::string> all;
    keys.for_each([&](const DataKey& key) {
        all.emplace(key.name, key.owner + " " + (key.key ? std::string(key.key->bytes()) : "destroyed"));
    });
    return all;
}

} // namespace

TEST_CASE("keys come back after a restart, wrapped in the file and unwrapped in memory", "[sealing]") {
    const TemporaryFolder folder;
    std::map<std::string, std::string> before;
    {
        const auto store = open_store(folder);
        const auto first = add(*store, "person/u-1");
        const auto second = add(*store, "person/u-1");
        add(*store, "text/proposal/p-1/needs");
        CHECK(store->current("person/u-1") == second);
        CHECK(store->living("person/u-1") == std::vector{first, second});
        CHECK(store->current("person/u-2") == nullptr);
        REQUIRE(store->set_checked(17).has_value());
        before = shown(*store->keys());
        for (const auto& one : {first, second})
            CHECK(content_of(folder.path() / "keys").find(one->key->bytes()) == std::string::npos);
        CHECK((std::filesystem::status(folder.path() / "keys").permissions() &
               (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) ==
              std::filesystem::perms::none);
    }
    const auto store = open_store(folder);
    CHECK(shown(*store->keys()) == before);
    CHECK(shown(KeyStore::look(folder.path(), master).value()) == before);
    CHECK(store->checked() == 17);
    CHECK(store->living("person/u-1").size() == 2);
}

TEST_CASE("a destroyed key is nowhere any more, and known to be destroyed for ever", "[sealing]") {
    const TemporaryFolder folder;
    auto store = open_store(folder);
    const auto kept = add(*store, "person/u-1");
    const auto gone = add(*store, "person/u-2");
    const std::string line = content_of(folder.path() / "keys");
    const auto wrapped = line.substr(line.find(gone->name + " person/u-2 ") + gone->name.size() + 12, 80);
    destroy(*store, gone->name);
    for (int life = 0; life < 3; ++life) {
        CHECK(content_of(folder.path() / "keys").find(wrapped) == std::string::npos);
        REQUIRE(store->keys()->find(gone->name) != nullptr);
        CHECK_FALSE(store->keys()->find(gone->name)->key);
        CHECK(store->keys()->find(kept->name)->key == kept->key);
        CHECK(store->current("person/u-2") == nullptr);
        CHECK(store->keys()->destroyed() == 1);
        add(*store, "person/u-" + std::to_string(10 + life));
        store = open_store(folder);
    }
}

TEST_CASE("thousands of keys are found by name, each as it was last", "[sealing]") {
    const TemporaryFolder folder;
    const auto store = open_store(folder);
    std::vector<DataKeyPtr> made;
    for (int i = 0; i < 1'500; ++i)
        made.push_back(KeyStore::make("person/u-" + std::to_string(i)));
    REQUIRE(store->add(made).has_value());
    for (std::size_t i = 0; i < made.size(); i += 300)
        destroy(*store, made[i]->name);
    CHECK(store->keys()->size() == 1'500);
    CHECK(store->keys()->destroyed() == 5);
    for (std::size_t i = 0; i < made.size(); ++i)
        CHECK(store->keys()->find(made[i]->name)->key.has_value() == (i % 300 != 0));
    CHECK(shown(*open_store(folder)->keys()) == shown(*store->keys()));
    CHECK(shown(KeyStore::look(folder.path(), master).value()) == shown(*store->keys()));
}

TEST_CASE("a line that a crash cut short is dropped, any other damage is refused", "[sealing]") {
    const TemporaryFolder folder;
    add(*open_store(folder), "person/u-1");
    const auto path = folder.path() / "keys";
    const std::string whole = content_of(path);
    for (const std::string& cut : {std::string("key k-half"), std::string(40, '\0')}) {
        std::ofstream(path, std::ios::binary) << whole << cut;
        CHECK(open_store(folder)->keys()->size() == 1);
        CHECK(content_of(path).find(cut) == std::string::npos);
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 4);
        std::ofstream(path, std::ios::binary) << damaged;
        const auto keys = KeyStore::look(folder.path(), master);
        INFO(damaged);
        // A size may be another size; the log's erasures are then looked for in more or fewer entries.
        if (at < whole.find("checked") + 8)
            CHECK_FALSE(keys.has_value());
    }
}

TEST_CASE("keys open under the master key that wraps them only", "[sealing]") {
    const TemporaryFolder folder;
    add(*open_store(folder), "person/u-1");
    const MasterKey other = master_key_of(Key::random());
    const auto refused = KeyStore::open(folder.path(), other);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().find(master.name) != std::string::npos);
    CHECK(refused.error().find(other.name) != std::string::npos);
}

TEST_CASE("a folder's master key is made once, and never in place of one that is lost", "[sealing]") {
    const TemporaryFolder folder;
    const auto made = open_master_key(folder.path(), {});
    REQUIRE(made.has_value());
    const auto key = add(*open_store(folder, *made), "person/u-1");
    CHECK(open_master_key(folder.path(), {})->name == made->name);
    std::filesystem::remove(folder.path() / "master.key");
    CHECK_FALSE(open_master_key(folder.path(), {}).has_value());
    CHECK_FALSE(open_master_key(folder.path(), folder.path() / "elsewhere").has_value());
}

TEST_CASE("rotating wraps the same keys by another master key", "[sealing]") {
    const TemporaryFolder folder;
    const MasterKey first = open_master_key(folder.path(), {}).value();
    add(*open_store(folder, first), "person/u-1");
    destroy(*open_store(folder, first), add(*open_store(folder, first), "person/u-2")->name);
    const auto before = shown(KeyStore::look(folder.path(), first).value());

    const auto name = rotate(folder.path(), {}, {});
    REQUIRE(name.has_value());
    CHECK(*name != first.name);
    const MasterKey second = open_master_key(folder.path(), {}).value();
    CHECK(second.name == *name);
    CHECK(shown(KeyStore::look(folder.path(), second).value()) == before);
    CHECK_FALSE(KeyStore::look(folder.path(), first).has_value());
    CHECK_FALSE(std::filesystem::exists(folder.path() / "master.key.next"));

    const auto kept = folder.path() / "kept-elsewhere";
    REQUIRE(rotate(folder.path(), folder.path() / "master.key", kept).has_value());
    CHECK(shown(KeyStore::look(folder.path(), open_master_key(folder.path(), kept).value()).value()) ==
          before);
    CHECK_FALSE(rotate(folder.path(), kept, kept).has_value());
    CHECK_FALSE(rotate(folder.path(), kept, {}).has_value());
}

TEST_CASE("wherever a rotation is cut short, the keys open, and the next start ends it", "[sealing]") {
    // What lies in the folder after each step.
    const TemporaryFolder done;
    const MasterKey first = open_master_key(done.path(), {}).value();
    const auto key = add(*open_store(done, first), "person/u-1");
    const std::string old_keys = content_of(done.path() / "keys");
    const std::string old_master = content_of(done.path() / "master.key");
    REQUIRE(rotate(done.path(), {}, {}).has_value());
    const std::string new_keys = content_of(done.path() / "keys");
    const std::string new_master = content_of(done.path() / "master.key");

    struct Moment {
        std::string keys, master, next;
    };
    for (const Moment& cut : {Moment{old_keys, old_master, ""}, Moment{old_keys, old_master, new_master},
                              Moment{new_keys, old_master, new_master}, Moment{new_keys, new_master, ""}}) {
        const TemporaryFolder folder;
        const auto put = [&](const char* name, const std::string& bytes) {
            if (bytes.empty())
                return;
            std::ofstream(folder.path() / name, std::ios::binary) << bytes;
            std::filesystem::permissions(folder.path() / name, std::filesystem::perms::owner_read |
                                                                   std::filesystem::perms::owner_write);
        };
        put("keys", cut.keys);
        put("master.key", cut.master);
        put("master.key.next", cut.next);
        const auto opens = [&] {
            const auto at_hand = open_master_key(folder.path(), {});
            const auto keys = at_hand ? KeyStore::look(folder.path(), *at_hand)
                                      : Result<Keys, std::string>(std::unexpected(at_hand.error()));
            return keys && keys->find(key->name) && keys->find(key->name)->key == key->key;
        };
        CHECK(opens());
        REQUIRE(end_rotation(folder.path()).has_value());
        CHECK(opens());
        CHECK_FALSE(std::filesystem::exists(folder.path() / "master.key.next"));
        REQUIRE(rotate(folder.path(), {}, {}).has_value());
        CHECK(opens());
    }
}
