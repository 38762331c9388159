#pragma once

#include "tests/bench/programme.hpp"
#include "tests/bench/texts.hpp"

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace mosty::bench {

// The sections of the bench's proposals: text n belongs to the n-th. The officers of both towns write in
// turn.
class MostyTexts final : public TextServer {
public:
    MostyTexts(std::uint16_t port, std::string section);

    std::unique_ptr<TextWire> open(std::size_t text) override;
    Content content_of(std::size_t text) override;

    // The body of GET /v1/texts/…, which must be there.
    std::string look(std::size_t text, std::string_view rest);

private:
    std::string stream_of(std::size_t text) const;
    std::string new_client(std::size_t text, const std::string& cookie);
    const std::string& officer_cookie(std::size_t text, bool of_ua);

    Programme programme_;
    const std::string section_;
    std::size_t opened_ = 0;
    simdjson::dom::parser parser_;
};

} // namespace mosty::bench
