/* services/schedule: the programme as files: frab XML and frab JSON out, whole schedules
 * in. */
#include "services/db/db.h"
#include "services/schedule/file.h"
#include "services/schedule/methods.h"
#include "services/schedule/schedule.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static rows_fn xml_read, json_read, csv_read, import_done;

/* Strong: made of the bytes themselves. Takes the buffer. */
static fault reply_file(struct request *rq, struct buffer *b, const char *type, int64_t modified)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	char *etag = arena_alloc(rq->arena, 2 + 32 + 1);
	char *bytes = arena_strndup(rq->arena, b->bytes, b->size);
	size_t size = b->size;

	if (EVP_Digest(bytes, size, hash, NULL, EVP_sha256(), NULL) != 1)
		abort();
	buffer_finish(b);
	etag[0] = '"';
	for (int i = 0; i < 16; i++)
		snprintf(etag + 1 + 2 * i, 3, "%02x", hash[i]);
	etag[33] = '"';
	rq->content_type = type;
	rq->etag = etag;
	rq->last_modified = modified;
	return request_reply_bytes(rq, bytes, size);
}

typedef void file_writer(const json_t *doc, struct buffer *b);

static fault write_file(struct request *rq, const struct rows *rows, file_writer *writer,
			const char *type)
{
	const char *text = (rows_count(rows) == 1) ? rows_text(rows, 0, "doc") : NULL;
	json_t *doc = (text != NULL) ? json_loads(text, 0, NULL) : NULL;
	struct buffer b = {0};
	int64_t modified;

	if (text == NULL)
		return &fault_not_found;
	if (doc == NULL)
		return &fault_internal;
	modified = json_integer_value(json_object_get(doc, "modified"));
	writer(doc, &b);
	json_decref(doc);
	return reply_file(rq, &b, type, modified);
}

static fault xml_read(struct request *rq, const struct rows *rows)
{
	return write_file(rq, rows, frab_xml_write, "application/xml; charset=utf-8");
}

static fault json_read(struct request *rq, const struct rows *rows)
{
	return write_file(rq, rows, frab_json_write, "application/json");
}

fault document_xml(struct request *rq)
{
	return db_query(rq, LANE_SLOW, SQL_SCHEDULE_EXPORT, xml_read,
			PARAMS(rq->caller.conference));
}

fault document_json(struct request *rq)
{
	return db_query(rq, LANE_SLOW, SQL_SCHEDULE_EXPORT, json_read,
			PARAMS(rq->caller.conference));
}

static fault csv_read(struct request *rq, const struct rows *rows)
{
	return write_file(rq, rows, csv_write, "text/csv; charset=utf-8");
}

fault document_csv(struct request *rq)
{
	return db_query(rq, LANE_SLOW, SQL_SCHEDULE_EXPORT, csv_read,
			PARAMS(rq->caller.conference));
}

fault schedule_export(struct request *rq)
{
	const struct export_params *params = rq->params;

	if (strcmp(params->format, "csv") == 0)
		return document_csv(rq);
	return (strcmp(params->format, "xml") == 0) ? document_xml(rq) : document_json(rq);
}

static fault import_done(struct request *rq, const struct rows *rows)
{
	const char *reply, *name, *current;
	fault f;

	if (rows_count(rows) == 0)
		return &fault_not_found;
	reply = rows_text(rows, 0, "reply");
	if (reply != NULL)
		return request_reply(rq, arena_strdup(rq->arena, reply));
	name = rows_text(rows, 0, "fault");
	current = rows_text(rows, 0, "current");
	f = (name != NULL) ? fault_by_code(name) : NULL;
	if (current != NULL)
		rq->fault_current = arena_strdup(rq->arena, current);
	return (f != NULL) ? f : &fault_internal;
}

/* Matched by guid: the same file twice changes nothing, so it needs no key. */
fault schedule_import(struct request *rq)
{
	const struct import_params *params = rq->params;
	const char *conference = (*rq->caller.conference != 0) ? rq->caller.conference : NULL;
	const char *into = (params->into != NULL && *params->into != 0) ? params->into : NULL;

	return db_query(rq, LANE_SLOW, SQL_SCHEDULE_IMPORT, import_done,
			PARAMS(conference, caller_actor(&rq->caller), into, params->doc,
			       p_bool(params->publish), p_bool(params->partial),
			       p_bool(params->dry_run)));
}
