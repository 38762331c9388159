#include "server/tools/findings.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace mosty::tools {
namespace {

constexpr std::string_view digits = "0123456789";

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || (text.size() > 1 && text[0] == '0'))
        return std::nullopt;
    return number;
}

bool follows(std::string_view next, std::string_view text) {
    const auto number = number_of(text);
    return number && number_of(next) == *number + 1;
}

} // namespace

Run::Run(std::string_view sentence) : first_(sentence), last_(sentence) {}

Run::Parts Run::parts_of(std::string_view sentence) {
    Parts parts;
    while (!sentence.empty() || parts.size() % 2 == 0) {
        const auto end =
            parts.size() % 2 == 0 ? sentence.find_first_of(digits) : sentence.find_first_not_of(digits);
        parts.push_back(sentence.substr(0, end));
        sentence.remove_prefix(parts.back().size());
    }
    return parts;
}

bool Run::take_next(std::string_view sentence) {
    const Parts first = parts_of(first_), last = parts_of(last_), next = parts_of(sentence);
    if (next.size() != last.size())
        return false;
    const bool is_begun = first_ != last_;
    bool grows = false;
    for (std::size_t i = 0; i < next.size(); ++i) {
        const bool is_same = next[i] == last[i];
        if (is_begun && is_same != (first[i] == last[i]))
            return false;
        if (!is_same && (i % 2 == 0 || !follows(next[i], last[i])))
            return false;
        grows = grows || !is_same;
    }
    if (grows)
        last_ = sentence;
    return grows;
}

std::string Run::text() const {
    const Parts first = parts_of(first_), last = parts_of(last_);
    std::string text;
    for (std::size_t i = 0; i < first.size(); ++i) {
        text += first[i];
        if (first[i] != last[i])
            text.append(" to ").append(last[i]);
    }
    return text;
}

void Findings::add(std::string sentence) {
    ++total;
    if (newest_ && newest_->take_next(sentence)) {
        ++told;
        sentences.back() = newest_->text();
        return;
    }
    newest_.reset();
    if (sentences.size() == kept_max)
        return;
    ++told;
    newest_.emplace(sentence);
    sentences.push_back(std::move(sentence));
}

} // namespace mosty::tools
