#include "causes.hpp"

#include "domain/codec/entry.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

namespace mosty::test {

std::map<std::string, std::set<std::string>> causes_by_hand() {
    std::ifstream in(std::string(MOSTY_VECTORS) + "/causes.txt");
    REQUIRE(in);
    std::map<std::string, std::set<std::string>> lines;
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        std::string type;
        if (!(words >> type) || type.front() == '#')
            continue;
        INFO(line);
        REQUIRE_FALSE(lines.contains(type));
        for (std::string cause; words >> cause;)
            lines[type].insert(cause);
        REQUIRE(lines.contains(type));
    }
    return lines;
}

bool is_allowed(const std::map<std::string, std::set<std::string>>& by_hand, const CausePair& pair) {
    const auto line = by_hand.find(pair.first);
    if (line == by_hand.end())
        return false;
    const std::string family = pair.second.substr(0, pair.second.find('.')) + ".*";
    return line->second.contains(pair.second) || line->second.contains(family);
}

std::set<CausePair> causes_in(const World& world) {
    std::set<CausePair> pairs;
    std::map<std::string, codec::Envelope> earlier;
    for (const std::string& bytes : world.entries()) {
        const codec::Envelope envelope = codec::decode_envelope(bytes).value();
        INFO(bytes);
        if (envelope.cause.empty()) {
            pairs.emplace(envelope.type, "-");
            REQUIRE(envelope.correlation == envelope.command);
        } else {
            const auto cause = earlier.find(envelope.cause.text());
            REQUIRE(cause != earlier.end());
            REQUIRE(cause->second.stream == envelope.stream);
            REQUIRE(envelope.correlation == cause->second.correlation);
            pairs.emplace(envelope.type, cause->second.type);
        }
        earlier.emplace(envelope.id.text(), envelope);
    }
    return pairs;
}

} // namespace mosty::test
