#include "domain/codec/entry.hpp"
#include "domain/codec/event_types.hpp"
#include "domain/codec/index_keys.hpp"
#include "domain/codec/sealed_form.hpp"
#include "server/sealing/entry_sealing.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

using namespace mosty;
using namespace mosty::sealing;

namespace {

const std::filesystem::path vectors = MOSTY_VECTORS;

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string golden(std::string_view type) {
    return content_of(vectors / "events" /
                      fmt::format("{}.v{}.json", type, codec::newest_version(type).value()));
}

// The key of the golden sealed entries, and the nonce 0, 1, 2 … 11.
DataKeyPtr golden_key(std::optional<Key> key = Key::from("0123456789abcdef0123456789abcdef")) {
    return std::make_shared<const DataKey>(DataKey{"k-abcdefghijklmnopqrstuvwxyz", "any", std::move(key)});
}

Nonce golden_nonce() {
    Nonce nonce{};
    for (std::uint8_t i = 0; i < nonce.size(); ++i)
        nonce[i] = i;
    return nonce;
}

Keys keys_with(DataKeyPtr key) {
    return Keys().with(std::move(key));
}

std::string sealed(std::string_view type) {
    return seal_entry(golden(type), *golden_key(), golden_nonce());
}

} // namespace

TEST_CASE("an entry of every sealed type opens into the bytes that it was made from", "[sealing]") {
    std::size_t types = 0;
    for (const auto& [type, version] : codec::event_types()) {
        if (!codec::is_sealed_type(type))
            continue;
        ++types;
        INFO(type);
        const std::string plain = golden(type);
        const std::string entry = sealed(type);
        CHECK(entry.size() == codec::sealed_bytes(plain));
        CHECK(codec::is_sealed_entry(entry));
        CHECK(open_entry(entry, keys_with(golden_key()), Missing::refuse) == plain);
        CHECK(codec::decode_entry(entry).error().code == codec::DecodeError::Code::sealed);

        const auto envelope = codec::decode_envelope(entry);
        REQUIRE(envelope.has_value());
        CHECK(codec::index_keys(*envelope) == codec::index_keys_of(plain));
        CHECK(entry.find(codec::decode_envelope(plain)->command_hash) == std::string::npos);
    }
    CHECK(types == 18);
}

TEST_CASE("a sealed entry is written as it always was", "[sealing][versions]") {
    for (const auto& file : std::filesystem::directory_iterator(vectors / "sealed")) {
        const std::string name = file.path().stem().string();
        INFO(name);
        CHECK(sealed(name.substr(0, name.rfind(".v"))) == content_of(file.path()));
    }
}

TEST_CASE("a plain entry is read as it stands, with or without keys", "[sealing]") {
    for (const char* type : {"person.registered", "text.edited", "proposal.approved"})
        CHECK(open_entry(golden(type), Keys(), Missing::refuse) == golden(type));
}

TEST_CASE("sealed data that were moved, changed or sealed under another key are refused", "[sealing]") {
    const std::string entry = sealed("person.registered");
    const auto opens = [](const std::string& bytes, const Keys& keys) {
        return open_entry(bytes, keys, Missing::refuse).has_value();
    };
    const Keys keys = keys_with(golden_key());
    REQUIRE(opens(entry, keys));
    CHECK_FALSE(opens(entry, keys_with(golden_key(Key::random()))));
    CHECK_FALSE(opens(entry, Keys()));

    const auto replaced = [&](std::string_view from, std::string_view to) {
        std::string changed = entry;
        const auto at = changed.find(from);
        REQUIRE(at != std::string::npos);
        return changed.replace(at, from.size(), to);
    };
    CHECK_FALSE(opens(replaced("person/u-4c1", "person/u-4c2"), keys));
    CHECK_FALSE(opens(replaced("person.registered", "person.corrected"), keys));
    CHECK_FALSE(opens(replaced("\"revision\":1", "\"revision\":2"), keys));
    CHECK_FALSE(opens(replaced("2026-11-22", "2026-11-23"), keys));
    CHECK_FALSE(opens(replaced("\"actor\":\"u-4c1\"", "\"actor\":\"u-4c2\""), keys));

    // The body of one entry in another of the same stream and key.
    const auto body = [](const std::string& of) { return std::string(codec::sealed_parts(of)->body); };
    std::string other = sealed("person.corrected");
    other.replace(other.find(body(other)), body(other).size(), body(entry));
    CHECK_FALSE(opens(other, keys));

    for (std::size_t i = 0; i < entry.size(); ++i) {
        std::string changed = entry;
        changed[i] = changed[i] == 'x' ? 'y' : 'x';
        const auto read = open_entry(changed, keys, Missing::refuse);
        CHECK((!read || !codec::decode_entry(*read).has_value()));
    }
}

TEST_CASE("what is left of an entry whose key is destroyed is that it stood there", "[sealing]") {
    const Keys destroyed = keys_with(golden_key(std::nullopt));
    for (const char* type :
         {"person.registered", "person.corrected", "text.edited", "text.commented", "site.described"}) {
        INFO(type);
        const auto read = open_entry(sealed(type), destroyed, Missing::refuse);
        REQUIRE(read.has_value());
        const auto entry = codec::decode_entry(*read);
        REQUIRE(entry.has_value());
        CHECK(entry->envelope.type == type);
        const std::string entity(type, std::string_view(type).find('.'));
        CHECK(domain::type_of(entry->event) == entity + ".erased");
        CHECK(entry->envelope.revision == codec::decode_envelope(golden(type))->revision);
        CHECK(open_entry(sealed(type), Keys(), Missing::read_as_erased) == *read);
    }
    CHECK_FALSE(codec::decode_entry(R"({"data":null})").has_value());
    std::string never_sealed = golden("proposal.approved");
    never_sealed = never_sealed.substr(0, never_sealed.find(",\"data\":")) + ",\"data\":null}";
    CHECK_FALSE(codec::decode_entry(never_sealed).has_value());
}
