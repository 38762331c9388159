#include "domain/codec/entry.hpp"
#include "domain/codec/entry_members.hpp"
#include "domain/codec/index_keys.hpp"
#include "domain/codec/sealed_form.hpp"
#include "server/sealing/sealing_log.hpp"
#include "storage/memory/memory_event_log.hpp"
#include "storage/merkle/hash.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

using namespace mosty;
using namespace mosty::sealing;

namespace {

const std::string needs = "text/proposal/p-1/needs";

// A sealing log over one in memory, with its keys in a folder, and what one writes into it.
class House {
public:
    House() { restart(); }

    void restart() {
        log.reset();
        keys_.reset();
        keys_ = KeyStore::open(folder.path(), master_).value();
        log = SealingLog::open(stored, *keys_).value();
    }

    // The next event of a stream, as the sequencer would append it.
    storage::NewEntry next(const std::string& stream, const domain::Event& event) {
        const auto revision = ++revisions_[stream];
        const codec::Envelope envelope{.id = EventId(fmt::format("e-{}", ++ids_)),
                                       .type = std::string(domain::type_of(event)),
                                       .stream = StreamId(stream),
                                       .revision = revision,
                                       .time_ms = 1'795'341'600'000,
                                       .actor = ActorId("u-1"),
                                       .command = CommandId(fmt::format("c-{}", ids_)),
                                       .command_hash = "00112233445566778899aabbccddeeff",
                                       .command_index = 0,
                                       .correlation = CommandId("c-1"),
                                       .cause = {},
                                       .source = "urn:mosty:test",
                                       .schema_version = 1};
        return {codec::encode_entry(envelope, event), codec::index_keys(envelope)};
    }

    void append(const std::vector<storage::NewEntry>& batch) {
        REQUIRE(log->append(batch, log->size()).has_value());
    }
    void append(const std::string& stream, const domain::Event& event) { append({next(stream, event)}); }

    std::string opened(Position position) const { return log->read(position, 1).value().at(0).bytes; }
    std::string sealed(Position position) const { return stored.read(position, 1).value().at(0).bytes; }
    // The data of an entry, "null" of one that is erased.
    std::string data(Position position) const {
        const std::string bytes = opened(position);
        const auto at = bytes.find(",\"data\":") + 8;
        return bytes.substr(at, bytes.size() - at - 1);
    }
    std::string key_of(Position position) const {
        return std::string(codec::sealed_parts(sealed(position)).value().key);
    }

    const storage::TemporaryFolder folder;
    storage::MemoryEventLog stored;
    std::unique_ptr<SealingLog> log;

private:
    const MasterKey master_ = master_key_of(Key::from(std::string(32, 'm')).value());
    std::unique_ptr<KeyStore> keys_;
    std::map<std::string, Revision> revisions_;
    int ids_ = 0;
};

domain::Event registered(const std::string& name) {
    return person::Event(
        person::Registered{{name, OrganisationId("cemr"), Role::expert, person::Language::en, false}});
}

domain::Event said(const std::string& words) {
    return text::Event(text::Replied{text::ThreadId("t-1"), words});
}

const std::string places = "sites/p-1";

domain::Event site_said(const std::string& site, sites::Audience audience, const std::string& where) {
    sites::Description description;
    description.name = where;
    description.kind = sites::Kind::waterworks;
    return sites::Event(sites::Described{sites::SiteId(site), audience, std::move(description)});
}

const domain::Event erased_site = sites::Event(sites::Erased{sites::SiteId("s-1")});
const domain::Event erased_person = person::Event(person::Erased{"asked for it"});
const domain::Event erased_text = text::Event(text::Erased{"asked for it"});
const domain::Event redacted_text = text::Event(text::Redacted{"named somebody"});

} // namespace

