#include "tests/storage/sample_entries.hpp"

#include "storage/verify.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace mosty::storage {

std::string sample_bytes(Position position, Position batch_begin, Position batch_end, std::size_t padding) {
    return fmt::format("{} of {}..{} {}", position, batch_begin, batch_end,
                       std::string(padding, static_cast<char>('a' + position % 26)));
}

std::vector<IndexKey> sample_keys(std::string_view bytes) {
    const std::string_view number = bytes.substr(0, bytes.find(' '));
    return {fmt::format("position/{}", number),
            fmt::format("{}/{}", number.back() % 2 ? "odd" : "even", number)};
}

std::vector<NewEntry> sample_batch(Position begin, std::size_t count, std::size_t padding) {
    std::vector<NewEntry> batch;
    for (Position position = begin; position < begin + count; ++position) {
        std::string bytes = sample_bytes(position, begin, begin + count, padding);
        std::vector<IndexKey> keys = sample_keys(bytes);
        batch.push_back({std::move(bytes), std::move(keys)});
    }
    return batch;
}

bool append_sample(EventLog& log, std::size_t count, std::size_t padding) {
    const Size size = log.size();
    return log.append(sample_batch(size, count, padding), size).has_value();
}

std::string fault_of_sample(const LogReader& log) {
    const Size size = log.size();
    Position batch_end = 0;
    for (Position position = 0; position < size; ++position) {
        const auto entries = log.read(position, 1);
        if (!entries)
            return entries.error().reason;
        if (entries->size() != 1)
            return fmt::format("entry {} is not there", position);
        unsigned long long number = 0, begin = 0, end = 0;
        const std::string& bytes = entries->front().bytes;
        if (std::sscanf(bytes.c_str(), "%llu of %llu..%llu", &number, &begin, &end) != 3 ||
            number != position)
            return fmt::format("entry {} is \"{}\"", position, bytes);
        const std::size_t padding = bytes.size() - sample_bytes(position, begin, end).size();
        if (bytes != sample_bytes(position, begin, end, padding))
            return fmt::format("entry {} is changed", position);
        if (position == batch_end)
            batch_end = end;
        if (end != batch_end)
            return fmt::format("entry {} is of another batch than its neighbour", position);
    }
    if (batch_end != size)
        return fmt::format("the batch that ends at {} is cut at {}", batch_end, size);

    const VerifyReport report = verify(log, {.keys_of = sample_keys});
    if (!report.is_sound())
        return report.problems.front().sentence;
    if (report.keys != 2 * size)
        return fmt::format("{} keys for {} entries", report.keys, size);
    return {};
}

} // namespace mosty::storage
