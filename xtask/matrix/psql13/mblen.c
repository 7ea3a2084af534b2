/* psql 14 asks libpq for one function that the libpq of 13 does not export: the length of a character that may be cut
 * off by the end of its string. It has nothing to do with the connection. */
#include <string.h>

extern int PQmblen(const char *s, int encoding);

int PQmblenBounded(const char *s, int encoding)
{
	return (int) strnlen(s, (size_t) PQmblen(s, encoding));
}
