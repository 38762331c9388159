#pragma once

#include "domain/codec/command.hpp"
#include "server/sequencing/sequencer.hpp"
#include "server/sequencing/stream_loader.hpp"
#include "storage/memory/memory_event_log.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mosty::test {

// A wish as a service sends it. `data` is JSON and must be a command's.
sequencing::Wish wish_of(std::string_view stream, std::string_view name, std::string_view data,
                         std::string_view id, std::string_view actor = "service-test");

// The data of a `register_municipality` for a town of Hungary or Ukraine, by its id.
std::string town(std::string_view id, int population);

// A sequencer with everything around it: a log on a disk that may have another writer, a clock that the
// test sets, and answers kept as text: "done 3+1 r2", "refused not_found", "reused", "unknown actor".
class Desk {
public:
    explicit Desk(std::shared_ptr<storage::MemoryDisk> disk = std::make_shared<storage::MemoryDisk>(),
                  sequencing::Sequencer::Options options = {.source = "urn:mosty:test"},
                  storage::Limits limits = storage::MemoryEventLog::default_limits);

    // Submits under the next ticket, which it answers.
    sequencing::Ticket submit(sequencing::Wish wish);
    // The same with a fresh command id.
    sequencing::Ticket say(std::string_view stream, std::string_view name, std::string_view data,
                           std::string_view actor = "service-test");

    // Begins an append; whether there was one to begin. Nothing is written before finish().
    bool begin();
    // Writes the batch under way, and takes in what became true: a conflict, too, when another was first.
    void finish();
    // Brings every stream that is to be folded.
    void load_all();
    // Goes on until nothing waits.
    void settle();

    // The answer so far; empty while there is none.
    std::string answer(sequencing::Ticket ticket);

    // Another process on the same disk, which comes first.
    void write_as_another(sequencing::Wish wish);

    // The types of all entries in the log, with their streams.
    std::vector<std::string> written() const;

    std::int64_t now_ms = 1'795'341'600'000; // 2026-11-22T10:00:00.000Z
    std::shared_ptr<storage::MemoryDisk> disk;
    std::unique_ptr<storage::MemoryEventLog> log;
    std::unique_ptr<sequencing::Sequencer> sequencer;
    std::vector<sequencing::Committed> committed; // everything that the outcomes named, in order
    std::vector<sequencing::TextState> texts;     // likewise

private:
    void keep(const std::vector<sequencing::Answer>& answers);
    void take_in(sequencing::Outcome outcome);

    const Size first_;
    std::vector<storage::NewEntry> batch_;
    bool under_way_ = false;
    std::map<sequencing::Ticket, std::string> answers_;
    sequencing::Ticket last_ticket_ = 0;
};

std::string shown(const sequencing::Verdict& verdict);

} // namespace mosty::test
