#include "domain/codec/entry.hpp"

#include "domain/base/invariant.hpp"
#include "domain/base/text.hpp"
#include "domain/codec/data.hpp"
#include "domain/codec/event_types.hpp"
#include "domain/codec/fields.hpp"
#include "domain/codec/json_writer.hpp"
#include "domain/codec/read_object.hpp"
#include "domain/codec/sealed_form.hpp"
#include "domain/codec/time.hpp"
#include "domain/codec/upcast.hpp"

#include <fmt/format.h>

#include <limits>
#include <optional>

namespace mosty::codec {

namespace {

// Appends `,"name":"text"`.
void append_member(std::string& out, std::string_view opening, std::string_view text) {
    out += opening;
    append_string(out, text);
}

void append_entry(std::string& out, const Envelope& envelope, const domain::Event& event) {
    append_member(out, R"({"specversion":"1.0","id":)", envelope.id.text());
    append_member(out, R"(,"source":)", envelope.source);
    append_member(out, R"(,"type":)", envelope.type);
    append_member(out, R"(,"subject":)", envelope.stream.text());
    out += R"(,"time":")";
    append_time(out, envelope.time_ms);
    out += R"(","datacontenttype":"application/json","schemaversion":)";
    append_integer(out, newest_version(event));
    out += R"(,"revision":)";
    append_integer(out, static_cast<std::int64_t>(envelope.revision));
    append_member(out, R"(,"actor":)", envelope.actor.text());
    append_member(out, R"(,"commandid":)", envelope.command.text());
    append_member(out, R"(,"commandhash":)", envelope.command_hash);
    out += R"(,"commandindex":)";
    append_integer(out, envelope.command_index);
    append_member(out, R"(,"correlationid":)", envelope.correlation.text());
    if (!envelope.cause.empty())
        append_member(out, R"(,"causationid":)", envelope.cause.text());
    out += R"(,"data":)";
    append_data(out, event);
    out += '}';
}

constexpr std::int64_t int_max = std::numeric_limits<int>::max();

// Walks the members of an entry in their fixed order. The first mismatch ends it, and `fault` says where.
class Members {
public:
    explicit Members(simdjson::dom::object object) : at_(object.begin()), end_(object.end()) {}

    bool next_is(std::string_view member) const { return at_ != end_ && at_.key() == member; }

    // The value of the next member, which must have this name.
    std::optional<Element> take(std::string_view member) {
        if (!fault.empty())
            return std::nullopt;
        if (!next_is(member)) {
            fault = fmt::format("the member {} is not in its place", member);
            return std::nullopt;
        }
        const Element value = at_.value();
        ++at_;
        return value;
    }

    std::string text(std::string_view member) {
        const auto value = take(member);
        std::string_view text;
        if (value && (value->get(text) != simdjson::SUCCESS || text.empty()))
            refuse_value(member);
        return std::string(text);
    }

    std::string identifier(std::string_view member) {
        std::string value = text(member);
        if (fault.empty() && !is_id(value))
            refuse_value(member);
        return value;
    }

    std::int64_t whole(std::string_view member, std::int64_t min, std::int64_t max) {
        const auto value = take(member);
        std::int64_t number = 0;
        if (value && (value->get(number) != simdjson::SUCCESS || number < min || number > max))
            refuse_value(member);
        return number;
    }

    void fixed(std::string_view member, std::string_view wanted) {
        if (text(member) != wanted && fault.empty())
            refuse_value(member);
    }

    // Whether it is the second of the two that it may be.
    bool one_of(std::string_view member, std::string_view first, std::string_view second) {
        const std::string value = text(member);
        if (value != first && value != second && fault.empty())
            refuse_value(member);
        return value == second;
    }

    void refuse_value(std::string_view member) {
        if (fault.empty())
            fault = fmt::format("the value of {} is none that we write", member);
    }

    bool at_end() const { return at_ == end_; }

    std::string fault;

private:
    simdjson::dom::object::iterator at_;
    simdjson::dom::object::iterator end_;
};

constexpr std::string_view plain_content = "application/json";
constexpr std::string_view sealed_content = "application/vnd.mosty.sealed+json";

struct Opened {
    Envelope envelope;
    Element data;
    bool sealed = false;
};

// Refuses what only a newer program can have written: reading it by today's table would be a guess.
Result<void, DecodeError> check_known(const Envelope& envelope) {
    const auto newest = newest_version(envelope.type);
    if (!newest)
        return std::unexpected(DecodeError{
            fmt::format(
                "unknown_event_type: there is no event type {} here; a newer version of Mosty may know it",
                envelope.type),
            DecodeError::Code::unknown_event_type});
    if (envelope.schema_version > *newest)
        return std::unexpected(DecodeError{
            fmt::format(
                "event_version_from_future: {} is stored in version {}, and this program knows it up to {}; "
                "use the newer version of Mosty that wrote it",
                envelope.type, envelope.schema_version, *newest),
            DecodeError::Code::event_version_from_future});
    return {};
}

