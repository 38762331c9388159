#include "server/config/settings_file.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <fmt/format.h>

#include <sys/mman.h>
#include <unistd.h>

// The settings' file and the address to listen on: any text is read, or its mistakes are told.
using namespace mosty;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const int file = memfd_create("settings", 0);
    static const std::filesystem::path path = fmt::format("/proc/self/fd/{}", file);
    MOSTY_PROMISE(file >= 0 && ftruncate(file, 0) == 0);
    MOSTY_PROMISE(pwrite(file, data, size, 0) == static_cast<ssize_t>(size));

    Settings settings;
    const auto mistakes = config::read_settings_file(path, settings);
    for (const std::string& mistake : mistakes)
        MOSTY_PROMISE(mistake.size() > path.string().size());
    if (mistakes.empty())
        static_cast<void>(config::mistakes_in(settings));

    Settings told;
    if (!config::set_listen(told, fuzz::text_of(data, size)))
        MOSTY_PROMISE(!told.listen_address.empty());
    return 0;
}