TEST_CASE("what is stored is sealed, what is read is what was appended", "[sealing]") {
    House house;
    const std::vector batch{house.next("person/u-1", registered("Олена")),
                            house.next("visit/v-1", visit::Event(visit::Confirmed{Side::ua})),
                            house.next("person/u-2", registered("Ada Lovelace")),
                            house.next(needs, said("water"))};
    house.append(batch);
    house.append(needs, said("pumps"));
    for (int life = 0; life < 2; ++life) {
        for (Position i = 0; i < batch.size(); ++i)
            CHECK(house.opened(i) == batch[i].bytes);
        house.restart();
    }
    CHECK(house.sealed(1) == batch[1].bytes);
    for (const char* word : {"Олена", "Ada Lovelace", "water", "pumps", "00112233445566778899aabbccddeeff"})
        for (const Position position : {0, 2, 3, 4})
            CHECK(house.sealed(position).find(word) == std::string::npos);

    // A key a stream.
    CHECK(house.key_of(0) != house.key_of(2));
    CHECK(house.key_of(3) == house.key_of(4));
    // Hashes are those of what is stored.
    CHECK(house.log->leaf_hashes(0, 1).value().at(0) == storage::merkle::leaf_hash(house.sealed(0)));
    for (Position i = 0; i < batch.size(); ++i)
        for (const auto& key : batch[i].keys)
            CHECK(house.log->find(key).value() == i);
}

TEST_CASE("an erased stream is forgotten before its append returns, and others are not", "[sealing]") {
    House house;
    house.append("person/u-1", registered("Олена"));
    house.append("person/u-2", registered("Ada"));
    house.append("person/u-1", erased_person);
    for (int life = 0; life < 2; ++life) {
        CHECK(house.data(0) == "null");
        CHECK(house.data(1).find("Ada") != std::string::npos);
        CHECK(house.data(2) == R"({"reason":"asked for it"})");
        CHECK(house.log->keys()->destroyed() == 1);
        house.restart();
    }
}

TEST_CASE("a redacted text keeps what is written after it, in the same batch and later", "[sealing]") {
    House house;
    house.append({house.next(needs, said("the address")), house.next(needs, redacted_text),
                  house.next(needs, said("what is left"))});
    house.append(needs, said("what came later"));
    CHECK(house.key_of(2) == house.key_of(3));
    for (int life = 0; life < 2; ++life) {
        CHECK(house.data(0) == "null");
        CHECK(house.data(2).find("what is left") != std::string::npos);
        CHECK(house.data(3).find("what came later") != std::string::npos);
        house.restart();
    }
    house.append(needs, redacted_text);
    house.append(needs, said("the third"));
    CHECK(house.data(2) == "null");
    CHECK(house.data(3) == "null");
    CHECK(house.data(5).find("the third") != std::string::npos);
    CHECK(house.log->keys()->destroyed() == 2);
}

TEST_CASE("each place has a key for each audience, and erasing it takes its own alone", "[sealing]") {
    using enum sites::Audience;
    House house;
    house.append({house.next(places, site_said("s-1", town, "Верхня вулиця")),
                  house.next(places, site_said("s-2", town, "Lower street")),
                  house.next(places, site_said("s-1", partners, "Верхня вулиця 2"))});
    house.append(places, site_said("s-1", town, "Верхня вулиця 3"));
    CHECK(house.key_of(0) == house.key_of(3));
    CHECK(house.key_of(0) != house.key_of(1));
    CHECK(house.key_of(0) != house.key_of(2));
    CHECK(house.log->keys()->find(house.key_of(2))->owner == "sites/p-1/s-1:partners");
    for (Position position = 0; position < 4; ++position)
        for (const char* word : {"Верхня", "Lower", "waterworks", "s-1", "s-2"})
            CHECK(house.sealed(position).find(word) == std::string::npos);

    house.append(places, erased_site);
    for (int life = 0; life < 2; ++life) {
        for (const Position position : {0, 2, 3})
            CHECK(house.data(position) == "null");
        CHECK(house.data(1).find("Lower") != std::string::npos);
        CHECK(house.log->keys()->destroyed() == 2);
        // No view holds what they sealed, so none is made anew.
        CHECK(house.log->keys()->destroyed_of_streams() == 0);
        house.restart();
    }
}

