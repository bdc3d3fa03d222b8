/* gateway/cli: plenum export schedule: the current release as a file on standard output. */
#include "gateway/cli/cli.h"

#include <stdio.h>
#include <string.h>

int cmd_export_schedule(struct cli *cli, int argc, char **argv)
{
	const char *format = cli_option(&argc, argv, "format");
	struct cli_result r;
	json_t *params;
	int status;

	if (argc != 0 || format == NULL ||
	    (strcmp(format, "xml") != 0 && strcmp(format, "json") != 0 &&
	     strcmp(format, "ics") != 0 && strcmp(format, "csv") != 0))
		return EXIT_USAGE;
	params = json_pack("{s:s}", "format", format);
	status = cli_call(cli, "schedule.export", params, &r);
	if (status != 0)
		status = cli_refused(cli, &r);
	else if (fwrite(r.text, 1, r.size, stdout) != r.size || fflush(stdout) != 0)
		status = EXIT_REFUSED;
	cli_result_finish(&r);
	json_decref(params);
	return status;
}
