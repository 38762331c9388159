#pragma once

#include "domain/base/result.hpp"

#include <filesystem>
#include <string>

namespace mosty::sealing {

// Wraps every key of a folder by a new master key. The caller holds the folder's lock.
//
// Of the folder's own master key: the new one is first kept as DIR/master.key.next, then DIR/keys is replaced
// in one step by the same keys wrapped by it, then it takes the place of the old one. Whenever this is cut
// short, the key that DIR/keys names is there; end_rotation() puts it in its place.
//
// Of one that is kept elsewhere, in `from` or MOSTY_MASTER_KEY: the new one is `to`, a file that is made when
// it is not there, and the server must be told of it by whoever runs it.
//
// Answers the new master key's name. The error is a sentence, and the keys are as they were.
Result<std::string, std::string> rotate(const std::filesystem::path& data, const std::filesystem::path& from,
                                        const std::filesystem::path& to);

// Ends a rotation that was cut short; nothing when there is none. The caller holds the folder's lock.
Result<void, std::string> end_rotation(const std::filesystem::path& data);

} // namespace mosty::sealing
