/* gateway/cli: plenum import schedule: reads a schedule file and says of each row what became of
 * it. */
#include "gateway/cli/cli.h"
#include "services/core/arena.h"
#include "services/schedule/schedule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_MAX = 256 << 20 };

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

static long long count_of(const json_t *object, const char *name)
{
	return (long long)json_integer_value(json_object_get(object, name));
}

/* Refusals on stderr, the rest on stdout. Returns how many were refused. */
static int print_report(const char *file, const json_t *report)
{
	int refused = 0;
	json_t *entry;
	size_t i;

	json_array_foreach((json_t *)report, i, entry)
	{
		const char *action = text_of(entry, "action"), *path = text_of(entry, "path"),
			   *row = text_of(entry, "row");
		bool bad = strcmp(action, "refused") == 0;
		FILE *out = bad ? stderr : stdout;

		refused += bad;
		fprintf(out, "%-8s  %s", action, file);
		if (count_of(entry, "line") > 0)
			fprintf(out, ":%lld", count_of(entry, "line"));
		else if (*path != 0)
			fprintf(out, " %s", path);
		fprintf(out, ": %s%s%s\n", row, *row != 0 ? ": " : "", text_of(entry, "why"));
	}
	return refused;
}

static void print_done(const json_t *reply, int refused)
{
	const json_t *counts = json_object_get(reply, "counts"),
		     *release = json_object_get(reply, "release");
	bool dry = json_is_true(json_object_get(reply, "dry_run"));

	printf("%s%s: %lld events, %lld rooms, %lld tracks, %lld speakers",
	       dry ? "would import into " : "", text_of(reply, "slug"), count_of(counts, "events"),
	       count_of(counts, "rooms"), count_of(counts, "tracks"), count_of(counts, "speakers"));
	if (refused > 0)
		printf(", %d left out", refused);
	printf(
	    "\nsessions: %lld new, %lld changed; slots: %lld new, %lld changed, %lld cancelled\n",
	    count_of(counts, "sessions_added"), count_of(counts, "sessions_updated"),
	    count_of(counts, "slots_added"), count_of(counts, "slots_moved"),
	    count_of(counts, "slots_cancelled"));
	if (json_is_integer(release))
		printf("release %lld%s\n", (long long)json_integer_value(release),
		       dry ? " would be published" : " is published");
	else
		puts("nothing is published; see plenum release preview");
}

static int import(struct cli *cli, const char *file, json_t *doc, json_t *params)
{
	json_t *report = json_object_get(doc, "report");
	struct cli_result r;
	int status, refused = 0;

	json_object_set(params, "doc", doc);
	if (cli->into != NULL)
		json_object_set_new(params, "into", json_string(cli->into));
	if (!cli->json)
		refused = print_report(file, report);
	/* A slug may be new: then there is no conference yet to call in. */
	status = cli->into != NULL ? cli_call_global(cli, "schedule.import", params, &r)
				   : cli_call(cli, "schedule.import", params, &r);
	if (status == 0 && cli->json)
		status = cli_print(&r);
	else if (status == 0)
		print_done(r.json, refused);
	else
		status = cli_refused(cli, &r);
	cli_result_finish(&r);
	return status;
}

int cmd_import_schedule(struct cli *cli, int argc, char **argv)
{
	const char *zone = cli_option(&argc, argv, "zone"), *why = "cannot be read";
	bool dry = cli_flag(&argc, argv, "dry-run"), partial = cli_flag(&argc, argv, "partial"),
	     publish = cli_flag(&argc, argv, "publish");
	struct cli_result unread = {0};
	struct arena *arena;
	json_t *doc = NULL, *params;
	size_t size;
	char *bytes;
	int status;

	if (argc != 1)
		return EXIT_USAGE;
	bytes = cli_read_file(argv[0], SCHEDULE_FILE_MAX, &size);
	if (bytes == NULL)
		return EXIT_REFUSED;
	arena = arena_create(ARENA_MAX);
	unread.fault = schedule_parse(arena, bytes, size, zone, &doc, &why);
	if (unread.fault == OK) {
		params = json_pack("{s:b, s:b, s:b}", "dry_run", dry, "partial", partial, "publish",
				   publish);
		status = import(cli, argv[0], doc, params);
		json_decref(params);
	} else {
		fprintf(stderr, "plenum: %s: %s\n", argv[0], why);
		status = cli_refused(cli, &unread);
	}
	json_decref(doc);
	arena_destroy(arena);
	free(bytes);
	return status;
}
