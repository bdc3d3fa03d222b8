/* services/schedule: the programme as one page that needs no script, no gateway and no now: the
 * front of the static bundle. */
#include "services/core/json.h"
#include "services/db/db.h"
#include "services/schedule/file.h"
#include "services/schedule/schedule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct words {
	const char *version, *as_of, *zone, *by_room, *streams, *more, *calendar, *data, *nothing,
	    *copy;
	const char *days[7], *months[12], *den, *dot;
};

static const struct words english = {
    .version = "Version",
    .as_of = "as of",
    .zone = "All times:",
    .by_room = "By room",
    .streams = "Streams",
    .more = "About",
    .calendar = "Calendar",
    .data = "Data",
    .nothing = "Nothing is published yet.",
    .copy = "This page is a copy that works without the conference's server.",
    .days = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
    .months = {"January", "February", "March", "April", "May", "June", "July", "August",
	       "September", "October", "November", "December"},
    .den = "",
    .dot = "",
};

static const struct words danish = {
    .version = "Version",
    .as_of = "pr.",
    .zone = "Alle tider:",
    .by_room = "Efter lokale",
    .streams = "Streams",
    .more = "Om",
    .calendar = "Kalender",
    .data = "Data",
    .nothing = "Intet er udgivet endnu.",
    .copy = "Denne side er en kopi, der virker uden konferencens server.",
    .days = {"Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag", "Lørdag", "Søndag"},
    .months = {"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september",
	       "oktober", "november", "december"},
    .den = " den",
    .dot = ".",
};

/* Print is black on white, a day never begins at the foot of a sheet, abstracts are left out of
 * nothing. */
static const char style[] =
    "<style>:root{color-scheme:light dark;--line:#8884}body{font:1rem/1.5 system-ui,sans-serif;"
    "max-width:60rem;margin:0 auto;padding:1rem}h1{line-height:1.2;margin:0}h2{margin:2rem 0 .5rem;"
    "border-bottom:2px solid}h3{font-size:1rem;margin:0}article{display:grid;grid-template-columns:"
    "8rem 1fr;gap:0 1rem;padding:.6rem 0;border-bottom:1px solid var(--line)}article>p{margin:0;"
    "font-variant-numeric:tabular-nums}article div p,article div ol{margin:.2rem 0}nav ul,.plain{"
    "list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}nav a,.plain a{"
    "display:inline-block;min-height:1.75rem}details p{white-space:pre-line}summary{cursor:pointer}"
    "@media(max-width:30rem){article{grid-template-columns:1fr}}@media print{body{max-width:none;"
    "padding:0;font-size:10pt}nav{display:none}article{break-inside:avoid}h2{break-after:avoid}"
    "a{color:inherit;text-decoration:none}}</style>";

static void html(struct buffer *b, const char *text)
{
	static const char marks[] = "&<>\"'";
	static const char *const safe[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};

	for (;; text++) {
		size_t n = strcspn(text, marks);

		buffer_add(b, text, n);
		text += n;
		if (*text == 0)
			return;
		buffer_text(b, safe[strchr(marks, *text) - marks]);
	}
}

static void tag(struct buffer *b, const char *open, const char *text, const char *close)
{
	if (text == NULL || *text == 0)
		return;
	buffer_text(b, open);
	html(b, text);
	buffer_text(b, close);
}

/* "7 02 05 2021" */
static const char *day_name(struct request *rq, const struct words *w, const char *parts)
{
	long day = strtol(parts, NULL, 10), date = strtol(parts + 2, NULL, 10),
	     month = strtol(parts + 5, NULL, 10);

	return arena_printf(rq->arena, "%s%s %ld%s %s %s", w->days[day - 1], w->den, date, w->dot,
			    w->months[month - 1], parts + 8);
}

static void clock_of(struct buffer *b, const char *text, bool offset)
{
	buffer_printf(b, "<time datetime=\"%s\">%.5s</time>", text, text + 11);
	if (offset)
		buffer_printf(b, " (UTC%s)", text + strlen(text) - 6);
}

