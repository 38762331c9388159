#pragma once

#include "server/audit/checkpoint.hpp"
#include "storage/merkle/hash.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What a log asks of a witness, C2SP tlog-witness v1.0.0: the body of POST /add-checkpoint.
//
//   old 20852014
//   PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
//                                                      (an empty line, then the checkpoint)
namespace mosty::audit {

inline constexpr std::size_t proof_hashes_max = 63;
inline constexpr std::string_view size_content_type = "text/x.tlog.size";

struct AddCheckpoint {
    Size old_size = 0;                        // what the witness is thought to have cosigned last
    std::vector<storage::merkle::Hash> proof; // that the tree of that size begins the one of the checkpoint
    SignedCheckpoint checkpoint;              // not verified yet
};

Result<AddCheckpoint, NoteError> parse_add_checkpoint(std::string_view body);

std::string format_add_checkpoint(Size old_size, std::span<const storage::merkle::Hash> proof,
                                  std::string_view note);

} // namespace mosty::audit
