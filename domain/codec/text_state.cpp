#include "domain/codec/text_state.hpp"

#include "domain/base/utf16.hpp"
#include "domain/codec/delta.hpp"
#include "domain/codec/json_writer.hpp"
#include "domain/codec/time.hpp"

#include <simdjson.h>

#include <charconv>
#include <utility>

namespace mosty::codec {

namespace {

using text::Signature;

void append_member(std::string& out, std::string_view opening, std::string_view text) {
    out += opening;
    append_string(out, text);
}

// Appends `"actor":"…","at":"…"`.
void append_signature(std::string& out, const Signature& by) {
    append_member(out, R"("actor":)", by.actor.text());
    out += R"(,"at":")";
    append_time(out, by.at_ms);
    out += '"';
}

void append_signed(std::string& out, std::string_view opening, const std::optional<std::string>& note,
                   const Signature& by) {
    out += opening;
    if (note) {
        append_member(out, R"("note":)", *note);
        out += ',';
    }
    append_signature(out, by);
    out += '}';
}

void append_number(std::string& out, std::string_view opening, std::uint64_t number) {
    out += opening;
    append_integer(out, static_cast<std::int64_t>(number));
}

} // namespace

void append_thread(std::string& out, const text::Thread& thread) {
    append_member(out, R"({"kind":)", to_string(thread.kind));
    append_number(out, R"(,"from":)", thread.anchor.range.from);
    append_number(out, R"(,"to":)", thread.anchor.range.to);
    append_member(out, R"(,"quote":)", thread.quote);
    append_member(out, R"(,"body":)", thread.body);
    out += ',';
    append_signature(out, thread.by);
    append_number(out, R"(,"revision":)", thread.revision);
    out += R"(,"replies":[)";
    for (const text::ThreadReply& reply : thread.replies) {
        out += out.back() == '[' ? "{" : ",{";
        append_signature(out, reply.by);
        append_member(out, R"(,"body":)", reply.body);
        out += '}';
    }
    out += ']';
    if (thread.anchor.orphaned)
        out += R"(,"orphaned":true)";
    if (thread.resolved)
        append_signed(out, R"(,"resolved":{)", std::nullopt, *thread.resolved);
    if (thread.answer) {
        append_member(out, R"(,"answer":{"answer":)", to_string(thread.answer->answer));
        append_signed(out, ",", thread.answer->note, thread.answer->by);
    }
    out += '}';
}

void append_suggestion(std::string& out, const text::Suggestion& suggestion) {
    append_member(out, R"({"quote":)", suggestion.quote);
    if (suggestion.status == text::SuggestionStatus::open) {
        out += R"(,"change":)";
        write_value(out, suggestion.change);
    }
    if (suggestion.note)
        append_member(out, R"(,"note":)", *suggestion.note);
    out += ',';
    append_signature(out, suggestion.by);
    if (suggestion.organisation)
        append_member(out, R"(,"organisation":)", suggestion.organisation->text());
    append_number(out, R"(,"revision":)", suggestion.revision);
    append_member(out, R"(,"status":)", to_string(suggestion.status));
    if (suggestion.orphaned)
        out += R"(,"orphaned":true)";
    if (suggestion.answered)
        append_signed(out, R"(,"answer":{)", suggestion.answer_note, *suggestion.answered);
    out += '}';
}

void append_version(std::string& out, const text::NamedVersion& named) {
    append_member(out, R"({"version":)", named.id.text());
    append_member(out, R"(,"name":)", named.name);
    append_number(out, R"(,"revision":)", static_cast<std::uint64_t>(named.revision));
    out += ',';
    append_signature(out, named.by);
    out += '}';
}

