#pragma once

#include "domain/base/result.hpp"
#include "domain/codec/entry.hpp"
#include "domain/text/state.hpp"

#include <string>
#include <string_view>

namespace mosty::codec {

// Append what is said about a text as JSON objects; the members are those of the frame `text`.
void append_thread(std::string& out, const text::Thread& thread);
void append_suggestion(std::string& out, const text::Suggestion& suggestion);
void append_version(std::string& out, const text::NamedVersion& named);

// The whole state but its recent changes, as JSON: what a fold can go on from. Derived data, made anew when
// its form changes.
std::string encode_text_state(const text::State& state);

// Reads it back. Refuses other bytes.
Result<text::State, DecodeError> decode_text_state(std::string_view bytes);

} // namespace mosty::codec
