// The one place where Beast's compiled part is built; Asio's is in core/.
#include <boost/beast/src.hpp>