namespace {

template <class Table, class Append>
void append_table(std::string& out, std::string_view opening, const Table& table, const Append& append) {
    out += opening;
    for (const auto& [id, item] : table) {
        if (out.back() != '{')
            out += ',';
        append_string(out, id.text());
        out += ':';
        append(out, item);
    }
    out += '}';
}

// Length, revision less that of the run before, and offset of each run: small numbers where people type on.
void append_marks(std::string& out, const text::Content& content) {
    struct {
        text::Mark mark;
        std::uint32_t length = 0;
    } run;
    Revision last = 0;
    const auto write = [&] {
        if (out.back() != '[')
            out += ',';
        append_integer(out, run.length);
        out += ',';
        append_integer(out, static_cast<std::int64_t>(run.mark.revision - last));
        out += ',';
        append_integer(out, run.mark.offset);
        last = run.mark.revision;
    };
    content.for_each_run([&](std::u16string_view, const text::Run& next) {
        const bool goes_on = run.length > 0 && next.mark.revision == run.mark.revision &&
                             next.mark.offset == run.mark.offset + run.length;
        if (goes_on) {
            run.length += next.length;
            return;
        }
        if (run.length > 0)
            write();
        run = {next.mark, next.length};
    });
    if (run.length > 0)
        write();
}

void append_client(std::string& out, const text::Client& client) {
    append_member(out, R"({"actor":)", client.actor.text());
    append_number(out, R"(,"sequence":)", static_cast<std::uint64_t>(client.sequence));
    append_number(out, R"(,"revision":)", client.revision);
    out += '}';
}

} // namespace

std::string encode_text_state(const text::State& state) {
    std::string out;
    append_number(out, R"({"revision":)", state.revision);
    out += R"(,"content":)";
    write_value(out, state.content.document());
    out += R"(,"marks":[)";
    append_marks(out, state.content);
    append_table(out, R"(],"clients":{)", state.clients, append_client);
    append_table(out, R"(,"threads":{)", state.threads, append_thread);
    append_table(out, R"(,"suggestions":{)", state.suggestions, append_suggestion);
    out += R"(,"versions":[)";
    for (const text::NamedVersion& named : state.versions) {
        if (out.back() != '[')
            out += ',';
        append_version(out, named);
    }
    out += R"(],"authors":[)";
    for (const ActorId& author : state.authors) {
        if (out.back() != '[')
            out += ',';
        append_string(out, author.text());
    }
    out += R"(],"bursts":[)";
    for (const text::Burst& burst : state.bursts) {
        append_number(out, out.back() == '[' ? "" : ",", burst.from);
        append_number(out, ",", burst.to - burst.from);
        append_number(out, ",", burst.author);
        append_number(out, ",", static_cast<std::uint64_t>(burst.at_ms));
        append_number(out, ",", static_cast<std::uint64_t>(burst.until_ms - burst.at_ms));
    }
    out += ']';
    if (state.erased_to > 0)
        append_number(out, R"(,"erased_to":)", state.erased_to);
    if (state.erased)
        out += R"(,"erased":true)";
    return out + '}';
}

namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

// Reads members that our own writer wrote; the first that is not so is remembered.
class Reading {
public:
    explicit Reading(std::string& fault) : fault_(fault) {}

    template <class T>
    T take(object from, std::string_view member) {
        T value{};
        if (from[member].get(value) != simdjson::SUCCESS)
            refuse(member);
        return value;
    }

    std::string text(object from, std::string_view member) {
        return std::string(take<std::string_view>(from, member));
    }

    std::optional<std::string> optional_text(object from, std::string_view member) {
        std::string_view value;
        if (from[member].get(value) != simdjson::SUCCESS)
            return std::nullopt;
        return std::string(value);
    }

    // 0 when it is absent.
    std::uint64_t optional_number(object from, std::string_view member) {
        return from[member].error() == simdjson::NO_SUCH_FIELD ? 0 : take<std::uint64_t>(from, member);
    }

    std::optional<object> optional_object(object from, std::string_view member) {
        object value;
        if (from[member].get(value) != simdjson::SUCCESS)
            return std::nullopt;
        return value;
    }