static void times(struct buffer *b, const struct rows *rows, int i)
{
	const char *two = rows_text(rows, i, "two_offsets");
	bool offset = two != NULL && *two == 't';

	clock_of(b, rows_text(rows, i, "start_text"), offset);
	buffer_text(b, "–");
	clock_of(b, rows_text(rows, i, "end_text"), offset);
}

/* One line a talk, its speakers after a tab. */
static void talks(struct request *rq, struct buffer *b, const char *lines)
{
	if (lines == NULL)
		return;
	buffer_text(b, "<ol>");
	while (*lines != 0) {
		size_t n = strcspn(lines, "\n"), title = strcspn(lines, "\t\n");

		tag(b, "<li dir=\"auto\">", arena_strndup(rq->arena, lines, title), "");
		if (title < n)
			tag(b, " – ", arena_strndup(rq->arena, lines + title + 1, n - title - 1),
			    "");
		buffer_text(b, "</li>");
		lines += n + (lines[n] == '\n');
	}
	buffer_text(b, "</ol>");
}

static void slot(struct request *rq, struct buffer *b, const struct words *w,
		 const struct rows *rows, int i)
{
	const char *abstract = rows_text(rows, i, "abstract"),
		   *description = rows_text(rows, i, "description");

	buffer_printf(b, "<article id=\"slot-%s\"><p>", rows_text(rows, i, "slot"));
	times(b, rows, i);
	tag(b, "<br>", rows_text(rows, i, "room"), "");
	buffer_text(b, "</p><div>");
	tag(b, "<h3 dir=\"auto\">", rows_text(rows, i, "title"), "</h3>");
	tag(b, "<p dir=\"auto\">", rows_text(rows, i, "subtitle"), "</p>");
	tag(b, "<p dir=\"auto\">", rows_text(rows, i, "speakers"), "</p>");
	talks(rq, b, rows_text(rows, i, "talks"));
	tag(b, "<p><small>", rows_text(rows, i, "track"), "</small></p>");
	if (*abstract != 0 || *description != 0) {
		buffer_printf(b, "<details open><summary>%s</summary>", w->more);
		tag(b, "<p dir=\"auto\">", abstract, "</p>");
		tag(b, "<p dir=\"auto\">", description, "</p>");
		buffer_text(b, "</details>");
	}
	buffer_text(b, "</div></article>\n");
}

static void head(struct buffer *b, const struct words *w, const struct rows *rows)
{
	buffer_printf(b,
		      "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
		      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		      "style-src 'unsafe-inline'\"><meta name=\"viewport\" "
		      "content=\"width=device-width,initial-scale=1\">",
		      w == &danish ? "da" : "en");
	tag(b, "<title>", rows_text(rows, 0, "conference"), "</title>");
	buffer_text(b, style);
	tag(b, "</head><body><header><h1 dir=\"auto\">", rows_text(rows, 0, "conference"), "</h1>");
	tag(b, "<p dir=\"auto\">", rows_text(rows, 0, "conference_subtitle"), "</p>");
	tag(b, "<p dir=\"auto\">", rows_text(rows, 0, "venue"), "</p>");
	buffer_printf(b, "<p>%s %s, %s <time>%s</time>. %s ", w->version,
		      rows_text(rows, 0, "release"), w->as_of, rows_text(rows, 0, "as_of"),
		      w->zone);
	html(b, rows_text(rows, 0, "zone"));
	buffer_printf(b,
		      ".</p><ul class=\"plain\"><li><a href=\"schedule.ics\">%s</a></li><li><a "
		      "href=\"schedule.json\">%s: JSON</a></li><li><a href=\"schedule.xml\">%s: "
		      "XML</a></li></ul></header>\n",
		      w->calendar, w->data, w->data);
}

