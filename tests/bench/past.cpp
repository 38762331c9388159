#include "tests/bench/past.hpp"

#include "domain/text/section.hpp"

#include <string_view>

// The past of a long log. scripts/bench shows every option in use.
//   bench_past fill --data DIR [--events N]
//   bench_past ask  --port N [--questions N]
int main(int argc, char** argv) {
    using namespace mosty::bench;
    const std::string_view mode = argc > 1 ? argv[1] : "";
    const Options options(argc, argv, 2);
    if (mode == "fill")
        fill_past(options);
    else if (mode == "ask")
        ask_past(options);
    else
        give_up("usage: bench_past fill | ask, then --name value …");
}

std::string mosty::bench::past_text(std::size_t number) {
    const StreamId owner(past_proposal(number / text::section_count));
    return text::text_stream(owner, static_cast<text::Section>(number % text::section_count)).text();
}
