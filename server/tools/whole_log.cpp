#include "server/tools/whole_log.hpp"

#include "server/audit/keeper.hpp"
#include "server/core/way_out.hpp"

#include <utility>

namespace mosty::tools {

Result<std::unique_ptr<storage::RocksLogReader>, std::string>
open_whole_log(const std::filesystem::path& data) {
    // What was signed is read first: the log, looked at later, then reaches it.
    auto newest = audit::newest_checkpoint(data);
    if (!newest)
        return std::unexpected(std::move(newest.error().sentence));
    auto log = storage::RocksLogReader::open(data);
    if (!log)
        return std::unexpected(core::with_way_out(std::move(log.error()), data).sentence);
    if (auto fits = audit::check_continues(**log, *newest); !fits)
        return std::unexpected(core::with_way_out(std::move(fits.error()), data).sentence);
    return std::move(*log);
}

} // namespace mosty::tools
