// The one place where Asio's compiled part is built; Beast's is in net/.
#include <boost/asio/impl/src.hpp>
