/* gateway/cli: plenum calls: many methods in one process, a line each. */
#include "gateway/cli/cli.h"
#include "services/core/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CALLS_MAX = 64 << 20 };

/* One line: {"method", "params"?, "as"?}. */
static int one(struct cli *cli, const char *line, size_t size)
{
	json_error_t error;
	json_t *call = json_loadb(line, size, JSON_REJECT_DUPLICATES, &error);
	const char *method = json_string_value(json_object_get(call, "method"));
	const json_t *params = json_object_get(call, "params");
	struct cli_result r;
	int status = EXIT_USAGE;

	if (method == NULL || (params != NULL && !json_is_object(params))) {
		fprintf(stderr, "plenum: a line is {\"method\", \"params\", \"as\"}\n");
	} else {
		cli->as = json_string_value(json_object_get(call, "as"));
		status = cli_call(cli, method, params, &r);
		if (status == 0)
			cli_print(&r);
		else
			cli_refused(cli, &r);
		cli_result_finish(&r);
	}
	json_decref(call);
	return status;
}

int cmd_calls(struct cli *cli, int argc, char **argv)
{
	size_t size = 0;
	char *bytes = argc == 1 ? cli_read_file(argv[0], CALLS_MAX, &size) : NULL;
	int status = 0;

	if (argc != 1)
		return EXIT_USAGE;
	if (bytes == NULL)
		return EXIT_REFUSED;
	for (const char *line = bytes; *line != 0 && status == 0;) {
		size_t n = strcspn(line, "\n");

		if (n > 0)
			status = one(cli, line, n);
		line += n + (line[n] == '\n');
	}
	free(bytes);
	return status;
}