static bool same(const struct rows *rows, int i, const char *column)
{
	return i > 0 && strcmp(rows_text(rows, i, column), rows_text(rows, i - 1, column)) == 0;
}

static void contents(struct request *rq, struct buffer *b, const struct words *w,
		     const struct rows *rows, bool streams)
{
	buffer_text(b, "<nav><ul>");
	for (int i = 0; i < rows_count(rows); i++)
		if (!same(rows, i, "day"))
			buffer_printf(b, "<li><a href=\"#day-%s\">%s</a></li>",
				      rows_text(rows, i, "day"),
				      day_name(rq, w, rows_text(rows, i, "day_parts")));
	buffer_printf(b, "<li><a href=\"#rooms\">%s</a></li>", w->by_room);
	if (streams)
		buffer_printf(b, "<li><a href=\"#streams\">%s</a></li>", w->streams);
	buffer_text(b, "</ul></nav><main>\n");
}

static void days(struct request *rq, struct buffer *b, const struct words *w,
		 const struct rows *rows)
{
	for (int i = 0; i < rows_count(rows); i++) {
		if (!same(rows, i, "day"))
			buffer_printf(b, "%s<section><h2 id=\"day-%s\">%s</h2>\n",
				      i > 0 ? "</section>" : "", rows_text(rows, i, "day"),
				      day_name(rq, w, rows_text(rows, i, "day_parts")));
		slot(rq, b, w, rows, i);
	}
	buffer_text(b, "</section>");
}

static int by_room(const void *a, const void *b, void *data)
{
	const struct rows *rows = data;
	int x = *(const int *)a, y = *(const int *)b;
	int64_t order = rows_int(rows, x, "ord") - rows_int(rows, y, "ord");
	int id = strcmp(rows_text(rows, x, "room_id"), rows_text(rows, y, "room_id"));

	return order != 0 ? (order < 0 ? -1 : 1) : id != 0 ? id : x - y;
}

/* Per room, what is in it, in order of time. */
static void rooms(struct request *rq, struct buffer *b, const struct words *w,
		  const struct rows *rows)
{
	int n = rows_count(rows), *order = arena_alloc(rq->arena, sizeof(int) * (size_t)n);
	const char *room = "";

	for (int i = 0; i < n; i++)
		order[i] = i;
	qsort_r(order, (size_t)n, sizeof(int), by_room, (void *)(uintptr_t)rows);
	buffer_printf(b, "<section><h2 id=\"rooms\">%s</h2>", w->by_room);
	for (int i = 0; i < n; i++) {
		int at = order[i];

		if (strcmp(room, rows_text(rows, at, "room_id")) != 0) {
			room = rows_text(rows, at, "room_id");
			tag(b, i > 0 ? "</ul><h3>" : "<h3>", rows_text(rows, at, "room"),
			    "</h3><ul>");
		}
		buffer_printf(b, "<li>%.10s ", rows_text(rows, at, "start_text"));
		times(b, rows, at);
		buffer_printf(b, " <a href=\"#slot-%s\">", rows_text(rows, at, "slot"));
		html(b, rows_text(rows, at, "title"));
		buffer_text(b, "</a></li>");
	}
	buffer_text(b, "</ul></section>\n");
}

static void streams(struct buffer *b, const struct words *w, const json_t *list)
{
	json_t *room, *stream;
	size_t i, j;

	if (json_array_size(list) == 0)
		return;
	buffer_printf(b, "<section><h2 id=\"streams\">%s</h2>", w->streams);
	json_array_foreach((json_t *)list, i, room)
	{
		tag(b, "<h3>", str_of(room, "name"), "</h3><ul>");
		json_array_foreach(json_object_get(room, "streams"), j, stream)
		{
			const char *label = str_of(stream, "label"), *url = str_of(stream, "url");

			if (!url_ok(url))
				continue;
			tag(b, "<li><a rel=\"noreferrer\" href=\"", url, "\">");
			html(b, *label != 0 ? label : url);
			buffer_text(b, "</a>");
			tag(b, " (", str_of(stream, "language"), ")");
			buffer_text(b, "</li>");
		}
		buffer_text(b, "</ul>");
	}
	buffer_text(b, "</section>\n");
}

