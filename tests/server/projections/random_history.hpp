#pragma once

#include "domain/domain.hpp"
#include "history.hpp"

#include <map>
#include <random>
#include <string>
#include <string_view>

namespace mosty::test {

// A history that grows by random commands, decided as a server decides them: whatever it holds could have
// happened.
class RandomHistory {
public:
    explicit RandomHistory(std::uint64_t seed);

    static constexpr std::uint64_t partnerships = 4;

    // The streams of which it speaks: each is of one of the partnerships, by its id.
    static std::string visit(std::uint64_t number);
    static std::string proposal(std::uint64_t number);

    // Sends random commands until the history has so many events.
    void grow_to(Size size);

    const History& history() const { return history_; }

    // The domain's own state of a stream, to compare views with.
    const std::map<std::string, domain::State, std::less<>>& states() const { return states_; }

private:
    std::uint64_t below(std::uint64_t bound);
    bool chance(int percent) { return below(100) < static_cast<std::uint64_t>(percent); }
    std::string one_of(std::initializer_list<std::string_view> words);

    void send(const Actor& actor, const std::string& stream, std::string_view name, const std::string& data);
    void send_random();
    void about_partnership(const Actor& actor);
    void about_visit(const Actor& actor);
    void about_proposal(const Actor& actor);
    void about_content(const Actor& actor, const std::string& stream);
    void about_text(const Actor& actor, const std::string& proposal);
    void about_sites(const Actor& actor, const std::string& proposal);
    void write(const Actor& actor, const std::string& text, const std::string& change);
    void about_register(const Actor& actor);
    std::string event_of(const std::string& stream);

    std::mt19937_64 random_;
    History history_;
    std::map<std::string, domain::State, std::less<>> states_;
};

} // namespace mosty::test
