#include "server/sequencing/sha256.hpp"
#include "server/witness/house.hpp"
#include "tests/server/audit/audit_log.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <optional>

using namespace mosty;
using namespace mosty::audit;
using storage::TemporaryFolder;
using witness::House;

namespace {

const Ed25519Key log_key = Ed25519Key::from_seed(std::string(32, 'l'));
const VerifierKey log_verifier("log.example", SignatureType::ed25519, log_key.public_key());

// One witness of log.example in a folder, and what a log says to it.
struct Fixture {
    TemporaryFolder folder;
    std::optional<House> house;

    Fixture() { open(); }

    void open() {
        house.reset();
        auto opened = House::open(folder.path(), "w1.example", {log_verifier}, [] { return 1'700'000'000; });
        if (!opened)
            FAIL(opened.error().sentence);
        house.emplace(std::move(*opened));
    }

    http::Response post(const std::string& body) {
        http::Request request;
        request.method = "POST";
        request.path = "/add-checkpoint";
        request.body = body;
        return house->answer(request);
    }
    http::Response offer(const WordLog& words, Size old_size, Size size) {
        const auto proof = old_size <= size
                               ? storage::merkle::consistency_proof(words.log, old_size, size).value()
                               : std::vector<storage::merkle::Hash>{};
        const auto head = signed_head(words.head("log.example", size), log_key);
        return post(format_add_checkpoint(old_size, proof, format_note(head.note)));
    }
    http::Response get(const std::string& path) {
        http::Request request;
        request.method = "GET";
        request.path = path;
        return house->answer(request);
    }
    http::Response kept() { return get("/" + sequencing::sha256_hex("log.example") + "/checkpoint"); }
};

} // namespace

TEST_CASE("a witness cosigns what continues what it saw, and remembers it over a restart", "[witness]") {
    Fixture at;
    const WordLog words("event", 700);
    REQUIRE(at.kept().status == 404);
    Size old_size = 0;
    for (const Size size : {Size{1}, Size{256}, Size{257}, Size{257}, Size{700}}) {
        const auto answer = at.offer(words, old_size, size);
        REQUIRE(answer.status == 200);
        const auto head = words.head("log.example", size);
        const auto note = parse_note(format_checkpoint(head) + "\n" + answer.body);
        REQUIRE(note.has_value());
        const VerifierKey& key = at.house->key();
        REQUIRE(key.type() == SignatureType::cosignature);
        const auto verified = verify_note(*note, {&key, 1});
        REQUIRE(verified.has_value());
        REQUIRE(verified->front().time == 1'700'000'000);
        at.open();
        const auto kept = open_checkpoint(at.kept().body, log_verifier);
        REQUIRE(kept.has_value());
        REQUIRE(kept->checkpoint == head);
        REQUIRE(kept->note.signatures.size() == 2);
        old_size = size;
    }
}

TEST_CASE("a witness says the size it knows to who names another", "[witness]") {
    Fixture at;
    const WordLog words("event", 700);
    REQUIRE(at.offer(words, 0, 300).status == 200);
    for (const auto& [old_size, size] :
         {std::pair<Size, Size>{0, 700}, {299, 700}, {301, 700}, {0, 0}, {0, 300}}) {
        const auto answer = at.offer(words, old_size, size);
        REQUIRE(answer.status == 409);
        REQUIRE(answer.content_type == "text/x.tlog.size");
        REQUIRE(answer.body == "300\n");
    }
    REQUIRE(at.offer(words, 300, 300).status == 200);
}

TEST_CASE("a witness never cosigns two histories", "[witness]") {
    Fixture at;
    const WordLog words("event", 700);
    WordLog forked("event", 299);
    forked.grow(401, "another");
    REQUIRE(at.offer(words, 0, 300).status == 200);
    REQUIRE(at.offer(forked, 300, 700).status == 422);
    REQUIRE(at.offer(forked, 300, 300).status == 422);
    at.open();
    REQUIRE(at.offer(forked, 300, 700).status == 422);
    REQUIRE(at.offer(forked, 0, 700).status == 409);
    REQUIRE(at.offer(words, 300, 700).status == 200);
    REQUIRE(open_checkpoint(at.kept().body, log_verifier)->checkpoint == words.head("log.example"));
}

TEST_CASE("a proof must be exactly the one that is needed", "[witness]") {
    Fixture at;
    const WordLog words("event", 700);
    const auto note = format_note(signed_head(words.head("log.example"), log_key).note);
    const auto proof = storage::merkle::consistency_proof(words.log, 300, 700).value();
    REQUIRE(at.post(format_add_checkpoint(0, proof, note)).status == 422); // the empty tree needs none
    REQUIRE(at.offer(words, 0, 300).status == 200);
    for (std::size_t i = 0; i < proof.size(); ++i) {
        auto changed = proof;
        changed[i][7] ^= 1;
        REQUIRE(at.post(format_add_checkpoint(300, changed, note)).status == 422);
        auto shorter = proof;
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
        REQUIRE(at.post(format_add_checkpoint(300, shorter, note)).status == 422);
    }
    REQUIRE(at.post(format_add_checkpoint(300, {}, note)).status == 422);
    REQUIRE(at.post(format_add_checkpoint(300, proof, note)).status == 200);
}

TEST_CASE("who asks wrongly is told how, and nothing is remembered of it", "[witness]") {
    Fixture at;
    const WordLog words("event", 5);
    const auto stranger = Ed25519Key::from_seed(std::string(32, 's'));
    const auto head = words.head("log.example");
    const auto body = [](const Checkpoint& of, const Ed25519Key& key, Size old_size = 0) {
        return format_add_checkpoint(old_size, {}, format_note(signed_head(of, key).note));
    };
    REQUIRE(at.post("").status == 400);
    REQUIRE(at.post(body(head, log_key).substr(0, 90)).status == 400);
    REQUIRE(at.post(body(head, log_key, 6)).status == 400);
    REQUIRE(at.post(body(words.head("other.example"), log_key)).status == 404);
    REQUIRE(at.post(body(head, stranger)).status == 403);
    auto forged = signed_head(head, log_key);
    forged.note.signatures[0].bytes[3] ^= 1;
    REQUIRE(at.post(format_add_checkpoint(0, {}, format_note(forged.note))).status == 403);
    REQUIRE(at.post(body({"log.example", 0, head.root, {}}, log_key)).status == 422);
    REQUIRE(at.kept().status == 404);
    REQUIRE(at.get("/add-checkpoint").status == 405);
    REQUIRE(at.get("/").status == 404);
    REQUIRE(at.get("/../lock").status == 404);
    REQUIRE(at.post(body(WordLog().head("log.example"), log_key)).status == 200); // the empty tree
}

TEST_CASE("a witness does not start on a checkpoint that it did not cosign", "[witness]") {
    Fixture at;
    const WordLog words("event", 5);
    REQUIRE(at.offer(words, 0, 5).status == 200);
    const auto path = at.folder.path() / sequencing::sha256_hex("log.example") / "checkpoint";
    const auto whole = at.kept().body;
    at.house.reset();
    for (std::string damaged :
         {whole.substr(0, whole.size() / 2),
          format_note(signed_head(words.head("log.example"), log_key).note), std::string{}}) {
        std::ofstream(path, std::ios::trunc) << damaged;
        REQUIRE(House::open(at.folder.path(), "w1.example", {log_verifier}, [] { return 0; }).error().code ==
                storage::OpenError::Code::corrupted);
    }
    std::ofstream(path, std::ios::trunc) << whole;
    at.open();
    REQUIRE(at.kept().body == whole);
    REQUIRE(House::open(at.folder.path(), "w1.example", {}, [] { return 0; }).error().code ==
            storage::OpenError::Code::locked);
}
