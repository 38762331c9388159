#include "saved_log.hpp"

#include "domain/codec/index_keys.hpp"
#include "server/backup/folder.hpp"
#include "storage/merkle/tree.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

namespace mosty::test {

void SavedLog::grow_to(Size size) {
    history_.grow_to(size);
    while (log.size() < size) {
        std::vector<storage::NewEntry> batch;
        for (Position next = log.size(); next < size && batch.size() < 1'000; ++next)
            batch.push_back({bytes(next), codec::index_keys_of(bytes(next)).value()});
        REQUIRE(log.append(batch, log.size()).has_value());
    }
}

void SavedLog::sign() {
    const auto checkpoint = signed_checkpoint(key_.name(), log.size(),
                                              storage::merkle::root_at(log, log.size()).value(), secret_);
    heads.key = key_.text();
    heads.checkpoints += audit::format_note(checkpoint.note) + '\n';
}

Result<backup::Written, backup::Fault> SavedLog::save(const std::function<void(Size)>& progress) {
    return backup::write(log, log.size(), heads, folder(), "2026-11-26T02:00:00.000Z", progress);
}

backup::Manifest SavedLog::saved() {
    auto written = save();
    if (!written)
        FAIL(written.error().sentence);
    return written->now;
}

backup::Manifest SavedLog::manifest() const {
    return backup::read_manifest(folder()).value().value();
}

audit::SignedCheckpoint signed_checkpoint(const std::string& origin, Size size,
                                          const storage::merkle::Hash& root, const audit::Ed25519Key& key) {
    audit::SignedCheckpoint checkpoint{{origin, size, root, {}}, {}};
    checkpoint.note.text = audit::format_checkpoint(checkpoint.checkpoint);
    checkpoint.note.signatures.push_back(audit::sign_note(checkpoint.note.text, origin, key));
    return checkpoint;
}

std::map<std::string, std::string> files_in(const std::filesystem::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
        if (!file.is_regular_file() || file.path().filename() == "lock")
            continue;
        std::ifstream stream(file.path(), std::ios::binary);
        files[file.path().lexically_relative(folder).string()] = {std::istreambuf_iterator<char>(stream), {}};
    }
    return files;
}

void write_bytes(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream stream(file, std::ios::binary | std::ios::trunc);
    stream << bytes;
    REQUIRE(stream.flush().good());
}

} // namespace mosty::test
