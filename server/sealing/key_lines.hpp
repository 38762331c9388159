#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/sealing/keys.hpp"
#include "server/sealing/master_key.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// The lines of DIR/keys: see key_store.hpp.
namespace mosty::sealing {

std::string first_lines(const MasterKey& master);
std::string line_of(const DataKey& key, const MasterKey& master);
std::string checked_line(Size size);

struct StoredKeys {
    std::vector<DataKeyPtr> keys; // in the order of their making; those destroyed have no key
    Size checked = 0;
    std::size_t whole_bytes = 0; // a line that a crash cut short stands behind them
};

// Which master key wraps the keys of these lines.
Result<std::string, std::string> master_name_of(std::string_view bytes);

// Reads and unwraps. The error is a sentence that names the line.
Result<StoredKeys, std::string> read_key_lines(std::string_view bytes, const MasterKey& master);

} // namespace mosty::sealing
