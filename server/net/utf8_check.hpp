#pragma once

#include <string_view>

namespace mosty::net {

// Looks whether a text is UTF-8 while it comes in pieces, and knows at the first wrong byte.
class Utf8Check {
public:
    // False once the pieces so far cannot become UTF-8 any more.
    bool take(std::string_view piece);

    // Whether the text may end here: no letter is half there.
    bool is_whole() const { return continuations_ == 0; }

private:
    int continuations_ = 0; // bytes that the letter under way still needs
    // The bounds of the next one: narrower after some first bytes, so that no letter has two forms, is half
    // a surrogate pair or lies beyond U+10FFFF.
    unsigned char least_ = 0x80;
    unsigned char greatest_ = 0xbf;
};

} // namespace mosty::net
