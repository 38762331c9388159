#include "domain/codec/command.hpp"

#include "domain/base/text.hpp"
#include "domain/codec/fields.hpp"
#include "domain/codec/read_object.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace mosty::codec {

namespace {

template <class T>
concept Correction = requires(T command) { command.changes; };

template <class T>
concept Retractable = Correction<T> && requires(T command) { command.retracted; };

// Whether the member says "nothing": null, or text that is empty once trimmed.
bool is_nothing(Element element) {
    std::string_view text;
    return element.is_null() || (element.get(text) == simdjson::SUCCESS && trimmed(text).empty());
}

// In a form, an optional text left empty was not given. A correction must say what it corrects.
template <class T>
bool read_nothing(Place, Element element, bool optional, T&) {
    return optional && !Correction<T> && element.is_string() && is_nothing(element);
}

// An edit clears what it gives as nothing.
bool read_nothing(Place place, Element element, bool, proposal::Edit& edit) {
    if (place.field != to_string(proposal::Clearable::summary) || !is_nothing(element))
        return false;
    edit.cleared.push_back(proposal::Clearable::summary);
    return true;
}

constexpr std::array fixed_fields{
    "ua"sv,           "eu"sv,       "partnership"sv, "by"sv,
    "side"sv,         "version"sv,  "partners"sv,    "content_revision"sv,
    "content_hash"sv, "invented"sv, "country"sv,     "scheme"sv,
    "code"sv,
};
constexpr std::array content_fields{"title"sv, "summary"sv, "sectors"sv};

bool is_one_of(std::span<const std::string_view> names, std::string_view wanted) {
    return std::ranges::find(names, wanted) != names.end();
}

// A member that its fact does have, but that no correction replaces, deserves a better answer than "unknown".
template <Correction T>
Rejection explain(Rejection refused) {
    if (refused.code != RejectionCode::malformed)
        return refused;
    if (std::is_same_v<T, proposal::Correct> && is_one_of(content_fields, refused.field)) {
        refused.code = RejectionCode::not_correctable;
        refused.sentence = fmt::format("{}: this is content. Edit the draft instead.", refused.field);
    } else if (is_one_of(fixed_fields, refused.field)) {
        refused.code = RejectionCode::not_correctable;
        refused.sentence = fmt::format("{}: this is fixed for ever and cannot be corrected.", refused.field);
    }
    return refused;
}

// Reads the command `T`, one of those of the entity whose commands are `EntityCommand`.
template <class T, class EntityCommand>
Result<domain::Command, Rejection> read_command(simdjson::dom::object object) {
    T command{};
    const auto reads_nothing = [](Place place, Element element, bool optional, T& out) {
        return read_nothing(place, element, optional, out);
    };
    if (auto fault = read_object(Origin::sent, object, command, reads_nothing)) {
        if constexpr (Correction<T>)
            return std::unexpected(explain<T>(*std::move(fault)));
        else
            return std::unexpected(*std::move(fault));
    }
    if constexpr (Retractable<T>) {
        if (command.retracted && command.changes != decltype(command.changes){}) {
            return refuse(RejectionCode::invalid_field,
                          "retracted: take the fact back or correct its fields, not both at once.",
                          "retracted");
        }
    }
    return domain::Command(EntityCommand(std::move(command)));
}

using Reader = Result<domain::Command, Rejection> (*)(simdjson::dom::object);

template <class... Ts>
Reader find_reader(std::string_view wanted, std::type_identity<std::variant<Ts...>>) {
    Reader found = nullptr;
    const auto consider = [&]<class T>(std::type_identity<T>) {
        if (T::name == wanted)
            found = read_command<T, std::variant<Ts...>>;
    };
    (consider(std::type_identity<Ts>{}), ...);
    return found;
}

template <class... EntityCommands>
Reader find_reader_of_any(std::string_view wanted, std::type_identity<std::variant<EntityCommands...>>) {
    Reader found = nullptr;
    ((found = find_reader(wanted, std::type_identity<EntityCommands>{})) || ...);
    return found;
}

} // namespace

Result<domain::Command, Rejection> parse_command(std::string_view wanted, simdjson::dom::element data) {
    const Reader reader = find_reader_of_any(wanted, std::type_identity<domain::Command>{});
    if (!reader) {
        return refuse(
            RejectionCode::unknown_command,
            fmt::format("There is no command \"{}\". Reload the page, or look into the list of commands.",
                        wanted.substr(0, 64)));
    }
    simdjson::dom::object object;
    if (data.get(object) != simdjson::SUCCESS)
        return refuse(RejectionCode::malformed, "The data of a command must be an object.", "data");
    return reader(object);
}

} // namespace mosty::codec