TEST_CASE("a crash before the keys were destroyed is made good by the next start", "[sealing]") {
    // The file of keys as it was just before they were destroyed, with every key that was made.
    const auto cut_short = [](House& house, const std::vector<storage::NewEntry>& erasing) {
        const auto path = house.folder.path() / "keys";
        const auto content = [&] {
            std::ifstream file(path, std::ios::binary);
            return std::string{std::istreambuf_iterator<char>(file), {}};
        };
        const std::string before = content();
        house.append(erasing);
        const std::string after = content();
        // Lines of keys that this append made are in `after` only.
        std::string lines = before;
        for (std::size_t from = 0; from < after.size();) {
            const std::size_t end = after.find('\n', from) + 1;
            const std::string line = after.substr(from, end - from);
            const std::string name = line.substr(0, 4) == "key " ? line.substr(4, 28) : "";
            if (!name.empty() && before.find(name) == std::string::npos)
                lines += line;
            from = end;
        }
        std::ofstream(path, std::ios::binary) << lines;
        house.restart();
    };
    SECTION("erased") {
        House house;
        house.append(needs, said("the address"));
        house.append("person/u-2", registered("Ada"));
        cut_short(house, {house.next(needs, erased_text)});
        CHECK(house.data(0) == "null");
        CHECK(house.data(1).find("Ada") != std::string::npos);
    }
    SECTION("a place") {
        House house;
        house.append(places, site_said("s-1", sites::Audience::town, "Верхня вулиця"));
        house.append(places, site_said("s-2", sites::Audience::town, "Lower street"));
        cut_short(house, {house.next(places, erased_site)});
        CHECK(house.data(0) == "null");
        CHECK(house.data(1).find("Lower") != std::string::npos);
    }
    SECTION("redacted, with more behind it") {
        House house;
        house.append(needs, said("the address"));
        cut_short(house, {house.next(needs, redacted_text), house.next(needs, said("what is left"))});
        CHECK(house.data(0) == "null");
        CHECK(house.data(2).find("what is left") != std::string::npos);
        house.append(needs, said("more"));
        house.restart();
        CHECK(house.data(3).find("more") != std::string::npos);
        CHECK(house.log->keys()->destroyed() == 1);
    }
}

TEST_CASE("an older copy of the log brings nothing back", "[sealing]") {
    House house;
    house.append("person/u-1", registered("Олена"));
    house.append(needs, said("water"));
    std::vector<storage::NewEntry> copy;
    for (Position position = 0; position < 2; ++position)
        copy.push_back({house.sealed(position), codec::index_keys_of(house.sealed(position)).value()});
    house.append("person/u-1", erased_person);

    storage::MemoryEventLog older;
    REQUIRE(older.append(copy, 0).has_value());
    const auto keys =
        KeyStore::open(house.folder.path(), master_key_of(Key::from(std::string(32, 'm')).value()));
    const auto restored = SealingLog::open(older, **keys);
    REQUIRE(restored.has_value());
    const auto entries = (*restored)->read(0, 2).value();
    CHECK(entries[0].bytes.ends_with(",\"data\":null}"));
    CHECK(entries[1].bytes.find("water") != std::string::npos);
}

TEST_CASE("an entry whose key is missing is refused, and says so", "[sealing]") {
    House house;
    house.append("person/u-1", registered("Олена"));
    std::filesystem::remove(house.folder.path() / "keys");
    house.restart();
    const auto read = house.log->read(0, 1);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().reason.find("a key that is not here") != std::string::npos);
}

TEST_CASE("a batch that another writer was faster than leaves keys that harm nobody", "[sealing]") {
    House house;
    const std::vector batch{house.next("person/u-1", registered("Олена"))};
    CHECK(house.log->append(batch, 7).error() == storage::AppendError::conflict);
    CHECK(house.log->size() == 0);
    house.append(batch);
    CHECK(house.opened(0) == batch[0].bytes);
    CHECK(house.log->keys()->size() == 1);
}
