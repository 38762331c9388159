#pragma once

#include "domain/base/ids.hpp"
#include "domain/base/result.hpp"
#include "server/sealing/cipher.hpp"
#include "storage/merkle/hash.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Everything that is needed to check a proposal's history without the server: one JSON file.
//
//   {"format":"mosty.evidence.v1","origin":"…","log":"<log id>","key":"<vkey>","stream":"proposal/p-1",
//    "size":N,"at":A,"checkpoint":"<signed note>",
//    "events":[{"position":5,"entry":"<the stored bytes>"}],"keys":{"k-…":"<base 64>","k-…":null},
//    "nodes":["<base 64>"],
//    "content":{"proposal":{…},"texts":{"<section>":{"revision":n,"content":[…]}}}}
//
// The checkpoint is of size N, the events are all of the proposal's, its texts', its partnership's and its
// partners' in the registers that stand before N, and the content is what they say as of size A, which is not
// above N. `keys` open the events that are sealed, those of texts; a key that is destroyed is null. It is
// absent where nothing is sealed.
namespace mosty::evidence {

inline constexpr std::string_view bundle_format = "mosty.evidence.v1";
inline constexpr std::size_t bundle_bytes_max = 512u << 20;

struct TextContent {
    Revision revision = 0;
    std::string content; // a JSON list of inserts
};

struct Content {
    std::string proposal = "{}";                           // JSON, the view's value
    std::map<std::string, TextContent, std::less<>> texts; // by section, those with events
};

struct BundledEvent {
    Position position = 0;
    std::string entry;
};

// Opens the sealed events; nothing: it is destroyed, and what they said is forgotten.
using BundledKey = std::optional<sealing::Key>;

struct Bundle {
    std::string origin;
    std::string log_id;
    std::string key; // as a vkey
    std::string stream;
    Size size = 0;
    Size at = 0;
    std::string checkpoint;
    std::vector<BundledEvent> events;                    // positions ascend
    std::map<std::string, BundledKey, std::less<>> keys; // by name, those under which events are sealed
    std::vector<storage::merkle::Hash> nodes;
    Content content;
};

std::string to_json(const Bundle& bundle);

// Reads a bundle back, strictly: each member known and there, none twice, at any depth; no white space or
// order is asked for. `at` may be absent and is then the size. The error is a sentence.
Result<Bundle, std::string> parse_bundle(std::string_view json);

} // namespace mosty::evidence
