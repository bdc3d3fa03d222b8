/* services/schedule: guids, slugs, addresses and instants as schedule files write them. */
#include "services/schedule/file.h"

#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <uninorm.h>

enum { SLUG_MAX = 80 };

const char *str_of(const json_t *object, const char *name)
{
	const char *s = json_string_value(json_object_get(object, name));

	return (s != NULL) ? s : "";
}

const char *name_guid(struct arena *arena, const char *format, ...)
{
	/* Made once at random for Plenum. Changing it would give every derived thing a new
	 * identity. */
	static const unsigned char space[16] = {0x9c, 0x1f, 0x6e, 0x52, 0x0b, 0x7d, 0x4a, 0x36,
						0x8e, 0x21, 0x5d, 0x43, 0xf0, 0x96, 0xc8, 0x17};
	unsigned char hash[EVP_MAX_MD_SIZE];
	char text[UUID_TEXT_SIZE];
	unsigned char *named;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	named = arena_alloc(arena, sizeof(space) + (size_t)n + 1);
	memcpy(named, space, sizeof(space));
	va_start(args, format);
	vsnprintf((char *)named + sizeof(space), (size_t)n + 1, format, args);
	va_end(args);
	if (EVP_Digest(named, sizeof(space) + (size_t)n, hash, NULL, EVP_sha1(), NULL) != 1)
		abort();
	hash[6] = (unsigned char)((hash[6] & 0x0f) | 0x50);
	hash[8] = (unsigned char)((hash[8] & 0x3f) | 0x80);
	for (int i = 0, at = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			text[at++] = '-';
		at += snprintf(text + at, 3, "%02x", hash[i]);
	}
	return arena_strdup(arena, text);
}

const char *guid_read(struct arena *arena, const char *text)
{
	char *lower = arena_strdup(arena, text);

	if (strlen(lower) != UUID_TEXT_SIZE - 1)
		return NULL;
	for (int i = 0; lower[i] != 0; i++) {
		if (lower[i] >= 'A' && lower[i] <= 'F')
			lower[i] = (char)(lower[i] + 'a' - 'A');
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (lower[i] != '-')
				return NULL;
		} else if (strchr("0123456789abcdef", lower[i]) == NULL) {
			return NULL;
		}
	}
	return lower;
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

const char *acronym_make(struct arena *arena, const char *text)
{
	size_t n = strlen(text);
	char *out = arena_alloc(arena, n + 5);
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		char c = (char)((text[i] >= 'A' && text[i] <= 'Z') ? text[i] + 'a' - 'A' : text[i]);

		if (is_word(c) || c == '_')
			out[at++] = c;
		else if (c == '-' || c == ' ')
			out[at++] = '_';
	}
	while (at < 4)
		out[at++] = '_';
	return out;
}

const char *slug_make(struct arena *arena, const char *text)
{
	char *out = arena_alloc(arena, SLUG_MAX + 2);
	size_t size = 0, at = 0;
	uint8_t *flat =
	    u8_casefold((const uint8_t *)text, strlen(text), NULL, UNINORM_NFKD, NULL, &size);

	for (size_t i = 0; flat != NULL && i < size && at < SLUG_MAX; i++) {
		char c = (char)flat[i];

		if (is_word(c))
			out[at++] = c;
		else if (flat[i] < 0x80 && at > 0 && out[at - 1] != '-')
			out[at++] = '-';
	}
	free(flat);
	while (at > 0 && out[at - 1] == '-')
		at--;
	out[at] = 0;
	return out;
}

/* Both schemas at once: [a-z0-9_]{4,}-[a-z0-9_-]{4,} that ends in a letter or digit. */
bool slug_ok(const char *slug)
{
	size_t n = strlen(slug), first = 0;

	for (size_t i = 0; i < n; i++)
		if (!is_word(slug[i]) && slug[i] != '_' && slug[i] != '-')
			return false;
	while (first < n && slug[first] != '-')
		first++;
	return n <= 300 && first >= 4 && n >= first + 5 && is_word(slug[n - 1]);
}

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar. */
static int64_t days_of(int64_t y, int m, int d)
{
	int64_t era, year, day;

	y -= m <= 2;
	era = y / 400;
	year = y - era * 400;
	day = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + year * 365 + year / 4 - year / 100 + day - 719468;
}

