#pragma once

#include <optional>
#include <string>
#include <string_view>

// How an entry is stored whose data are sealed. It differs from the plain one in three members:
//
//   "datacontenttype":"application/vnd.mosty.sealed+json"
//   "commandhash":"sealed"
//   "data":{"key":"k-…","sealed":"<base 64 of nonce, ciphertext and tag>"}}
//
// What is sealed is the JSON object {"commandhash":"…","data":{…}} of the plain ones: a hash of what somebody
// said would let everybody try what it was. AES-256-GCM with a nonce of 12 bytes and a tag of 16. Every byte
// of the entry before the base 64 is authenticated with it, so that it opens nowhere else. Sealing itself is
// the server's: here is only where the bytes stand.
//
// Data whose key is destroyed are read as `"data":null`, which is never stored.
namespace mosty::codec {

// Whether these bytes of an entry are the sealed form.
bool is_sealed_entry(std::string_view entry);

struct SealedParts {
    std::string_view key;
    std::string_view bound; // what is authenticated beside the content
    std::string_view body;  // base 64
};

// Takes a sealed entry apart, into pieces of its bytes. Nothing when it is not in the sealed form.
std::optional<SealedParts> sealed_parts(std::string_view entry);

// What is sealed of a plain entry, which must be one.
std::string content_to_seal(std::string_view plain_entry);

// The beginning of the sealed form of a plain entry, up to where the base 64 begins, and what ends it.
std::string sealed_beginning(std::string_view plain_entry, std::string_view key);
inline constexpr std::string_view sealed_ending = "\"}}";

// The plain form of a sealed entry with this content; nothing when it is none that is ever sealed.
std::optional<std::string> opened_entry(std::string_view sealed_entry, std::string_view content);
// The same when the content is forgotten.
std::string erased_entry(std::string_view sealed_entry);

// How many bytes the sealed form of a plain entry has, under a key whose name has 28 characters.
std::size_t sealed_bytes(std::string_view plain_entry);

} // namespace mosty::codec