static fault page_read(struct request *rq, const struct rows *rows)
{
	const char *language = rows_count(rows) > 0 ? rows_text(rows, 0, "page_language") : "";
	const struct words *w = strncmp(language, "da", 2) == 0 ? &danish : &english;
	json_t *doc = json_loads(rq->params, 0, NULL), *list = json_object_get(doc, "rooms");
	struct buffer b = {0};
	const char *bytes;
	size_t size;

	if (rows_count(rows) == 0) {
		json_decref(doc);
		return &fault_not_found;
	}
	head(&b, w, rows);
	if (rows_text(rows, 0, "slot") != NULL) {
		contents(rq, &b, w, rows, json_array_size(list) > 0);
		days(rq, &b, w, rows);
		rooms(rq, &b, w, rows);
	} else {
		buffer_printf(&b, "<main><p>%s</p>", w->nothing);
	}
	streams(&b, w, list);
	buffer_printf(&b, "</main><footer><p><small>%s</small></p></footer></body></html>\n",
		      w->copy);
	json_decref(doc);
	size = b.size;
	bytes = arena_strndup(rq->arena, b.bytes, b.size);
	buffer_finish(&b);
	rq->content_type = "text/html; charset=utf-8";
	return request_reply_bytes(rq, bytes, size);
}

static fault streams_read(struct request *rq, const struct rows *rows)
{
	const char *doc = rows_count(rows) > 0 ? rows_text(rows, 0, "doc") : NULL;

	return doc == NULL ? &fault_not_found : request_reply(rq, arena_strdup(rq->arena, doc));
}

static fault streams_for_page(struct request *rq, const struct rows *rows)
{
	const char *doc = rows_count(rows) > 0 ? rows_text(rows, 0, "doc") : NULL;

	if (doc == NULL)
		return &fault_not_found;
	rq->params = arena_strdup(rq->arena, doc);
	return db_query(rq, LANE_SLOW, SQL_BUNDLE_PAGE, page_read, PARAMS(rq->caller.conference));
}

fault bundle_streams(struct request *rq)
{
	return db_query(rq, LANE_SLOW, SQL_BUNDLE_STREAMS, streams_read,
			PARAMS(rq->caller.conference));
}

fault bundle_page(struct request *rq)
{
	return db_query(rq, LANE_SLOW, SQL_BUNDLE_STREAMS, streams_for_page,
			PARAMS(rq->caller.conference));
}

static fault claim_read(struct request *rq, const struct rows *rows)
{
	struct bundle_claim *claim = rq->params;

	if (rows_count(rows) == 0)
		return &fault_not_found;
	claim->conference = arena_strdup(rq->arena, rows_text(rows, 0, "conference"));
	claim->slug = arena_strdup(rq->arena, rows_text(rows, 0, "slug"));
	claim->lease = arena_strdup(rq->arena, rows_text(rows, 0, "lease"));
	return request_reply(rq, "");
}

fault bundle_claim(struct request *rq)
{
	rq->params = arena_alloc(rq->arena, sizeof(struct bundle_claim));
	return db_query(rq, LANE_SLOW, SQL_BUNDLE_CLAIM, claim_read, NULL, 0);
}

static fault done_read(struct request *rq, const struct rows *rows)
{
	(void)rows;
	return request_reply(rq, "");
}

fault bundle_done(struct request *rq, const struct bundle_claim *claim, bool written)
{
	return db_query(rq, LANE_SLOW, SQL_BUNDLE_DONE, done_read,
			PARAMS(arena_strdup(rq->arena, claim->conference),
			       arena_strdup(rq->arena, claim->lease), p_bool(written)));
}
