#pragma once

#include "server/tools/csv.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mosty::tools {

// The two registers that we read, told apart by their first line:
// the hromadas of Ukraine (KSE Local Data Hub) and the local administrative units of the EU (Eurostat).
enum class Register { hromadas, eu_municipalities };

// One row as the data of a `register_municipality`.
struct RegisterCommand {
    static constexpr std::string_view name = "register_municipality";

    std::uint64_t line = 0;
    std::string id;        // "import-" and 32 hexadecimal digits of the SHA-256 of stream and data
    std::string stream;    // "municipality/UA32140010000049369"
    std::string data_json; // members in the order of domain/README.md
};

struct RowError {
    std::uint64_t line = 0;
    std::string reason;
    bool ends_reading = false; // the file cannot be read further; otherwise only this row is left out
};

// Turns a register's file into commands, row by row and in constant memory.
//
//   UA32140010000049369,Бишівська,Бишівська сільська громада,сільська,Фастівський,Київська,Бишів,…
//   {"name":"Byshiv","name_local":"Бишівська сільська громада","country":"UA","scheme":"katottg",…}
//
// A hromada's `name` is the official transliteration of its centre's name: it is the short name by which
// partners know it, as "Byshivska" is not. Some centres share a name; kind, district and region tell them
// apart. An EU unit keeps the register's name, both of a bilingual one; Greek and Bulgarian ones are
// transliterated and keep theirs as `name_local`. A missing value is left out, never made up.
class RegisterReader {
public:
    // Reads the first line. The error says that it is none of the two known ones, or why it cannot be read.
    static Result<RegisterReader, RowError> open(ByteSource source);

    Register which() const { return which_; }

    // The next row's command; nothing at the end.
    Result<std::optional<RegisterCommand>, RowError> next();

private:
    RegisterReader(CsvReader rows, Register which);

    CsvReader rows_;
    Register which_;
};

// The id of the municipality with this code: each character but A–Z a–z 0–9 _ is written as "-" and its
// two hexadecimal digits, so that no two codes share an id ("PT_01.2" gives "PT_01-2E2"). Nothing when
// that is empty or longer than an id may be.
std::optional<std::string> municipality_id(std::string_view code);

} // namespace mosty::tools
