#include "server/http/gzip.hpp"

#include "domain/base/invariant.hpp"

#include <zlib.h>

namespace mosty::http {

std::string gzip(std::string_view bytes, Packing packing) {
    constexpr int gzip_window_bits = 15 + 16;
    z_stream stream{};
    const int level = packing == Packing::smallest ? Z_BEST_COMPRESSION : Z_BEST_SPEED;
    if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window_bits, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    std::string packed(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    const int result = deflate(&stream, Z_FINISH);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    MOSTY_INVARIANT(result == Z_STREAM_END, "the bound of the packed size holds");
    return packed.size() < bytes.size() ? packed : std::string{};
}

} // namespace mosty::http