    // The elements of a list, each of which must be a T.
    template <class T>
    std::vector<T> list(object from, std::string_view member) {
        std::vector<T> items;
        array elements;
        if (from[member].get(elements) != simdjson::SUCCESS) {
            refuse(member);
            return items;
        }
        items.reserve(elements.size());
        for (const element each : elements)
            if (each.get(items.emplace_back()) != simdjson::SUCCESS)
                refuse(member);
        return failed() ? std::vector<T>() : items;
    }

    template <class Enum>
    Enum word(object from, std::string_view member) {
        const auto value = from_word<Enum>(take<std::string_view>(from, member));
        if (!value)
            refuse(member);
        return value.value_or(Enum{});
    }

    Signature signature(object from) {
        const auto at = parse_time(take<std::string_view>(from, "at"));
        if (!at)
            refuse("at");
        return {ActorId(text(from, "actor")), at.value_or(0)};
    }

    text::Delta delta(object from, std::string_view member) {
        text::Delta delta;
        element value;
        if (from[member].get(value) != simdjson::SUCCESS ||
            read_value(Place{Origin::recorded, member}, value, DeltaRule{}, delta))
            refuse(member);
        return delta;
    }

    void refuse(std::string_view member) {
        if (fault_.empty())
            fault_ = "the member " + std::string(member) + " is none that we write";
    }

    bool failed() const { return !fault_.empty(); }

private:
    std::string& fault_;
};

// Puts the text and its formats together with the marks.
void read_content(Reading& reading, const text::Delta& document, const std::vector<std::int64_t>& marks,
                  text::Content& out) {
    out.clear();
    std::size_t next = 0;
    std::uint32_t left = 0;
    text::Mark mark;
    for (const text::Operation& operation : document.operations()) {
        if (operation.kind != text::Operation::Kind::insert)
            return reading.refuse("content");
        std::u16string_view text = operation.text;
        while (!text.empty()) {
            if (left == 0) {
                if (next + 3 > marks.size() || marks[next] < 1)
                    return reading.refuse("marks");
                left = static_cast<std::uint32_t>(marks[next]);
                mark.revision += static_cast<Revision>(marks[next + 1]);
                mark.offset = static_cast<std::uint32_t>(marks[next + 2]);
                next += 3;
            }
            const auto length = static_cast<std::uint32_t>(std::min<std::size_t>(left, text.size()));
            out.append(text.substr(0, length), {mark, length, operation.attributes});
            text.remove_prefix(length);
            mark.offset += length;
            left -= length;
        }
    }
    if (left > 0 || next != marks.size())
        reading.refuse("marks");
}

text::Thread read_thread(Reading& reading, object from) {
    text::Thread thread;
    thread.kind = reading.word<text::ThreadKind>(from, "kind");
    thread.anchor = {{reading.take<std::uint64_t>(from, "from"), reading.take<std::uint64_t>(from, "to")},
                     from["orphaned"].error() == simdjson::SUCCESS};
    thread.quote = reading.text(from, "quote");
    thread.body = reading.text(from, "body");
    thread.by = reading.signature(from);
    thread.revision = reading.take<std::uint64_t>(from, "revision");
    for (const object reply : reading.list<object>(from, "replies"))
        thread.replies.push_back({reading.signature(reply), reading.text(reply, "body")});
    if (const auto resolved = reading.optional_object(from, "resolved"))
        thread.resolved = reading.signature(*resolved);
    if (const auto answer = reading.optional_object(from, "answer"))
        thread.answer = text::Answer{reading.word<text::AdviceAnswer>(*answer, "answer"),
                                     reading.optional_text(*answer, "note"), reading.signature(*answer)};
    return thread;
}

