#pragma once

#include "tests/bench/texts.hpp"

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace mosty::bench {

// ShareDB's texts, of its type rich-text: the wire protocol 1.2 of sharedb/lib/agent.js. One's own edits come
// back as an acknowledgement without their change.
class ShareDbTexts final : public TextServer {
public:
    explicit ShareDbTexts(std::uint16_t port);

    // A text that is not there yet is made, as empty as Mosty's are.
    std::unique_ptr<TextWire> open(std::size_t text) override;
    Content content_of(std::size_t text) override;

private:
    const std::uint16_t port_;
    const std::string run_;
    std::size_t opened_ = 0;
    simdjson::dom::parser parser_;
};

} // namespace mosty::bench
