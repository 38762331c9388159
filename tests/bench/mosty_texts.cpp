#include "tests/bench/mosty_texts.hpp"

#include "tests/bench/measure.hpp"
#include "tests/bench/plain_delta.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <iterator>
#include <utility>

namespace mosty::bench {
namespace {

using Json = simdjson::dom::element;

constexpr std::size_t edits_a_message = 64; // the most that the server takes

class MostyWire final : public TextWire {
public:
    MostyWire(std::uint16_t port, std::string_view cookie, std::string stream, std::string client,
              simdjson::dom::parser& parser)
        : socket_(port, cookie), stream_(std::move(stream)), client_(std::move(client)), parser_(parser) {
        socket_.say(fmt::format(R"({{"type":"follow","topic":"{}"}})", stream_));
        socket_.flush();
    }

    WebSocketClient& socket() override { return socket_; }
    std::string_view name() const override { return client_; }

    void add_edit(std::uint64_t base, std::uint64_t sequence, const text::Delta& change) override {
        message_ += message_.empty() ? '[' : ',';
        fmt::format_to(std::back_inserter(message_),
                       R"({{"type":"command","id":"{}-{}","stream":"{}","name":"edit_text",)"
                       R"("data":{{"client":"{}","sequence":{},"base":{},"change":)",
                       client_, sequence, stream_, client_, sequence, base);
        append_json(message_, change);
        message_ += "}}";
        if (++in_message_ == edits_a_message)
            end_message();
    }

    void flush() override {
        if (in_message_ != 0)
            end_message();
        socket_.flush();
    }

    void read(TextHearer& hearer) override {
        socket_.read([&](std::string_view text) {
            for (const Json frame : parser_.parse(text.data(), text.size()).get_array()) {
                const std::string_view type = frame["type"].get_string();
                if (type == "events")
                    take_events(frame, hearer);
                else if (type == "done")
                    take_done(frame, hearer);
                else if (type == "text")
                    take_part(frame, hearer);
                else if (type == "current")
                    hearer.hear_current();
                else if (type != "welcome")
                    give_up("{} is told {}", client_, simdjson::minify(frame));
            }
        });
    }

private:
    void end_message() {
        message_ += ']';
        socket_.say(message_);
        message_.clear();
        in_message_ = 0;
    }

    void take_part(Json frame, TextHearer& hearer) {
        content_.revision = frame["revision"].get_uint64();
        for (const text::Operation& operation : read_delta(frame["content"]).operations())
            content_.text.push(operation);
        if (frame["part"].get_uint64().value() + 1 == frame["parts"].get_uint64().value())
            hearer.hear_content(std::exchange(content_, {}));
    }

    void take_events(Json frame, TextHearer& hearer) {
        for (const Json event : frame["events"].get_array()) {
            const Json data = event["data"];
            if (std::string_view(event["type"]) != "text.edited" ||
                data["repair"].error() == simdjson::SUCCESS)
                give_up("{} hears of {}", client_, simdjson::minify(event));
            const text::Delta change = read_delta(data["change"]);
            hearer.hear_edit({event["revision"].get_uint64(), data["client"].get_string(),
                              data["sequence"].get_uint64(), &change});
        }
    }

    void take_done(Json frame, TextHearer& hearer) {
        const std::string_view id = frame["id"].get_string();
        if (!id.starts_with(client_) || std::uint64_t(frame["count"]) != 1)
            give_up("{} is told {}", client_, simdjson::minify(frame));
        hearer.hear_accepted(std::strtoull(std::string(id.substr(client_.size() + 1)).c_str(), nullptr, 10));
    }

    WebSocketClient socket_;
    const std::string stream_;
    const std::string client_;
    simdjson::dom::parser& parser_;
    std::string message_;
    std::size_t in_message_ = 0;
    Content content_; // as far as its parts have come
};

} // namespace

MostyTexts::MostyTexts(std::uint16_t port, std::string section)
    : programme_(port), section_(std::move(section)) {}

std::unique_ptr<TextWire> MostyTexts::open(std::size_t text) {
    const std::string& cookie = officer_cookie(text, opened_++ % 2 == 0);
    return std::make_unique<MostyWire>(programme_.port(), cookie, stream_of(text), new_client(text, cookie),
                                       parser_);
}

Content MostyTexts::content_of(std::size_t text) {
    const std::string body = look(text, "");
    const Json answer = parser_.parse(body);
    return {answer["revision"].get_uint64(), read_delta(answer["content"])};
}

std::string MostyTexts::look(std::size_t text, std::string_view rest) {
    const std::string target =
        fmt::format("/v1/texts/{}{}", stream_of(text).substr(std::string_view("text/").size()), rest);
    HttpAnswer answer = ask(programme_.port(), "GET", target, programme_.cookie_of(programme_.auditor()));
    if (answer.status != 200)
        give_up("{} is answered {}: {}", target, answer.status, answer.body);
    return std::move(answer.body);
}

std::string MostyTexts::stream_of(std::size_t text) const {
    return fmt::format("text/{}/{}", Programme::proposal_stream(text), section_);
}

std::string MostyTexts::new_client(std::size_t text, const std::string& cookie) {
    const auto answer = ask(programme_.port(), "POST", "/v1/clients", cookie,
                            fmt::format(R"({{"stream":"{}"}})", stream_of(text)));
    if (answer.status != 200)
        give_up("no new writer of {}: {}", stream_of(text), answer.body);
    return std::string(parser_.parse(answer.body)["client"].get_string().value());
}

const std::string& MostyTexts::officer_cookie(std::size_t text, bool of_ua) {
    const Partnership& partnership = programme_.partnership_of(text);
    return programme_.cookie_of(of_ua ? partnership.ua_officer : partnership.eu_officer);
}

} // namespace mosty::bench
