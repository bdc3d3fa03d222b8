/* services/files: bytes that no row needs leave the disk. */
#include "services/core/log.h"
#include "services/files/parts.h"

#include <string.h>

enum { SWEEP_MAX = 50 };

struct sweep {
	char paths[SWEEP_MAX][STORE_PATH];
	char ids[SWEEP_MAX][UUID_SIZE];
	int n, wrong;
};

static rows_fn named, told;
static request_fn swept;

fault files_sweep(struct request *rq)
{
	if (!store_known())
		return request_reply(rq, "");
	return db_query(rq, LANE_SLOW, SQL_FILES_SWEEP, named, NULL, 0);
}

static void take_away(void *data)
{
	struct sweep *s = data;

	for (int i = 0; i < s->n; i++) {
		int wrong = store_remove(s->paths[i]);

		/* Its row of waste stays: again in a while. */
		if (wrong != 0) {
			s->wrong = wrong;
			s->ids[i][0] = 0;
		}
	}
}

static fault named(struct request *rq, const struct rows *rows)
{
	struct sweep *s;

	if (rows_count(rows) == 0)
		return request_reply(rq, "");
	s = arena_alloc(rq->arena, sizeof(*s));
	rq->params = s;
	for (int i = 0; i < rows_count(rows) && i < SWEEP_MAX; i++) {
		const char *id = rows_text(rows, i, "file");

		if (store_path(id, s->paths[s->n]))
			memcpy(s->ids[s->n++], id, UUID_SIZE);
	}
	return db_work(rq, take_away, s, swept);
}

static fault swept(struct request *rq)
{
	struct sweep *s = rq->params;
	char *array = arena_alloc(rq->arena, 2 + (size_t)s->n * UUID_SIZE + 1);

	if (s->wrong != 0)
		log_line("files: cannot remove a file: %s", strerror(s->wrong));
	strcpy(array, "{");
	for (int i = 0; i < s->n; i++) {
		if (s->ids[i][0] == 0)
			continue;
		if (array[1] != 0)
			strcat(array, ",");
		strcat(array, s->ids[i]);
	}
	strcat(array, "}");
	return db_query(rq, LANE_SLOW, SQL_FILES_SWEPT, told, PARAMS(array));
}

static fault told(struct request *rq, const struct rows *rows)
{
	(void)rows;
	return request_reply(rq, "");
}
