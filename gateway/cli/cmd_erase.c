/* gateway/cli: plenum erase: a person by address, with all a database knows of them. */
#include "gateway/cli/cli.h"
#include "gateway/cli/erased_list.h"
#include "services/core/arena.h"
#include "services/core/text.h"
#include "services/core/token.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct fault erase_list_unwritten = {
    "erase.list", FAULT_STATE, "The list of erasures cannot be written: nobody was erased."};

const char *erase_by(void)
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

static int call(struct cli *cli, json_t *params, bool dry, struct cli_result *ret)
{
	json_object_set_new(params, "dry_run", json_boolean(dry));
	return cli_call_global(cli, "person.erase", params, ret);
}

/* "a,b" of ids, "-" of none. Free it. */
static char *joined(const json_t *ids)
{
	size_t n = json_array_size(ids), i;
	char *text = xcalloc(n + 1, 38), *at = text;
	const json_t *id;

	json_array_foreach(ids, i, id) at +=
	    snprintf(at, 38, "%s%.36s", i > 0 ? "," : "", json_string_value(id));
	if (n == 0)
		text[0] = '-';
	return text;
}

/* What a dry run found, as a line of the list; without one its id alone is needed. */
static void erasure_make(const json_t *listed, bool kept, struct erasure *ret)
{
	struct arena *arena = arena_create(4096);
	const char *scope = json_string_value(json_object_get(listed, "scope")),
		   *email = json_string_value(json_object_get(listed, "email"));

	*ret = (struct erasure){.persons = joined(json_object_get(listed, "persons"))};
	text_copy(ret->at, sizeof(ret->at), json_string_value(json_object_get(listed, "at")));
	text_copy(ret->id, sizeof(ret->id), random_uuid(arena));
	text_copy(ret->conference, sizeof(ret->conference), scope != NULL ? scope : "*");
	if (kept)
		text_copy(ret->hash, sizeof(ret->hash), code_hash(arena, "erased", email) + 2);
	arena_destroy(arena);
}

/* Refused for certain after it was written (somebody went on stage just now): it was none. */
static void not_erased(const char *path, struct erasure *e, fault f)
{
	if (path == NULL || f == &fault_busy || f == &fault_unknown_outcome || f == &fault_internal)
		return;
	text_copy(e->hash, sizeof(e->hash), "void");
	erased_list_append(path, e);
}

/* Tried first, then remembered, then done: nobody is erased whom a backup could bring back
 * unnoticed. path NULL: there is no list, and it is said. */
static int erase(struct cli *cli, json_t *params, bool dry, const char *path,
		 struct cli_result *ret)
{
	int status = call(cli, params, true, ret);
	const json_t *listed = json_object_get(ret->json, "listed");
	struct erasure e;

	if (status != 0 || dry)
		return status;
	erasure_make(listed, path != NULL, &e);
	json_object_set(params, "listed", json_object_get(listed, "persons"));
	json_object_set_new(params, "erasure", json_string(e.id));
	cli_result_finish(ret);
	if (path != NULL && !erased_list_append(path, &e)) {
		ret->fault = &erase_list_unwritten;
		status = EXIT_REFUSED;
	} else {
		status = call(cli, params, false, ret);
		if (status != 0)
			not_erased(path, &e, ret->fault);
	}
	free(e.persons);
	return status;
}

static int erase_named(struct cli *cli, json_t *params, bool dry, const char *path)
{
	struct cli_result r;
	int status = erase(cli, params, dry, path, &r);

	if (status != 0)
		status = cli_refused(cli, &r);
	else if (cli->json)
		status = cli_print(&r);
	else
		put_done(r.json);
	if (status == 0 && !dry && path == NULL)
		fputs("plenum: kept in no list: a backup from before brings them back. Set "
		      "erased_list\n",
		      stderr);
	cli_result_finish(&r);
	return status;
}

int cmd_erase(struct cli *cli, int argc, char **argv)
{
	const char *email = cli_option(&argc, argv, "email"),
		   *conference = cli_option(&argc, argv, "conference"),
		   *path = cli_option(&argc, argv, "list");
	bool dry = cli_flag(&argc, argv, "dry-run"), force = cli_flag(&argc, argv, "force"),
	     again = cli_flag(&argc, argv, "again");
	json_t *params;
	int status;

	if (conference == NULL)
		conference = cli->into;
	if (path == NULL)
		path = cli->config.erased_list;
	if (argc != 0 || again == (email != NULL) || (again && (conference != NULL || force)))
		return EXIT_USAGE;
	if ((again && path == NULL) || (path != NULL && cli->config.key_dir == NULL && !dry)) {
		fputs("plenum: the list of erasures needs erased_list (or --list FILE), and "
		      "key_dir for code.key\n",
		      stderr);
		return EXIT_REFUSED;
	}
	if (again)
		return erase_again(cli, path, dry);
	params = json_pack("{s:s,s:b,s:s}", "email", email, "force", force, "by", erase_by());
	if (conference != NULL)
		json_object_set_new(params, "conference", json_string(conference));
	status = erase_named(cli, params, dry, path);
	json_decref(params);
	return status;
}
