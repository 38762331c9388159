#include "domain/base/text.hpp"
#include "domain/codec/command.hpp"
#include "domain/domain.hpp"
#include "server/tools/register_rows.hpp"
#include "tests/fuzz/fuzz.hpp"

// A register's file: each row becomes a command that is JSON, or is left out with a reason that can be told.
using namespace mosty;
using namespace mosty::tools;

namespace {

// Reading ends, whatever the bytes are: every row takes at least one of them.
template <class Reader>
std::size_t read_all(Reader& reader, std::size_t rows_max, const auto& see) {
    for (std::size_t rows = 0;; ++rows) {
        MOSTY_PROMISE(rows <= rows_max);
        const auto row = reader.next();
        if (!row) {
            MOSTY_PROMISE(!row.error().reason.empty());
            if (row.error().ends_reading)
                return rows;
            continue;
        }
        if (!*row)
            return rows;
        see(**row);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text{fuzz::text_of(data, size)};
    CsvReader rows(bytes_of(text));
    std::uint64_t line = 0;
    read_all(rows, size + 1, [&](const CsvRow& row) {
        MOSTY_PROMISE(row.line > line && !row.fields.empty());
        line = row.line;
    });

    auto reader = RegisterReader::open(bytes_of(text));
    if (!reader)
        return 0;
    read_all(*reader, size + 1, [](const RegisterCommand& command) {
        MOSTY_PROMISE(is_id(command.id));
        MOSTY_PROMISE(domain::kind_of(StreamId(command.stream)) == domain::Kind::municipality);
        static simdjson::dom::parser parser;
        simdjson::dom::element data_json;
        MOSTY_PROMISE(parser.parse(command.data_json).get(data_json) == simdjson::SUCCESS);
        const auto parsed = codec::parse_command(RegisterCommand::name, data_json);
        MOSTY_PROMISE(parsed || parsed.error().code != RejectionCode::malformed);
    });
    return 0;
}
