#include "tests/bench/sharedb_texts.hpp"

#include "tests/bench/editor.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/plain_delta.hpp"
#include "tests/bench/poll.hpp"

#include <fmt/format.h>

#include <optional>
#include <string_view>

namespace mosty::bench {
namespace {

using Message = simdjson::dom::element;

std::string_view kind_of(Message message) {
    return message["a"].get_string();
}

// rich-text gives a delta as {"ops":[…]}; an op that needed no re-basing stands as it was sent.
text::Delta delta_of(Message value) {
    return read_delta(value.is_object() ? Message(value["ops"]) : value);
}

// The snapshot of an answer to fetch or subscribe; nothing when there is no such text.
std::optional<Content> snapshot_of(Message answer) {
    const Message snapshot = answer["data"];
    if (snapshot["type"].is_null())
        return {};
    return Content{snapshot["v"].get_uint64(), delta_of(snapshot["data"])};
}

class ShareDbWire final : public TextWire {
public:
    ShareDbWire(std::uint16_t port, std::string document, std::string name, simdjson::dom::parser& parser)
        : socket_(port, ""), document_(std::move(document)), name_(std::move(name)), parser_(parser) {
        socket_.say(fmt::format(R"({{"a":"hs","id":"{}","protocol":1,"protocolMinor":2}})", name_));
        socket_.flush();
    }

    WebSocketClient& socket() override { return socket_; }
    std::string_view name() const override { return name_; }

    void subscribe() {
        socket_.say(fmt::format(R"({{"a":"s","c":"texts","d":"{}"}})", document_));
        socket_.flush();
    }

    // Waits for the text as it is.
    std::optional<Content> fetch() {
        socket_.say(fmt::format(R"({{"a":"f","c":"texts","d":"{}"}})", document_));
        std::optional<Content> content;
        wait_for("f", [&](Message answer) { content = snapshot_of(answer); });
        return content;
    }

    void create() {
        socket_.say(fmt::format(
            R"({{"a":"op","c":"texts","d":"{}","v":0,"src":"{}","seq":1,"create":{{"type":"rich-text","data":[{{"insert":"\n"}}]}}}})",
            document_, name_));
        wait_for("op", [](Message) {});
    }

    void add_edit(std::uint64_t base, std::uint64_t sequence, const text::Delta& change) override {
        message_ = fmt::format(R"({{"a":"op","c":"texts","d":"{}","v":{},"src":"{}","seq":{},"op":{{"ops":)",
                               document_, base, name_, sequence);
        append_json(message_, change);
        message_ += "}}";
        socket_.say(message_);
    }

    void flush() override { socket_.flush(); }

    void read(TextHearer& hearer) override {
        for_each_message([&](Message message) {
            const std::string_view kind = kind_of(message);
            if (kind == "op")
                take_edit(message, hearer);
            else if (kind == "s")
                take_content(message, hearer);
            else if (kind != "init" && kind != "hs")
                give_up("ShareDB says {}", simdjson::minify(message));
        });
    }

private:
    void take_content(Message message, TextHearer& hearer) {
        auto content = snapshot_of(message);
        if (!content)
            give_up("{} is not there", document_);
        version_ = content->revision;
        hearer.hear_content(std::move(*content));
        hearer.hear_current();
    }

    // What was missing comes with the answer to one's own edit and then once more by the subscription.
    void take_edit(Message message, TextHearer& hearer) {
        const std::uint64_t version = message["v"].get_uint64();
        HeardEdit edit{version + 1, message["src"].get_string(), message["seq"].get_uint64()};
        if (version < version_ && edit.writer != name_)
            return;
        version_ = edit.revision;
        if (edit.writer == name_) {
            hearer.hear_edit(edit);
            hearer.hear_accepted(edit.sequence);
            return;
        }
        const text::Delta change = delta_of(message["op"]);
        edit.change = &change;
        hearer.hear_edit(edit);
    }

    template <class Hear>
    void for_each_message(Hear&& hear) {
        socket_.read([&](std::string_view text) {
            const Message message = parser_.parse(text.data(), text.size());
            if (message["error"].error() == simdjson::SUCCESS)
                give_up("ShareDB refuses: {}", text);
            hear(message);
        });
    }

    template <class Hear>
    void wait_for(std::string_view kind, Hear&& hear) {
        Poll poll;
        poll.add(socket_.descriptor(), 0);
        socket_.flush();
        bool came = false;
        while (!came) {
            if (poll.wait(10'000).empty())
                give_up("ShareDB does not answer within ten seconds");
            for_each_message([&](Message message) {
                if (kind_of(message) != kind)
                    return;
                came = true;
                hear(message);
            });
        }
    }

    WebSocketClient socket_;
    const std::string document_;
    const std::string name_;
    simdjson::dom::parser& parser_;
    std::uint64_t version_ = 0;
    std::string message_;
};

std::string document_of(std::size_t text) {
    return fmt::format("text-{}", text);
}

} // namespace

ShareDbTexts::ShareDbTexts(std::uint16_t port) : port_(port), run_(run_name()) {}

std::unique_ptr<TextWire> ShareDbTexts::open(std::size_t text) {
    const std::string document = document_of(text);
    ShareDbWire maker(port_, document, fmt::format("{}-maker-{}", run_, opened_), parser_);
    if (!maker.fetch())
        maker.create();
    auto wire =
        std::make_unique<ShareDbWire>(port_, document, fmt::format("{}-{}", run_, opened_++), parser_);
    wire->subscribe();
    return wire;
}

Content ShareDbTexts::content_of(std::size_t text) {
    ShareDbWire reader(port_, document_of(text), run_ + "-reader", parser_);
    auto content = reader.fetch();
    if (!content)
        give_up("ShareDB has forgotten text {}", text);
    return std::move(*content);
}

} // namespace mosty::bench
