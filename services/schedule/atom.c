/* services/schedule: the releases as an Atom feed (RFC 4287). */
#include "services/core/token.h"
#include "services/db/db.h"
#include "services/schedule/file.h"
#include "services/schedule/methods.h"

#include <libxml/xmlwriter.h>
#include <string.h>

static rows_fn releases_read;

static void element(xmlTextWriterPtr w, const char *name, const char *text)
{
	xmlTextWriterWriteElement(w, (const xmlChar *)name, (const xmlChar *)text);
}

/* Addresses are relative to the feed's own host: services know no host. */
static void link_to(xmlTextWriterPtr w, const char *rel, const char *href)
{
	xmlTextWriterStartElement(w, (const xmlChar *)"link");
	xmlTextWriterWriteAttribute(w, (const xmlChar *)"rel", (const xmlChar *)rel);
	xmlTextWriterWriteAttribute(w, (const xmlChar *)"href", (const xmlChar *)href);
	xmlTextWriterEndElement(w);
}

static const char *content_of(struct arena *arena, const struct rows *rows, int i)
{
	const char *note = rows_text(rows, i, "note"), *changes = rows_text(rows, i, "changes");
	int64_t more = rows_int(rows, i, "more");

	changes = changes != NULL ? changes : "";
	return arena_printf(arena, "%s%s%s%s", note, *note != 0 ? "\n\n" : "", changes,
			    more > 0 ? arena_printf(arena, "\nand %lld more", (long long)more)
				     : "");
}

static void entry(xmlTextWriterPtr w, struct arena *arena, const struct rows *rows, int i)
{
	const char *number = rows_text(rows, i, "number"), *back = rows_text(rows, i, "reverts");

	xmlTextWriterStartElement(w, (const xmlChar *)"entry");
	element(w, "id",
		arena_printf(
		    arena, "urn:uuid:%s",
		    name_guid(arena, "release %s %s", rows_text(rows, i, "conference"), number)));
	element(w, "title",
		back != NULL
		    ? arena_printf(arena, "Release %s (takes back release %s)", number, back)
		    : arena_printf(arena, "Release %s", number));
	element(w, "updated", rows_text(rows, i, "at"));
	link_to(w, "alternate",
		arena_printf(arena, "/e/%s/release/%s", rows_text(rows, i, "slug"), number));
	xmlTextWriterStartElement(w, (const xmlChar *)"content");
	xmlTextWriterWriteAttribute(w, (const xmlChar *)"type", (const xmlChar *)"text");
	xmlTextWriterWriteString(w, (const xmlChar *)content_of(arena, rows, i));
	xmlTextWriterEndElement(w);
	xmlTextWriterEndElement(w);
}

static void feed(xmlTextWriterPtr w, struct arena *arena, const struct rows *rows)
{
	const char *title = rows_text(rows, 0, "title"), *slug = rows_text(rows, 0, "slug");
	const char *at = rows_text(rows, 0, "at");

	xmlTextWriterSetIndent(w, 1);
	xmlTextWriterStartDocument(w, NULL, "UTF-8", NULL);
	xmlTextWriterStartElementNS(w, NULL, (const xmlChar *)"feed",
				    (const xmlChar *)"http://www.w3.org/2005/Atom");
	element(w, "id", arena_printf(arena, "urn:uuid:%s", rows_text(rows, 0, "conference")));
	element(w, "title", arena_printf(arena, "%s: programme", title));
	element(w, "updated", at != NULL ? at : rows_text(rows, 0, "created"));
	link_to(w, "self", arena_printf(arena, "/e/%s/releases.atom", slug));
	link_to(w, "alternate", arena_printf(arena, "/e/%s/attend", slug));
	xmlTextWriterStartElement(w, (const xmlChar *)"author");
	element(w, "name", title);
	xmlTextWriterEndElement(w);
	for (int i = 0; i < rows_count(rows) && at != NULL; i++)
		entry(w, arena, rows, i);
	xmlTextWriterEndDocument(w);
}

static fault releases_read(struct request *rq, const struct rows *rows)
{
	xmlBufferPtr out;
	xmlTextWriterPtr w;
	const char *bytes;
	size_t size;

	if (rows_count(rows) == 0)
		return &fault_not_found;
	out = xmlBufferCreate();
	w = xmlNewTextWriterMemory(out, 0);
	feed(w, rq->arena, rows);
	xmlFreeTextWriter(w);
	size = (size_t)xmlBufferLength(out);
	bytes = arena_strndup(rq->arena, (const char *)xmlBufferContent(out), size);
	xmlBufferFree(out);
	rq->content_type = "application/atom+xml; charset=utf-8";
	rq->etag = arena_printf(rq->arena, "\"%.32s\"", sha256_bytea(rq->arena, bytes, size) + 2);
	rq->last_modified =
	    rows_int(rows, 0, rows_text(rows, 0, "at") != NULL ? "at_s" : "created_s");
	return request_reply_bytes(rq, bytes, size);
}

fault document_releases(struct request *rq)
{
	return db_query(rq, LANE_PUBLIC, SQL_RELEASE_FEED, releases_read,
			PARAMS(rq->caller.conference));
}
