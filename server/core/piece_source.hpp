#pragma once

#include <functional>
#include <string>

namespace mosty::core {

// A part of a long answer.
struct Piece {
    enum class Then {
        more, // ask for the next one
        end,  // this was the last
        cut,  // the answer is not whole, and the reader must see that it is not
    };

    std::string bytes;
    Then then = Then::more;
};

// A long answer, made while it is read: the next piece is asked for when the one before was taken, so its
// reader's pace is the pace of all of it.
//
// Threads: any, one call at a time. Destroying it ends the answer.
class PieceSource {
public:
    virtual ~PieceSource() = default;

    // `take` is called once, on any thread, maybe only after a long time. Not before the last one was called.
    virtual void next(std::move_only_function<void(Piece)> take) = 0;

    // The reader is gone: a `take` that waits is called now, with `cut`.
    virtual void stop() = 0;
};

} // namespace mosty::core
