/* gateway/cli: plenum import abstracts: calls run elsewhere; a line a row says what became of it.
 */
#include "gateway/cli/cli.h"
#include "services/call/call.h"
#include "services/core/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_MAX = 256 << 20 };

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

/* Refusals on stderr, the rest on stdout. */
static void print_rows(const char *file, const json_t *rows)
{
	size_t i;
	json_t *row;

	json_array_foreach((json_t *)rows, i, row)
	{
		const char *result = text_of(row, "result"), *title = text_of(row, "title"),
			   *why = text_of(row, "why");
		bool bad = *why != 0;

		fprintf(bad ? stderr : stdout, "%-9s  %s row %d: %s%s%s\n",
			*result != 0 ? result : "refused", file,
			(int)json_integer_value(json_object_get(row, "row")), title,
			*title != 0 && bad ? ": " : "", why);
	}
}

static int count_of(const json_t *reply, const char *name)
{
	return (int)json_integer_value(json_object_get(reply, name));
}

static void print_done(const json_t *reply)
{
	printf("%s%d created, %d updated, %d as they were, %d refused\n",
	       json_is_true(json_object_get(reply, "dry_run")) ? "nothing was changed; it would be "
							       : "",
	       count_of(reply, "created"), count_of(reply, "updated"), count_of(reply, "unchanged"),
	       count_of(reply, "refused"));
}

static int import(struct cli *cli, const char *file, const json_t *params)
{
	struct cli_result r;
	int status = cli_call(cli, "abstract.import_bulk", params, &r);

	if (status == 0 && cli->json) {
		status = cli_print(&r);
	} else if (status == 0) {
		print_rows(file, json_object_get(r.json, "rows"));
		print_done(r.json);
	} else {
		json_t *current =
		    r.fault_current != NULL ? json_loads(r.fault_current, 0, NULL) : NULL;

		if (!cli->json)
			print_rows(file, json_object_get(current, "refused"));
		json_decref(current);
		status = cli_refused(cli, &r);
	}
	cli_result_finish(&r);
	return status;
}

int cmd_import_abstracts(struct cli *cli, int argc, char **argv)
{
	bool dry = cli_flag(&argc, argv, "dry-run"), partial = cli_flag(&argc, argv, "partial");
	struct arena *arena;
	const char *why = NULL;
	json_t *rows = NULL, *params;
	char *bytes;
	size_t size;
	int status = EXIT_REFUSED;

	if (argc != 1)
		return EXIT_USAGE;
	bytes = cli_read_file(argv[0], ABSTRACTS_FILE_MAX, &size);
	if (bytes == NULL)
		return EXIT_REFUSED;
	arena = arena_create(ARENA_MAX);
	if (abstracts_to_rows(arena, bytes, size, &rows, &why) == OK) {
		params =
		    json_pack("{s:o,s:b,s:b}", "rows", rows, "dry_run", dry, "partial", partial);
		status = import(cli, argv[0], params);
		json_decref(params);
	} else {
		fprintf(stderr, "plenum: %s: %s\n", argv[0], why != NULL ? why : "cannot be read");
	}
	arena_destroy(arena);
	free(bytes);
	return status;
}
