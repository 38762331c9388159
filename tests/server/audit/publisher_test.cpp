#include "server/audit/add_checkpoint.hpp"
#include "server/audit/publisher.hpp"
#include "server/witness/decide.hpp"
#include "tests/server/audit/audit_log.hpp"
#include "tests/storage/temporary_folder.hpp"

#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <functional>
#include <optional>
#include <set>

using namespace mosty;
using namespace mosty::audit;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using storage::TemporaryFolder;

namespace {

// A witness without a socket. `silent` ones keep what they were asked.
struct TestWitness {
    Ed25519Key key;
    std::string name;
    std::optional<witness::WatchedLog> log;
    bool is_silent = false;
    bool lies = false;
    std::size_t asked = 0;

    VerifierKey verifier() const { return {name, SignatureType::cosignature, key.public_key()}; }

    WitnessAnswer answer(const std::string& body) {
        const auto request = parse_add_checkpoint(body).value();
        const auto decided = witness::decide_add_checkpoint(&*log, request);
        if (!decided)
            return WitnessReply{decided.error().status, std::string{decided.error().content_type},
                                decided.error().body};
        const auto& [checkpoint, note] = request.checkpoint;
        log->size = checkpoint.size;
        log->root = checkpoint.root;
        auto cosignature = cosign_note(note.text, name, key, 1'700'000'000);
        if (lies)
            cosignature.bytes[40] ^= 1;
        return WitnessReply{200, "text/plain", format_signature(cosignature)};
    }
};

using NameSize = decltype(Publisher::Options::name_size);

struct Fixture {
    TemporaryFolder folder;
    WordLog words;
    boost::asio::io_context context{1};
    core::Metrics metrics;
    std::vector<TestWitness> witnesses;
    std::vector<std::string> faults;
    std::optional<Publisher> publisher;

    explicit Fixture(std::size_t witness_count = 0, std::size_t quorum = 0, NameSize name_size = nullptr) {
        auto keeper = CheckpointKeeper::open(folder.path(), words.log, "log.example");
        REQUIRE(keeper.has_value());
        Publisher::Options options;
        for (std::size_t i = 0; i < witness_count; ++i) {
            witnesses.push_back({Ed25519Key::from_seed(std::string(32, static_cast<char>('a' + i))),
                                 "w" + std::to_string(i) + ".example", witness::WatchedLog{keeper->key()}});
            options.witnesses.push_back(witnesses.back().verifier());
        }
        options.quorum = quorum;
        options.name_size = std::move(name_size);
        publisher.emplace(
            context, words.log, std::move(*keeper), options,
            [this](std::size_t i, std::string body, std::move_only_function<void(WitnessAnswer)> callback) {
                ++witnesses[i].asked;
                if (!witnesses[i].is_silent)
                    boost::asio::post(context, [this, i, body, callback = std::move(callback)]() mutable {
                        callback(witnesses[i].answer(body));
                    });
            },
            metrics, [this](const std::string& reason) { faults.push_back(reason); });
    }

    void grow(Size count) {
        words.grow(count);
        publisher->grown(words.log.size());
    }

