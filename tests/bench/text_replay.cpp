#include "domain/base/utf16.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/mosty_texts.hpp"
#include "tests/bench/plain_delta.hpp"
#include "tests/bench/poll.hpp"
#include "tests/bench/text_load.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mosty::bench {
namespace {

constexpr std::int64_t second = 1'000'000'000;

struct Keystroke {
    std::size_t place = 0;
    std::size_t removed = 0;
    std::u16string written;
};

struct Trace {
    std::vector<Keystroke> keystrokes;
    std::u16string end;
};

// A trace of josephg/editing-traces by one person: transactions of patches [place, removed, written].
Trace read_trace(const std::string& path) {
    simdjson::dom::parser parser;
    const simdjson::dom::element file = parser.load(path);
    if (!std::string_view(file["startContent"]).empty())
        give_up("{} does not begin with an empty text", path);
    Trace trace;
    trace.end = utf16_of(file["endContent"].get_string());
    for (const simdjson::dom::element transaction : file["txns"].get_array())
        for (const simdjson::dom::array patch : transaction["patches"].get_array())
            trace.keystrokes.push_back(
                {patch.at(0).get_uint64(), patch.at(1).get_uint64(), utf16_of(patch.at(2).get_string())});
    return trace;
}

// The text after each of the revisions, as the trace alone makes it.
std::map<std::uint64_t, std::u16string> texts_at(const Trace& trace,
                                                 const std::vector<std::uint64_t>& revisions) {
    std::map<std::uint64_t, std::u16string> texts;
    for (const std::uint64_t revision : revisions)
        texts[revision];
    std::u16string text = u"\n";
    std::uint64_t revision = 0;
    for (auto next = texts.begin(); next != texts.end(); ++next) {
        for (; revision < next->first; ++revision) {
            const Keystroke& keystroke = trace.keystrokes[revision];
            text.replace(keystroke.place, keystroke.removed, keystroke.written);
        }
        next->second = text;
    }
    return texts;
}

text::Delta change_of(const Keystroke& keystroke) {
    text::Delta change;
    change.retain(keystroke.place).insert(keystroke.written).remove(keystroke.removed);
    return change;
}

// Writes the whole trace. Nobody else does, so the revision that an edit stands on is known before the one
// ahead of it has been answered, and many can be under way.
class Typist final : TextHearer {
public:
    explicit Typist(std::unique_ptr<TextWire> wire) : wire_(std::move(wire)) {
        poll_.add(wire_->socket().descriptor(), 0);
        read_until([this] { return is_current_; });
    }

    // Returns when every keystroke is durable and back.
    void type(const std::vector<Keystroke>& keystrokes, std::size_t window) {
        for (std::size_t sent = 0; heard_ < keystrokes.size() || accepted_ < keystrokes.size();) {
            for (; sent < keystrokes.size() && sent < accepted_ + window; ++sent)
                wire_->add_edit(sent, sent + 1, change_of(keystrokes[sent]));
            wire_->flush();
            const std::uint64_t before = accepted_ + heard_;
            read_until([&] { return accepted_ + heard_ != before; });
        }
    }

private:
    void hear_content(Content content) override {
        if (content.revision != 0)
            give_up("a text that nobody has written was expected");
    }

    void hear_current() override { is_current_ = true; }

    void hear_edit(const HeardEdit& edit) override {
        if (edit.revision != ++heard_ || edit.sequence != heard_)
            give_up("edit {} comes back as revision {}", edit.sequence, edit.revision);
    }

    void hear_accepted(std::uint64_t sequence) override {
        if (sequence != ++accepted_)
            give_up("edit {} is answered out of turn", sequence);
    }

    template <class Reached>
    void read_until(Reached&& reached) {
        while (!reached()) {
            if (poll_.wait(30'000).empty())
                give_up("no answer for 30 s, after {} keystrokes", accepted_);
            wire_->read(*this);
            wire_->flush();
        }
    }

    std::unique_ptr<TextWire> wire_;
    Poll poll_;
    bool is_current_ = false;
    std::uint64_t accepted_ = 0;
    std::uint64_t heard_ = 0;
};

// Asks for the text as of random revisions; every answer must be what the trace makes of it.
void look_back(MostyTexts& texts, std::size_t text, const Trace& trace, std::size_t looks) {
    const std::uint32_t seed = std::random_device{}();
    fmt::print(stderr, "revisions looked at: seed {}\n", seed);
    std::mt19937 random(seed);
    std::vector<std::uint64_t> revisions(looks);
    for (std::uint64_t& revision : revisions)
        revision = random() % (trace.keystrokes.size() + 1);
    const auto expected = texts_at(trace, revisions);
    Histogram latencies;
    for (const std::uint64_t revision : revisions) {
        const std::int64_t begin = now_ns();
        const std::string body = texts.look(text, fmt::format("?revision={}", revision));
        latencies.record(now_ns() - begin);
        simdjson::dom::parser parser;
        if (read_delta(parser.parse(body)["content"]) != text::Delta().insert(expected.at(revision)))
            give_up("revision {} is not what was written", revision);
    }
    print_figure("look_p50_ms", latencies.milliseconds_at(0.50));
    print_figure("look_p95_ms", latencies.milliseconds_at(0.95));
}

// Asks who wrote all of it.
void ask_for_authors(MostyTexts& texts, std::size_t text, const Trace& trace) {
    constexpr int times = 20;
    Histogram latencies;
    for (int i = 0; i < times; ++i) {
        const std::int64_t begin = now_ns();
        const std::string body = texts.look(text, "/authors");
        latencies.record(now_ns() - begin);
        simdjson::dom::parser parser;
        std::size_t length = 0;
        for (const simdjson::dom::element run : parser.parse(body)["runs"].get_array())
            length += run["length"].get_uint64();
        if (length != trace.end.size() + 1)
            give_up("the authors of {} units are told, of {}", length, trace.end.size() + 1);
    }
    print_figure("authors_p50_ms", latencies.milliseconds_at(0.50));
    print_figure("authors_p95_ms", latencies.milliseconds_at(0.95));
}

} // namespace

void measure_replay(const Options& options) {
    const Trace trace = read_trace(options.text("trace"));
    const auto server = static_cast<pid_t>(options.number("pid", 0));
    const auto text = static_cast<std::size_t>(options.number("text", 0));
    MostyTexts texts(static_cast<std::uint16_t>(options.number("port", 0)), options.text("section", "needs"));
    Typist typist(texts.open(text));

    const double cpu_before = cpu_seconds(server);
    const std::int64_t begin = now_ns();
    typist.type(trace.keystrokes, static_cast<std::size_t>(options.number("window", 1'000)));
    const double elapsed = static_cast<double>(now_ns() - begin) / second;
    const auto keystrokes = static_cast<double>(trace.keystrokes.size());
    print_figure("seconds", elapsed);
    print_figure("keystrokes_per_s", keystrokes / elapsed);
    print_figure("server_cpu_us_a_keystroke", 1e6 * (cpu_seconds(server) - cpu_before) / keystrokes);

    if (texts.content_of(text).text != text::Delta().insert(trace.end + u"\n"))
        give_up("the text does not end as the trace does");
    look_back(texts, text, trace, static_cast<std::size_t>(options.number("looks", 200)));
    ask_for_authors(texts, text, trace);
}

} // namespace mosty::bench