text::Suggestion read_suggestion(Reading& reading, object from) {
    text::Suggestion suggestion;
    suggestion.status = reading.word<text::SuggestionStatus>(from, "status");
    if (suggestion.status == text::SuggestionStatus::open)
        suggestion.change = reading.delta(from, "change");
    suggestion.orphaned = from["orphaned"].error() == simdjson::SUCCESS;
    suggestion.quote = reading.text(from, "quote");
    suggestion.note = reading.optional_text(from, "note");
    suggestion.by = reading.signature(from);
    if (auto organisation = reading.optional_text(from, "organisation"))
        suggestion.organisation = OrganisationId(std::move(*organisation));
    suggestion.revision = reading.take<std::uint64_t>(from, "revision");
    if (const auto answer = reading.optional_object(from, "answer")) {
        suggestion.answered = reading.signature(*answer);
        suggestion.answer_note = reading.optional_text(*answer, "note");
    }
    return suggestion;
}

void read_bursts(Reading& reading, const std::vector<std::int64_t>& numbers, text::State& state) {
    if (numbers.size() % 5 != 0)
        return reading.refuse("bursts");
    for (std::size_t i = 0; i < numbers.size(); i += 5) {
        const auto from = static_cast<Revision>(numbers[i]);
        const auto author = static_cast<std::uint32_t>(numbers[i + 2]);
        if (author >= state.authors.size())
            return reading.refuse("bursts");
        state.bursts.push_back({from, from + static_cast<Revision>(numbers[i + 1]), author, numbers[i + 3],
                                numbers[i + 3] + numbers[i + 4]});
    }
}

template <class Id, class Item, class Read>
void read_table(Reading& reading, object from, std::string_view member, std::map<Id, Item>& out,
                const Read& read) {
    const auto table = reading.optional_object(from, member);
    if (!table)
        return reading.refuse(member);
    for (const auto& [key, value] : *table) {
        object one;
        if (value.get(one) != simdjson::SUCCESS)
            return reading.refuse(member);
        out.emplace(Id(std::string(key)), read(reading, one));
    }
}

text::Client read_client(Reading& reading, object from) {
    return {ActorId(reading.text(from, "actor")), reading.take<std::int64_t>(from, "sequence"),
            reading.take<std::uint64_t>(from, "revision")};
}

} // namespace

Result<text::State, DecodeError> decode_text_state(std::string_view bytes) {
    thread_local simdjson::dom::parser parser;
    object whole;
    if (parser.parse(bytes.data(), bytes.size()).get(whole) != simdjson::SUCCESS)
        return std::unexpected(DecodeError{"this is not a JSON object"});
    std::string fault;
    Reading reading(fault);
    text::State state;
    state.revision = reading.take<std::uint64_t>(whole, "revision");
    const text::Delta document = reading.delta(whole, "content");
    const auto marks = reading.list<std::int64_t>(whole, "marks");
    if (!reading.failed())
        read_content(reading, document, marks, state.content);
    if (!reading.failed())
        read_table(reading, whole, "clients", state.clients, read_client);
    if (!reading.failed())
        read_table(reading, whole, "threads", state.threads, read_thread);
    if (!reading.failed())
        read_table(reading, whole, "suggestions", state.suggestions, read_suggestion);
    if (reading.failed())
        return std::unexpected(DecodeError{std::move(fault)});
    for (const object named : reading.list<object>(whole, "versions"))
        state.versions.push_back({text::VersionId(reading.text(named, "version")),
                                  reading.text(named, "name"), reading.take<std::int64_t>(named, "revision"),
                                  reading.signature(named)});
    for (const std::string_view author : reading.list<std::string_view>(whole, "authors"))
        state.authors.emplace_back(std::string(author));
    const auto bursts = reading.list<std::int64_t>(whole, "bursts");
    if (!reading.failed())
        read_bursts(reading, bursts, state);
    state.erased_to = reading.optional_number(whole, "erased_to");
    state.erased = whole["erased"].error() == simdjson::SUCCESS;
    if (reading.failed())
        return std::unexpected(DecodeError{std::move(fault)});
    return state;
}

} // namespace mosty::codec
