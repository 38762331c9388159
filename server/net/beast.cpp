// The one place where the compiled parts of Beast and of Asio's TLS are built; Asio's own is in core/.
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
