// Computes with deltas for another program, line by line: tests/differential holds the answers against
// quill-delta.
//
//   {"check":[document, first, second, third, position]}
//       → [first as read, compose(document, first), compose(first, third),
//          transform(first, second) with either priority, transform_position(first, position) with either,
//          invert(first, document)]
//   {"send": anything}  → what a sent delta is read as, or the word of its refusal
//   an empty line       → an empty line, and all answers so far are written out

#include "domain/codec/delta.hpp"
#include "domain/codec/json_writer.hpp"

#include <iostream>
#include <stdexcept>

using namespace mosty;
using text::Delta;
using text::Priority;

namespace {

Delta read_delta(codec::Element element) {
    Delta delta;
    if (const auto fault =
            codec::read_value({codec::Origin::recorded, "delta"}, element, codec::DeltaRule{}, delta))
        throw std::runtime_error(fault->sentence);
    return delta;
}

void append_check(std::string& out, simdjson::dom::array given) {
    const Delta document = read_delta(given.at(0));
    const Delta first = read_delta(given.at(1));
    const Delta second = read_delta(given.at(2));
    const Delta third = read_delta(given.at(3));
    const auto position = static_cast<std::size_t>(std::int64_t{given.at(4)});

    const auto append_delta = [&](const Delta& delta) {
        codec::write_value(out, delta);
        out += ',';
    };
    const auto append_position = [&](Priority priority) {
        codec::append_integer(out, static_cast<std::int64_t>(transform_position(first, position, priority)));
        out += ',';
    };
    out += '[';
    append_delta(first);
    append_delta(compose(document, first));
    append_delta(compose(first, third));
    append_delta(transform(first, second, Priority::first));
    append_delta(transform(first, second, Priority::second));
    append_position(Priority::first);
    append_position(Priority::second);
    append_delta(invert(first, document));
    out.back() = ']';
}

void append_sent(std::string& out, codec::Element element) {
    Delta delta;
    const auto fault = codec::read_value({codec::Origin::sent, "change"}, element, codec::DeltaRule{}, delta);
    if (fault)
        codec::append_string(out, to_string(fault->code));
    else
        codec::write_value(out, delta);
}

void answer(simdjson::dom::parser& parser, const std::string& line, std::string& out) {
    const simdjson::dom::object request = parser.parse(line);
    codec::Element given;
    if (request["check"].get(given) == simdjson::SUCCESS)
        append_check(out, given);
    else
        append_sent(out, request["send"]);
}

} // namespace

int main() try {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    simdjson::dom::parser parser;
    std::string line;
    std::string out;
    while (std::getline(std::cin, line)) {
        const bool is_end_of_batch = line.empty();
        if (!is_end_of_batch)
            answer(parser, line, out);
        out += '\n';
        if (!is_end_of_batch)
            continue;
        std::cout << out << std::flush;
        out.clear();
    }
    return 0;
} catch (const std::exception& fault) {
    std::cerr << "mosty_delta_pipe: " << fault.what() << '\n';
    return 1;
}
