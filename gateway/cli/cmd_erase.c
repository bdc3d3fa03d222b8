/* gateway/cli: plenum erase: a person by address, with all a database knows of them. */
#include "gateway/cli/cli.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whose hand it was: the account somebody came from, or runs as. */
static const char *operator_name(void)
{
	const char *name = getenv("SUDO_USER");
	const struct passwd *account;

	if (name != NULL && name[0] != 0 && strlen(name) <= 80)
		return name;
	account = getpwuid(getuid());
	return account != NULL && strlen(account->pw_name) <= 80 ? account->pw_name : "unknown";
}

static void put_rows(const char *title, const json_t *rows)
{
	const char *table;
	const json_t *n;

	if (json_object_size(rows) > 0)
		printf("  %s\n", title);
	json_object_foreach((json_t *)rows, table, n)
	    printf("  %10lld  %s\n", (long long)json_integer_value(n), table);
}

static void put_done(const json_t *result)
{
	bool dry = json_is_true(json_object_get(result, "dry_run"));
	const json_t *conference;
	size_t i;

	if (!json_is_true(json_object_get(result, "known"))) {
		puts("nothing known of that address");
		return;
	}
	json_array_foreach(json_object_get(result, "conferences"), i, conference)
	{
		printf("%s\n", json_string_value(json_object_get(conference, "conference")));
		put_rows(dry ? "would be erased, or their name taken out"
			     : "erased, or their name taken out",
			 json_object_get(conference, "rows"));
		put_rows(dry ? "would stay without them" : "stays without them",
			 json_object_get(conference, "kept"));
	}
}

int cmd_erase(struct cli *cli, int argc, char **argv)
{
	const char *email = cli_option(&argc, argv, "email"),
		   *conference = cli_option(&argc, argv, "conference");
	bool dry = cli_flag(&argc, argv, "dry-run"), force = cli_flag(&argc, argv, "force");
	struct cli_result r;
	json_t *params;
	int status;

	if (argc != 0 || email == NULL)
		return EXIT_USAGE;
	if (conference == NULL)
		conference = cli->into;
	params = json_pack("{s:s,s:b,s:b,s:s}", "email", email, "dry_run", dry, "force", force,
			   "by", operator_name());
	if (conference != NULL)
		json_object_set_new(params, "conference", json_string(conference));
	status = cli_call_global(cli, "person.erase", params, &r);
	if (status != 0)
		status = cli_refused(cli, &r);
	else if (cli->json)
		status = cli_print(&r);
	else
		put_done(r.json);
	cli_result_finish(&r);
	json_decref(params);
	return status;
}
