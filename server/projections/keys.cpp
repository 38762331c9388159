#include "server/projections/keys.hpp"

#include "domain/base/invariant.hpp"

#include <initializer_list>

namespace mosty::projections::keys {
namespace {

constexpr std::size_t number_bytes = 8;

std::string joined(std::initializer_list<std::string_view> parts) {
    std::size_t length = number_bytes;
    for (const auto part : parts)
        length += part.size();
    std::string key;
    key.reserve(length);
    for (const auto part : parts)
        key += part;
    return key;
}

} // namespace

std::string_view records() {
    return "p/";
}

std::string records(std::string_view topic) {
    return joined({"p/", topic, "/"});
}

std::string record(std::string_view topic, Size size) {
    return at_size(records(topic), size);
}

std::string copies(std::string_view topic) {
    return joined({"c/", topic, "/"});
}

std::string at_size(std::string prefix, Size size) {
    append_number(prefix, size);
    return prefix;
}

Size size_at_end(std::string_view key) {
    MOSTY_INVARIANT(key.size() >= number_bytes, "the key ends with a size");
    return number_at(key, key.size() - number_bytes);
}

std::string row(std::string_view list, std::string_view id) {
    return joined({"r/", list, "/", id});
}

std::string members(std::string_view list_topic) {
    return joined({"l/", list_topic, "/"});
}

std::string left_members(std::string_view list_topic) {
    return joined({"g/", list_topic, "/"});
}

std::string_view totals() {
    return "t/";
}

std::string totals(std::string_view list_topic) {
    return joined({"t/", list_topic, "/"});
}

std::string_view feed_runs() {
    return "f/";
}

std::string feed_runs(std::string_view feed_topic) {
    return joined({"f/", feed_topic, "/"});
}

std::string feed_run(std::string_view feed_topic, Position first) {
    return at_size(feed_runs(feed_topic), first);
}

std::string related(std::string_view partnership_id) {
    return joined({"k/", partnership_id, "/"});
}

std::string_view text_traces() {
    return "x/";
}

std::string text_trace(std::string_view stream) {
    return joined({"x/", stream});
}

std::string text_states(std::string_view stream) {
    return joined({"y/", stream, "/"});
}

std::string_view text_states() {
    return "y/";
}

std::string_view words() {
    return "w/";
}

std::string_view names() {
    return "n/";
}

std::string_view views_hash() {
    return "h";
}

std::string_view noted_hashes() {
    return "h/";
}

std::string noted_hash(Size size) {
    return at_size(std::string(noted_hashes()), size);
}

void append_number(std::string& out, std::uint64_t number) {
    char bytes[number_bytes];
    for (std::size_t i = 0; i < number_bytes; ++i)
        bytes[i] = static_cast<char>(number >> (8 * (number_bytes - 1 - i)));
    out.append(bytes, number_bytes);
}

std::uint64_t number_at(std::string_view bytes, std::size_t offset) {
    MOSTY_INVARIANT(offset + number_bytes <= bytes.size(), "a stored number has eight bytes");
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < number_bytes; ++i)
        number = (number << 8) | static_cast<unsigned char>(bytes[offset + i]);
    return number;
}

} // namespace mosty::projections::keys