static void date_of(int64_t days, int *y, int *m, int *d)
{
	int64_t z = days + 719468, era = z / 146097, day = z - era * 146097;
	int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	int64_t rest = day - (365 * year + year / 4 - year / 100), month = (5 * rest + 2) / 153;

	*d = (int)(rest - (153 * month + 2) / 5 + 1);
	*m = (int)(month < 10 ? month + 3 : month - 9);
	*y = (int)(year + era * 400 + (*m <= 2));
}

/* n digits at *s; -1 when they are not there. */
static int digits(const char **s, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++, (*s)++) {
		if (**s < '0' || **s > '9')
			return -1;
		value = value * 10 + (**s - '0');
	}
	return value;
}

static bool offset_read(const char *s, int *ret_offset)
{
	int sign = (*s == '-') ? -1 : 1, hours, minutes;

	if (strcmp(s, "Z") == 0) {
		*ret_offset = 0;
		return true;
	}
	if (*s != '+' && *s != '-')
		return false;
	s++;
	hours = digits(&s, 2);
	if (*s == ':')
		s++;
	minutes = digits(&s, 2);
	if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59 || *s != 0)
		return false;
	*ret_offset = sign * (hours * 60 + minutes);
	return true;
}

static bool month_has(int y, int m, int d)
{
	static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

	return m >= 1 && m <= 12 && d >= 1 && d <= days[m - 1] && (m != 2 || d < 29 || leap);
}

bool instant_read(const char *text, int64_t *ret_at, int *ret_offset)
{
	const char *s = text;
	int y = digits(&s, 4), m = -1, d = -1, hour = -1, minute = -1, second = 0;

	if (y >= 1970 && *s == '-' && (s++, m = digits(&s, 2)) >= 0 && *s == '-')
		s++, d = digits(&s, 2);
	if (d < 0 || !month_has(y, m, d) || (*s != 'T' && *s != ' '))
		return false;
	s++;
	hour = digits(&s, 2);
	if (hour < 0 || hour > 23 || *s++ != ':' || (minute = digits(&s, 2)) < 0 || minute > 59)
		return false;
	if (*s == ':' && (s++, second = digits(&s, 2), second < 0 || second > 59))
		return false;
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9';)
			s++;
	if (!offset_read(s, ret_offset))
		return false;
	*ret_at = days_of(y, m, d) * 86400 + hour * 3600 + minute * 60 + second -
		  (int64_t)*ret_offset * 60;
	return true;
}

bool wall_read(struct arena *arena, const char *text, int64_t *ret_at)
{
	int offset;

	return strlen(text) >= 16 && strchr("0123456789", text[strlen(text) - 1]) != NULL &&
	       instant_read(arena_printf(arena, "%sZ", text), ret_at, &offset);
}

bool duration_read(const char *text, int64_t *ret_seconds)
{
	const char *s = text;
	int64_t hours = 0;
	int minutes, seconds = 0, n = 0;

	for (; *s >= '0' && *s <= '9' && n < 5; s++, n++)
		hours = hours * 10 + (*s - '0');
	if (n == 0 || *s++ != ':' || (minutes = digits(&s, 2)) < 0 || minutes > 59)
		return false;
	if (*s == ':' && (s++, seconds = digits(&s, 2), seconds < 0 || seconds > 59))
		return false;
	if (*s != 0)
		return false;
	*ret_seconds = hours * 3600 + minutes * 60 + seconds;
	return true;
}

const char *instant_utc(struct arena *arena, int64_t at)
{
	int64_t days = at / 86400, rest = at % 86400;
	int y, m, d;

	date_of(days, &y, &m, &d);
	return arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", y, m, d, (int)(rest / 3600),
			    (int)(rest / 60 % 60), (int)(rest % 60));
}

const char *day_of(struct arena *arena, int64_t at, int offset)
{
	return arena_strndup(arena, instant_utc(arena, at + (int64_t)(offset - 240) * 60), 10);
}
