#include "server/sealing/key_lines.hpp"

#include "domain/base/text.hpp"
#include "server/audit/base64.hpp"

#include <fmt/format.h>

#include <charconv>

namespace mosty::sealing {
namespace {

constexpr std::string_view title = "mosty keys 1";

std::string bound_of(std::string_view name, std::string_view owner) {
    return fmt::format("mosty data key\n{}\n{}", name, owner);
}

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    for (std::size_t from = 0; from <= line.size();) {
        const std::size_t space = std::min(line.find(' ', from), line.size());
        words.push_back(line.substr(from, space - from));
        from = space + 1;
    }
    return words;
}

// Takes the first line off; nothing when none ends there.
std::optional<std::string_view> take_line(std::string_view& bytes) {
    const std::size_t end = bytes.find('\n');
    if (end == std::string_view::npos)
        return std::nullopt;
    const std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    return line;
}

Result<DataKeyPtr, std::string> key_of(const std::vector<std::string_view>& words, const MasterKey& master) {
    DataKey key{std::string(words[1]), std::string(words[2]), std::nullopt};
    if (!is_id(key.name))
        return std::unexpected("this is no name of a key");
    if (words[0] == "destroyed")
        return std::make_shared<const DataKey>(std::move(key));
    const auto wrapped = audit::decode_base64(words[3]);
    const auto bytes = wrapped ? open(master.key, bound_of(key.name, key.owner), *wrapped) : std::nullopt;
    key.key = bytes ? Key::from(*bytes) : std::nullopt;
    if (!key.key)
        return std::unexpected(
            fmt::format("the key {} of {} cannot be unwrapped: the line was changed", key.name, key.owner));
    return std::make_shared<const DataKey>(std::move(key));
}

} // namespace

std::string first_lines(const MasterKey& master) {
    return fmt::format("{}\nmaster {}\n", title, master.name);
}

std::string line_of(const DataKey& key, const MasterKey& master) {
    if (!key.key)
        return fmt::format("destroyed {} {}\n", key.name, key.owner);
    return fmt::format("key {} {} {}\n", key.name, key.owner,
                       audit::encode_base64(seal(master.key, random_nonce(), bound_of(key.name, key.owner),
                                                 key.key->bytes())));
}

std::string checked_line(Size size) {
    return fmt::format("checked {}\n", size);
}

Result<std::string, std::string> master_name_of(std::string_view bytes) {
    const auto first = take_line(bytes);
    const auto second = take_line(bytes);
    const auto words = words_of(second.value_or(""));
    if (!first || *first != title || words.size() != 2 || words[0] != "master")
        return std::unexpected("this is no file of keys that this program knows");
    return std::string(words[1]);
}

Result<StoredKeys, std::string> read_key_lines(std::string_view bytes, const MasterKey& master) {
    const auto name = master_name_of(bytes);
    if (!name)
        return std::unexpected(name.error());
    if (*name != master.name)
        return std::unexpected(fmt::format("they are wrapped by the master key {}, and the one at hand is {}",
                                           *name, master.name));
    StoredKeys stored;
    std::string_view rest = bytes;
    take_line(rest);
    take_line(rest);
    for (std::size_t number = 3; const auto line = take_line(rest); ++number) {
        const auto words = words_of(*line);
        const auto wrong = [&](std::string_view why) {
            return std::unexpected(fmt::format("line {}: {}", number, why));
        };
        if ((words[0] == "key" && words.size() == 4) || (words[0] == "destroyed" && words.size() == 3)) {
            auto key = key_of(words, master);
            if (!key)
                return wrong(key.error());
            stored.keys.push_back(std::move(*key));
        } else if (words[0] == "checked" && words.size() == 2) {
            const char* const end = words[1].data() + words[1].size();
            if (std::from_chars(words[1].data(), end, stored.checked).ptr != end)
                return wrong("this is no size of a log");
        } else {
            return wrong("nobody knows what it means");
        }
    }
    stored.whole_bytes = bytes.size() - rest.size();
    return stored;
}

} // namespace mosty::sealing
