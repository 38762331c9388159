#include "domain/codec/entry.hpp"
#include "domain/codec/index_keys.hpp"
#include "domain/codec/time.hpp"
#include "server/sealing/sealing_log.hpp"
#include "storage/rocksdb/rocks_event_log.hpp"
#include "tests/bench/past.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

namespace mosty::bench {
namespace {

constexpr std::size_t batch_entries = 2'048;
constexpr std::int64_t step_ms = 30'000; // a million events in eleven months
constexpr std::size_t text_units_max = 4'000;

class Writer {
public:
    Writer(storage::EventLog& log, std::int64_t time_ms) : log_(log), time_ms_(time_ms) {}

    Size size() const { return log_.size() + batch_.size(); }
    Revision revision(std::string_view stream) const {
        const auto found = revisions_.find(stream);
        return found == revisions_.end() ? 0 : found->second;
    }

    void record(const std::string& stream, std::string_view type, std::string_view data) {
        time_ms_ += step_ms;
        const Position position = size();
        std::string bytes = fmt::format(
            R"({{"specversion":"1.0","id":"e-past{}","source":"urn:mosty:{}","type":"{}","subject":"{}",)"
            R"("time":"{}","datacontenttype":"application/json","schemaversion":1,"revision":{},)"
            R"("actor":"u-past{}","commandid":"c-past{}","commandhash":"0123456789abcdef0123456789abcdef",)"
            R"("commandindex":0,"correlationid":"c-past{}","data":{}}})",
            position, log_.log_id(), type, stream, codec::format_time(time_ms_), ++revisions_[stream],
            position % 97, position, position, data);
        if (const auto decoded = codec::decode_entry(bytes); !decoded)
            give_up("{} in {}", decoded.error().what, bytes);
        auto keys = codec::index_keys_of(bytes);
        batch_.push_back({std::move(bytes), std::move(*keys)});
        if (batch_.size() == batch_entries)
            flush();
    }