    // Runs until it holds; how long that took.
    milliseconds until(const std::function<bool()>& holds) {
        const auto started = steady_clock::now();
        while (!holds()) {
            REQUIRE(steady_clock::now() - started < std::chrono::seconds{60});
            context.restart();
            context.run_one_for(milliseconds{1'000});
        }
        return std::chrono::duration_cast<milliseconds>(steady_clock::now() - started);
    }
    void until_shown() {
        until([&] { return publisher->newest()->checkpoint.size == words.log.size(); });
    }

    // Whether it is what the log holds, signed by the log and by so many witnesses.
    void check(const Published& published, std::size_t cosignatures) {
        const auto opened = open_checkpoint(published.note, publisher->key());
        REQUIRE(opened.has_value());
        REQUIRE(opened->checkpoint == words.head("log.example", opened->checkpoint.size));
        std::vector<VerifierKey> keys;
        for (const auto& one : witnesses)
            keys.push_back(one.verifier());
        const auto verified = verify_note(opened->note, keys);
        REQUIRE((verified ? verified->size() : 0) == cosignatures);
        REQUIRE(published.cosignatures == cosignatures);
    }
};

} // namespace

TEST_CASE("what a log holds is signed before anybody can ask, and again when it grew", "[publisher]") {
    Fixture at;
    at.words.grow(3);
    REQUIRE(at.publisher->start().has_value());
    REQUIRE(at.publisher->newest()->checkpoint.size == 3);
    at.grow(1);
    at.until_shown();
    at.check(*at.publisher->newest(), 0);
    REQUIRE(at.publisher->cosigned() == at.publisher->newest()); // nobody's word is needed
}

TEST_CASE("a log that grows all the time is signed a few times a second", "[publisher]") {
    Fixture at;
    REQUIRE(at.publisher->start().has_value());
    std::set<Size> seen;
    const auto began = steady_clock::now();
    for (int i = 0; i < 3'000; ++i) {
        at.grow(1);
        at.context.restart();
        at.context.poll();
        seen.insert(at.publisher->newest()->checkpoint.size);
    }
    const auto took = std::chrono::duration<double>(steady_clock::now() - began).count();
    REQUIRE(double(seen.size()) <= 3 + took * 5);
    at.until_shown();
    REQUIRE(at.faults.empty());
}

TEST_CASE("the size that is signed is the one that was named for it", "[publisher]") {
    std::vector<std::move_only_function<void(Size)>> asked;
    Fixture at(0, 0, [&](std::move_only_function<void(Size)> named) { asked.push_back(std::move(named)); });
    REQUIRE(at.publisher->start().has_value());
    at.grow(5);
    at.until([&] { return asked.size() == 1; });
    at.grow(5); // the log grows on before it is named, and is due again
    asked[0](7);
    at.until([&] { return at.publisher->newest()->checkpoint.size == 7; });
    at.check(*at.publisher->newest(), 0);
    at.until([&] { return asked.size() == 2; });
    asked[1](10);
    at.until_shown();
    at.publisher->stop();
    REQUIRE(at.faults.empty());
}

TEST_CASE("with a quorum a checkpoint is shown cosigned", "[publisher]") {
    Fixture at(3, 2);
    REQUIRE(at.publisher->start().has_value());
    for (int i = 0; i < 4; ++i) {
        at.grow(100);
        at.until_shown();
        REQUIRE(at.publisher->newest()->cosignatures >= 2);
        at.until([&] { return at.publisher->newest()->cosignatures == 3; });
        at.check(*at.publisher->newest(), 3);
        REQUIRE(at.publisher->cosigned() == at.publisher->newest());
    }
}

TEST_CASE("witnesses that hang or lie hold nothing up and count for nothing", "[publisher]") {
    Fixture at(3, 2);
    at.witnesses[0].is_silent = true;
    at.witnesses[1].lies = true;
    REQUIRE(at.publisher->start().has_value());
    for (int i = 0; i < 4; ++i) {
        at.grow(1);
        at.until_shown();
        at.until([&] { return at.publisher->newest()->cosignatures == 1; });
        at.check(*at.publisher->newest(), 1);
    }
    REQUIRE(at.publisher->cosigned() == nullptr);
    REQUIRE(at.witnesses[0].asked == 1);
    REQUIRE(at.metrics.witness_failures.Value() >= 1);

    // One that comes to its senses makes the quorum; it is asked again by itself, after a pause.
    at.witnesses[1].lies = false;
    at.until([&] { return at.publisher->cosigned() != nullptr; });
    at.check(*at.publisher->cosigned(), 2);
}

TEST_CASE("a witness that saw another history of the log never cosigns", "[publisher]") {
    Fixture at(2, 1);
    WordLog other("other", 500);
    at.witnesses[0].log->size = 500;
    at.witnesses[0].log->root = other.head("log.example").root;
    at.witnesses[1].log->size = 2;
    at.witnesses[1].log->root = WordLog("event", 2).head("log.example").root;
    at.words.grow(3);
    REQUIRE(at.publisher->start().has_value());
    at.grow(600);
    at.until_shown();
    at.until([&] { return at.publisher->newest()->cosignatures == 1; });
    at.check(*at.publisher->newest(), 1);
    REQUIRE(at.witnesses[0].log->size == 500);
    REQUIRE(at.faults.empty());
}

TEST_CASE("the last of a log is signed when it stops", "[publisher]") {
    Fixture at;
    REQUIRE(at.publisher->start().has_value());
    at.grow(9);
    at.publisher->stop();
    const auto keeper = CheckpointKeeper::open(at.folder.path(), at.words.log, "log.example");
    REQUIRE(keeper->newest()->checkpoint.size == 9);
}
