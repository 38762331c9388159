#include "server/sequencing/wish.hpp"

#include "server/sequencing/sha256.hpp"

namespace mosty::sequencing {

std::string hash_of(const StreamId& stream, std::string_view name, std::string_view data) {
    std::string whole;
    whole.reserve(stream.text().size() + name.size() + data.size() + 2);
    whole += stream.text();
    whole += '\n';
    whole += name;
    whole += '\n';
    whole += data;
    return sha256_hex(whole).substr(0, 32);
}

} // namespace mosty::sequencing
