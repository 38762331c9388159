#pragma once

#include "domain/codec/delta.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>

namespace mosty::test {

// The delta that this JSON is, read as a recorded one.
inline text::Delta delta_of(std::string_view json) {
    simdjson::dom::parser parser;
    text::Delta delta;
    const auto fault = codec::read_value({codec::Origin::recorded, "change"},
                                         parser.parse(json.data(), json.size()), codec::DeltaRule{}, delta);
    INFO(json << ": " << (fault ? fault->sentence : std::string()));
    REQUIRE_FALSE(fault.has_value());
    return delta;
}

inline std::string json_of(const text::Delta& delta) {
    std::string json;
    codec::write_value(json, delta);
    return json;
}

} // namespace mosty::test