    void flush() {
        if (!log_.append(batch_, log_.size()))
            give_up("the log cannot be written");
        batch_.clear();
    }

private:
    storage::EventLog& log_;
    std::int64_t time_ms_;
    std::vector<storage::NewEntry> batch_;
    std::map<std::string, Revision, std::less<>> revisions_;
};

void begin(Writer& writer) {
    for (std::size_t i = 0; i < past_partnerships; ++i) {
        for (const bool ukrainian : {true, false})
            writer.record("municipality/" + past_town(i, ukrainian), "municipality.registered",
                          fmt::format(R"({{"name":"Town {}","country":"{}","scheme":"{}","code":"{}",)"
                                      R"("population":12000,"population_year":2022,"source":"bench"}})",
                                      i, ukrainian ? "UA" : "HU", ukrainian ? "katottg" : "gisco",
                                      past_town(i, ukrainian)));
        const std::string stream = "partnership/" + past_partnership(i);
        writer.record(stream, "partnership.proposed",
                      fmt::format(R"({{"ua":"{}","eu":"{}","by":"ua","sectors":["energy","water_supply"]}})",
                                  past_town(i, true), past_town(i, false)));
        writer.record(stream, "partnership.accepted", R"({"side":"eu"})");
    }
}

void draft(Writer& writer, std::size_t number) {
    const std::size_t p = number % past_partnerships;
    const std::string stream = past_proposal(number);
    writer.record(
        stream, "proposal.drafted",
        fmt::format(R"({{"partnership":"{}","title":"Water for {}","lead":"ua","partners":["{}","{}"],)"
                    R"("sectors":["energy"],"summary":"A summary of some length, as people write."}})",
                    past_partnership(p), p, past_town(p, true), past_town(p, false)));
}

void edit(Writer& writer, std::size_t number, std::mt19937_64& random) {
    const std::string stream = past_proposal(number);
    const std::string town = past_town(number % past_partnerships, true);
    switch (random() % 5) {
    case 0:
        return writer.record(stream, "proposal.edited",
                             fmt::format(R"({{"title":"Water, draft {}"}})", random() % 999));
    case 1:
    case 2:
        return writer.record(
            stream, "proposal.edited",
            fmt::format(
                R"({{"summary":"A summary of some length, as people write it, and this is number {}."}})",
                random() % 9'999));
    case 3:
        return writer.record(
            stream, "proposal.budget_line_set",
            fmt::format(
                R"({{"line":"l-{}","category":"equipment","partner":"{}","description":"Pumps and pipes",)"
                R"("amount":{},"currency":"EUR","invented":false}})",
                random() % 12, town, 100 + random() % 900'000));
    default:
        return writer.record(
            stream, "proposal.indicator_set",
            fmt::format(R"({{"indicator":"i-{}","name":"Households served","unit":"%","baseline":11,)"
                        R"("target":{},"invented":false}})",
                        random() % 6, random() % 100));
    }
}

// One of the four events of a visit's life.
void visit(Writer& writer, std::size_t number) {
    const std::size_t p = number % past_partnerships;
    const std::string stream = past_visit(number);
    switch (writer.revision(stream)) {
    case 0:
        return writer.record(
            stream, "visit.planned",
            fmt::format(R"({{"partnership":"{}","ua":"{}","eu":"{}","title":"Visit {}","host":"eu",)"
                        R"("kind":"study_visit","from":"2026-05","by":"ua"}})",
                        past_partnership(p), past_town(p, true), past_town(p, false), number));
    case 1:
        return writer.record(stream, "visit.confirmed", R"({"side":"eu"})");
    case 2:
        return writer.record(stream, "visit.held",
                             R"({"from":"2026-05-04","to":"2026-05-06","participants_ua":5})");
    default:
        return writer.record(stream, "visit.reported",
                             R"({"summary":"Two waterworks seen","lessons":["Meter first."]})");
    }
}

// A few letters written or taken away at a random place of a text.
class Text {
public:
    explicit Text(std::size_t number) : stream_(past_text(number)) {}

    void edit(Writer& writer, std::mt19937_64& random) {
        const std::size_t place = random() % length_;
        std::string change = place == 0 ? "[" : fmt::format(R"([{{"retain":{}}},)", place);
        const std::size_t gone = std::min<std::size_t>(1 + random() % 6, length_ - 1 - place);
        if (gone > 0 && random() % text_units_max < length_) {
            change += fmt::format(R"({{"delete":{}}}])", gone);
            length_ -= gone;
        } else {
            change += R"({"insert":"water "}])";
            length_ += 6;
        }
        const Revision base = writer.revision(stream_);
        writer.record(stream_, "text.edited",
                      fmt::format(R"({{"client":"k-past","sequence":{},"base":{},"change":{}}})", base + 1,
                                  base, change));
    }

private:
    const std::string stream_;
    std::size_t length_ = 1;
};

// When the log's last entry was recorded.
std::int64_t last_time(const storage::EventLog& log) {
    const auto last = log.read(log.size() - 1, 1);
    if (log.size() == 0 || !last || last->empty())
        give_up("the folder is to hold the demo");
    return codec::decode_envelope(last->front().bytes)->time_ms;
}

} // namespace

void fill_past(const Options& options) {
    const auto events = static_cast<Size>(options.number("events", 1'000'000));
    const std::filesystem::path data = options.text("data");
    const auto stored = storage::RocksEventLog::open(data);
    if (!stored)
        give_up("{}", stored.error().sentence);
    const auto master = sealing::open_master_key(data, {});
    const auto keys = master ? sealing::KeyStore::open(data, *master) : std::unexpected(master.error());
    const auto log = keys ? sealing::SealingLog::open(**stored, **keys) : std::unexpected(keys.error());
    if (!log)
        give_up("{}", log.error());
    Writer writer(**log, last_time(**log));
    std::mt19937_64 random(4);
    std::vector<Text> texts;
    for (std::size_t i = 0; i < past_texts; ++i)
        texts.emplace_back(i);

    begin(writer);
    std::size_t drafted = 0;
    std::size_t visits = 0;
    const Size begun = writer.size();
    while (writer.size() < events) {
        // Proposals and visits come one by one through the first three quarters; a tenth of both gets half of
        // all that is done.
        const double part = static_cast<double>(writer.size() - begun) / static_cast<double>(events - begun);
        const auto due = [&](std::size_t all) {
            return std::min(all, 25 + static_cast<std::size_t>(part / 0.75 * static_cast<double>(all)));
        };
        const auto pick = [&](std::size_t all) {
            return random() % (random() % 2 == 0 ? all / 10 + 1 : all);
        };
        if (drafted < due(past_proposals))
            draft(writer, drafted++);
        else if (visits < 4 * due(past_visits))
            visit(writer, visits++ / 4);
        else if (random() % 3 == 0)
            texts[pick(past_texts)].edit(writer, random);
        else
            edit(writer, pick(drafted), random);
    }
    writer.flush();
    fmt::print("filled with {} events\n", (*log)->size());
}

} // namespace mosty::bench
