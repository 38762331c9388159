#include "tests/bench/text_writers.hpp"

#include "tests/bench/measure.hpp"
#include "tests/bench/mosty_texts.hpp"
#include "tests/bench/plain_delta.hpp"
#include "tests/bench/sharedb_texts.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace mosty::bench {
namespace {

constexpr std::int64_t second = 1'000'000'000;

// Prose enough to begin with: words of both alphabets, in lines.
text::Delta prose(std::size_t units) {
    constexpr std::u16string_view line =
        u"Дві громади разом оновлюють насосну станцію. Two towns renew one.\n";
    std::u16string text;
    while (text.size() < units)
        text += line.substr(0, units - text.size());
    return std::move(text::Delta().insert(text));
}

} // namespace

std::unique_ptr<TextServer> text_server(const Options& options) {
    const auto port = static_cast<std::uint16_t>(options.number("port", 0));
    const std::string name = options.text("server", "mosty");
    if (name == "sharedb")
        return std::make_unique<ShareDbTexts>(port);
    if (name != "mosty")
        give_up("--server is mosty or sharedb");
    return std::make_unique<MostyTexts>(port, options.text("section", "activities"));
}

TextWriters::TextWriters(TextServer& server, std::size_t texts, std::size_t writers_a_text,
                         std::size_t length_wanted)
    : server_(server), texts_(texts), writers_a_text_(writers_a_text) {
    for (std::size_t i = 0; i < texts * writers_a_text; ++i) {
        const bool is_first = i % writers_a_text == 0;
        writers_.push_back(std::make_unique<TextWriter>(server.open(i / writers_a_text),
                                                        static_cast<std::uint32_t>(i + 1), is_first));
        poll_.add(writers_.back()->wire().socket().descriptor(), i);
    }
    wait_until("texts", [](const TextWriter& writer) { return writer.is_current(); });
    for (std::size_t i = 0; i < writers_.size(); i += writers_a_text)
        if (writers_[i]->length() < length_wanted)
            writers_[i]->write(prose(length_wanted - writers_[i]->length()), now_ns());
    wait_until("first edits", [&](const TextWriter& writer) {
        return writer.is_idle() && writer.length() >= length_wanted;
    });
}

std::uint64_t TextWriters::heard() const {
    std::uint64_t heard = 0;
    for (const auto& writer : writers_)
        heard += writer->heard();
    return heard;
}

void TextWriters::settle_and_compare() {
    wait_until("answers", [](const TextWriter& writer) { return writer.is_idle(); });
    for (std::size_t text = 0; text < texts_; ++text) {
        const Content content = server_.content_of(text);
        const auto writers = std::span(writers_).subspan(text * writers_a_text_, writers_a_text_);
        wait_until("edits", [&](const TextWriter& writer) {
            const bool is_of_this_text =
                std::ranges::any_of(writers, [&](const auto& other) { return other.get() == &writer; });
            return !is_of_this_text || writer.revision() >= content.revision;
        });
        for (const auto& writer : writers)
            if (writer->revision() != content.revision || writer->digest() != writers.front()->digest() ||
                writer->length() != length_of(content.text))
                give_up("{} does not have what the others of text {} have", writer->wire().name(), text);
        if (writers.front()->content() != content.text)
            give_up("the changes of text {} do not make what the server has", text);
    }
}

template <class Reached>
void TextWriters::wait_until(const char* what, Reached&& reached) {
    const std::int64_t deadline = now_ns() + 30 * second;
    while (!std::ranges::all_of(writers_, [&](const auto& writer) { return reached(*writer); })) {
        if (now_ns() > deadline)
            give_up("{} have not come within 30 s", what);
        turn(100, [](const TextWriter&, std::int64_t) {});
    }
}

} // namespace mosty::bench