Result<Opened, DecodeError> open(std::string_view bytes) {
    thread_local simdjson::dom::parser parser;
    simdjson::dom::object object;
    if (parser.parse(bytes.data(), bytes.size()).get(object) != simdjson::SUCCESS)
        return std::unexpected(DecodeError{"this is not a JSON object"});

    Members members(object);
    Opened opened;
    Envelope& envelope = opened.envelope;
    members.fixed("specversion", "1.0");
    envelope.id = EventId(members.identifier("id"));
    envelope.source = members.text("source");
    envelope.type = members.text("type");
    envelope.stream = StreamId(members.text("subject"));
    const auto time = parse_time(members.text("time"));
    if (time)
        envelope.time_ms = *time;
    else
        members.refuse_value("time");
    opened.sealed = members.one_of("datacontenttype", plain_content, sealed_content);
    envelope.schema_version = static_cast<int>(members.whole("schemaversion", 1, int_max));
    envelope.revision = static_cast<Revision>(members.whole("revision", 1, integer_max));
    envelope.actor = ActorId(members.identifier("actor"));
    envelope.command = CommandId(members.text("commandid"));
    envelope.command_hash = members.text("commandhash");
    envelope.command_index = static_cast<int>(members.whole("commandindex", 0, int_max));
    envelope.correlation = CommandId(members.text("correlationid"));
    if (members.next_is("causationid"))
        envelope.cause = EventId(members.identifier("causationid"));
    if (const auto data = members.take("data"))
        opened.data = *data;
    if (members.fault.empty() && !members.at_end())
        members.fault = "something stands after the data";
    if (members.fault.empty() && !domain::kind_of(envelope.stream))
        members.refuse_value("subject");
    if (members.fault.empty() && opened.sealed && !sealed_parts(bytes))
        members.refuse_value("data");
    if (!members.fault.empty())
        return std::unexpected(DecodeError{std::move(members.fault)});
    if (auto known = check_known(envelope); !known)
        return std::unexpected(std::move(known.error()));
    return opened;
}

// What is left of an event of this entity whose key is destroyed; nothing of one that is never sealed.
template <class EntityEvent>
std::optional<domain::Event> erased_event() {
    if constexpr (std::is_same_v<EntityEvent, person::Event>)
        return domain::Event(person::Event(person::Erased{}));
    else if constexpr (std::is_same_v<EntityEvent, text::Event>)
        return domain::Event(text::Event(text::Erased{}));
    else if constexpr (std::is_same_v<EntityEvent, sites::Event>)
        return domain::Event(sites::Event(sites::Erased{}));
    else
        return std::nullopt;
}

// Reads data as the event `T`, one of those of the entity whose events are `EntityEvent`.
template <class T, class EntityEvent>
Result<domain::Event, DecodeError> read_event(Element element) {
    if constexpr (is_sealed<T>)
        if (element.is_null())
            return *erased_event<EntityEvent>();
    simdjson::dom::object data;
    if (element.get(data) != simdjson::SUCCESS)
        return std::unexpected(DecodeError{"data is not an object"});
    T event{};
    const auto reads_nothing = [](Place, Element, bool, T&) { return false; };
    if (const auto fault = read_object(Origin::recorded, data, event, reads_nothing))
        return std::unexpected(DecodeError{fault->sentence});
    if constexpr (std::is_same_v<T, proposal::Drafted>) {
        if (event.partners.size() < 2)
            return std::unexpected(DecodeError{"a proposal has two partners at least"});
    }
    return domain::Event(EntityEvent(std::move(event)));
}

using Reader = Result<domain::Event, DecodeError> (*)(Element);

template <class... Ts>
Reader find_reader(std::string_view type, std::type_identity<std::variant<Ts...>>) {
    Reader found = nullptr;
    const auto consider = [&]<class T>(std::type_identity<T>) {
        if (T::type == type)
            found = read_event<T, std::variant<Ts...>>;
    };
    (consider(std::type_identity<Ts>{}), ...);
    return found;
}

template <class... EntityEvents>
Reader find_reader_of_any(std::string_view type, std::type_identity<std::variant<EntityEvents...>>) {
    Reader found = nullptr;
    ((found = find_reader(type, std::type_identity<EntityEvents>{})) || ...);
    return found;
}

} // namespace

std::string encode_entry(const Envelope& envelope, const domain::Event& event) {
    MOSTY_INVARIANT(envelope.type == domain::type_of(event), "an envelope names its own event");
    // Growing happens in a buffer that stays; the entry itself is allocated once, at its length.
    thread_local std::string buffer;
    buffer.clear();
    append_entry(buffer, envelope, event);
    return std::string(buffer);
}

Result<DecodedEntry, DecodeError> decode_entry(std::string_view bytes) {
    auto opened = open(bytes);
    if (!opened)
        return std::unexpected(std::move(opened.error()));
    Envelope& envelope = opened->envelope;
    const Reader reader = find_reader_of_any(envelope.type, std::type_identity<domain::Event>{});
    MOSTY_INVARIANT(reader != nullptr, "every known type can be read");
    if (opened->sealed)
        return std::unexpected(
            DecodeError{"its data are sealed and were not opened", DecodeError::Code::sealed});
    Element data = opened->data;
    if (const int newest = *newest_version(envelope.type);
        envelope.schema_version < newest && data.is_object()) {
        thread_local simdjson::dom::parser parser; // the other one holds the entry
        const std::string json = upcast(upcasters(), envelope.type, envelope.schema_version, newest,
                                        data.get_object().value_unsafe());
        MOSTY_INVARIANT(parser.parse(json).get(data) == simdjson::SUCCESS,
                        "an upcaster leaves a JSON object");
    }
    auto event = reader(data);
    if (!event)
        return std::unexpected(DecodeError{fmt::format("{}: {}", envelope.type, event.error().what)});
    if (static_cast<domain::Kind>(event->index()) != domain::kind_of(envelope.stream))
        return std::unexpected(DecodeError{"the event does not belong into its stream"});
    return DecodedEntry{std::move(envelope), *std::move(event)};
}

Result<Envelope, DecodeError> decode_envelope(std::string_view bytes) {
    auto opened = open(bytes);
    if (!opened)
        return std::unexpected(std::move(opened.error()));
    return std::move(opened->envelope);
}

} // namespace mosty::codec
