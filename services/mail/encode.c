/* services/mail: how bytes travel in a mail: base64 and quoted-printable (RFC 2045), words of a
 * header (RFC 2047). */
#include "services/mail/parts.h"

#include <ctype.h>
#include <string.h>

enum {
	WORD_BYTES = 45, /* as base64 with its frame: under the 75 characters of RFC 2047 */
	LINE_BYTES = 57, /* as base64: the 76 characters of RFC 2045 */
	LINE_CHARS = 76,
	LINE_LIMIT = 900 /* what is sent as it is may have lines of this: RFC 5322 says 998 */
};

static void add_base64(struct buffer *b, const unsigned char *s, size_t n)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		unsigned v = (unsigned)s[i] << 16;
		char four[] = "====";

		v |= i + 1 < n ? (unsigned)s[i + 1] << 8 : 0;
		v |= i + 2 < n ? s[i + 2] : 0;
		four[0] = digits[v >> 18];
		four[1] = digits[v >> 12 & 63];
		if (i + 1 < n)
			four[2] = digits[v >> 6 & 63];
		if (i + 2 < n)
			four[3] = digits[v & 63];
		buffer_add(b, four, 4);
	}
}

void mail_base64(struct buffer *b, const char *bytes, size_t size)
{
	for (size_t at = 0; at < size; at += LINE_BYTES) {
		add_base64(b, (const unsigned char *)bytes + at,
			   size - at < LINE_BYTES ? size - at : LINE_BYTES);
		buffer_text(b, "\r\n");
	}
}

/* A header's text: plain when it may be, else encoded words. Nothing in it can end the line. */
void mail_words(struct buffer *b, const char *text, const char *plain_marks)
{
	size_t n = strlen(text), plain = 0;

	while (plain < n && plain < LINE_CHARS &&
	       (isalnum((unsigned char)text[plain]) || strchr(plain_marks, text[plain]) != NULL))
		plain++;
	if (plain == n) {
		buffer_add(b, text, n);
		return;
	}
	for (size_t at = 0; at < n;) {
		size_t size = n - at < WORD_BYTES ? n - at : WORD_BYTES;

		while (size > 1 && at + size < n && ((unsigned char)text[at + size] & 0xc0) == 0x80)
			size--;
		buffer_text(b, at > 0 ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
		add_base64(b, (const unsigned char *)text + at, size);
		buffer_text(b, "?=");
		at += size;
	}
}

static bool fits_as_it_is(const struct buffer *text)
{
	size_t line = 0;

	for (size_t i = 0; i < text->size; i++) {
		line = text->bytes[i] == '\n' ? 0 : line + 1;
		if ((text->bytes[i] & 0x80) != 0 || line > LINE_LIMIT)
			return false;
	}
	return true;
}

static void add_lines(struct buffer *b, const struct buffer *text)
{
	for (size_t i = 0; i < text->size; i++)
		if (text->bytes[i] == '\n')
			buffer_add(b, "\r\n", 2);
		else
			buffer_add(b, text->bytes + i, 1);
}

/* No line over 76, and none that ends in a blank a relay might take away. */
static void add_quoted(struct buffer *b, const struct buffer *text)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t column = 0;

	for (size_t i = 0; i < text->size; i++) {
		unsigned char c = (unsigned char)text->bytes[i];
		bool ends = i + 1 == text->size || text->bytes[i + 1] == '\n';
		bool coded = c == '=' || c > 0x7e || c < 0x20 || (c == ' ' && ends);
		char three[] = {'=', hex[c >> 4], hex[c & 15]};

		if (c == '\n') {
			buffer_add(b, "\r\n", 2);
			column = 0;
			continue;
		}
		if (column + (coded ? 3 : 1) > LINE_CHARS - 1) {
			buffer_text(b, "=\r\n");
			column = 0;
		}
		buffer_add(b, coded ? three : &text->bytes[i], coded ? 3 : 1);
		column += coded ? 3 : 1;
	}
}

void mail_encoded(struct buffer *b, const struct buffer *text, bool plain)
{
	bool as_it_is = plain || fits_as_it_is(text);

	buffer_printf(b, "Content-Transfer-Encoding: %s\r\n\r\n",
		      plain	 ? "8bit"
		      : as_it_is ? "7bit"
				 : "quoted-printable");
	if (as_it_is)
		add_lines(b, text);
	else
		add_quoted(b, text);
}
