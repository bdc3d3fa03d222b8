/* services/mail: the page that goes with a text: nothing in it that the text does not say, nothing
 * fetched from anywhere. */
#include "services/mail/parts.h"

#include <string.h>

static const char head[] = "<!DOCTYPE html>\n"
			   "<html><head><meta charset=\"utf-8\">\n"
			   "<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
		  body[] = "</title></head>\n"
			   "<body style=\"margin:0;background:#ffffff;color:#1c1c1c\">\n"
			   "<div style=\"max-width:36em;margin:0 auto;padding:24px 16px;"
			   "font:16px/1.5 system-ui,sans-serif\">\n",
		  end[] = "</div>\n</body></html>\n";

static void add_escaped(struct buffer *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		switch (s[i]) {
		case '&':
			buffer_text(b, "&amp;");
			break;
		case '<':
			buffer_text(b, "&lt;");
			break;
		case '>':
			buffer_text(b, "&gt;");
			break;
		case '"':
			buffer_text(b, "&quot;");
			break;
		default:
			buffer_add(b, s + i, 1);
		}
}

/* How long the address is that begins here; 0: none does. A full stop behind it is the sentence's.
 */
static size_t link_size(const char *s, size_t n)
{
	size_t size = 0;

	if (!(n > 8 && strncmp(s, "https://", 8) == 0) && !(n > 7 && strncmp(s, "http://", 7) == 0))
		return 0;
	while (size < n && (unsigned char)s[size] > ' ' && (unsigned char)s[size] < 0x7f &&
	       strchr("<>\"'`\\{}|^", s[size]) == NULL)
		size++;
	while (size > 0 && strchr(".,;:!?)", s[size - 1]) != NULL)
		size--;
	return size;
}

static void add_line(struct buffer *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t size = link_size(s + i, n - i);

		if (size > 0) {
			buffer_text(b, "<a href=\"");
			add_escaped(b, s + i, size);
			buffer_text(b, "\">");
			add_escaped(b, s + i, size);
			buffer_text(b, "</a>");
			i += size;
		} else
			add_escaped(b, s + i++, 1);
	}
}

/* Lines that are set in keep their ends; the others flow. */
static bool set_in(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] == ' ' && (i == 0 || s[i - 1] == '\n'))
			return true;
	return false;
}

static void add_paragraph(struct buffer *b, const char *s, size_t n, bool small)
{
	bool kept = set_in(s, n) || small;

	buffer_text(b, small  ? "<p style=\"font-size:13px;color:#5a5a5a\">"
		       : kept ? "<p style=\"padding-left:16px;border-left:3px solid #d0d4da\">"
			      : "<p>");
	for (size_t at = 0; at < n;) {
		const char *nl = memchr(s + at, '\n', n - at);
		size_t size = nl != NULL ? (size_t)(nl - s) - at : n - at;
		size_t blanks = 0;

		while (blanks < size && s[at + blanks] == ' ')
			blanks++;
		if (at > 0)
			buffer_text(b, kept ? "<br>\n" : "\n");
		add_line(b, s + at + blanks, size - blanks);
		at += size + 1;
	}
	buffer_text(b, "</p>\n");
}

void mail_html(struct buffer *b, const char *title, const struct buffer *text)
{
	const char *s = text->bytes != NULL ? text->bytes : "";
	bool small = false;

	buffer_text(b, head);
	add_escaped(b, title, strlen(title));
	buffer_text(b, body);
	while (*s != 0) {
		const char *gap = strstr(s, "\n\n");
		size_t n = gap != NULL ? (size_t)(gap - s) : strlen(s);

		if (strncmp(s, "-- \n", 4) == 0) {
			buffer_text(b, "<hr style=\"border:0;border-top:1px solid #d0d4da\">\n");
			small = true;
			s += 4;
			n -= 4;
		}
		while (n > 0 && s[n - 1] == '\n')
			n--;
		if (n > 0)
			add_paragraph(b, s, n, small);
		s += n;
		s += strspn(s, "\n");
	}
	buffer_text(b, end);
}
