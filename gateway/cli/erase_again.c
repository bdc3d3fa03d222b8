/* gateway/cli: plenum erase --again: after a restore, whoever of the list is there once more. */
#include "gateway/cli/cli.h"
#include "gateway/cli/erased_list.h"
#include "services/core/arena.h"
#include "services/core/token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_ARENA = 4096 };

struct totals {
	int erasures, people, addresses;
	json_t *refused; /* {"line","fault","field"?} */
};

/* hash → address, of all there are. */
static json_t *hashes_make(const json_t *addresses)
{
	json_t *hashes = json_object();
	const json_t *address;
	size_t i;

	json_array_foreach(addresses, i, address)
	{
		struct arena *arena = arena_create(HASH_ARENA);

		json_object_set(hashes, code_hash(arena, "erased", json_string_value(address)) + 2,
				(json_t *)address);
		arena_destroy(arena);
	}
	return hashes;
}

static json_t *params_of(const struct erasure *e, const json_t *hashes, bool dry)
{
	json_t *params = json_pack("{s:s,s:s,s:b,s:s}", "erasure", e->id, "at", e->at, "dry_run",
				   dry, "by", erase_by());
	json_t *persons = json_array(), *email = json_object_get(hashes, e->hash);
	char *copy = xstrdup(e->persons), *rest = NULL;

	for (char *id = strtok_r(copy, ",", &rest); id != NULL; id = strtok_r(NULL, ",", &rest))
		if (strcmp(id, "-") != 0)
			json_array_append_new(persons, json_string(id));
	free(copy);
	json_object_set_new(params, "persons", persons);
	if (email != NULL)
		json_object_set(params, "email", email);
	if (strcmp(e->conference, "*") != 0)
		json_object_set_new(params, "conference", json_string(e->conference));
	return params;
}

static void add(struct totals *totals, const json_t *result)
{
	const json_t *conference;
	size_t i;

	totals->erasures += json_is_true(json_object_get(result, "known"));
	json_array_foreach(json_object_get(result, "conferences"), i, conference)
	{
		if (json_is_true(json_object_get(conference, "person")))
			totals->people++;
		else
			totals->addresses++;
	}
}

/* One that is refused keeps none of the others. */
static void one_again(struct cli *cli, const struct erasure *e, const json_t *hashes, bool dry,
		      struct totals *totals)
{
	json_t *params = params_of(e, hashes, dry), *why;
	struct cli_result r;

	if (cli_call_global(cli, "person.erase_again", params, &r) == 0) {
		add(totals, r.json);
	} else {
		why = json_pack("{s:i,s:s}", "line", e->line, "fault", r.fault->code);
		if (r.fault_field != NULL)
			json_object_set_new(why, "field", json_string(r.fault_field));
		json_array_append_new(totals->refused, why);
		if (!cli->json)
			fprintf(stderr, "plenum: line %d: %s: %s%s%s\n", e->line, r.fault->code,
				r.fault->text, r.fault_field != NULL ? " In: " : "",
				r.fault_field != NULL ? r.fault_field : "");
	}
	cli_result_finish(&r);
	json_decref(params);
}

static void say(const struct cli *cli, const char *path, const struct erased_list *list,
		const struct totals *totals, bool dry)
{
	json_t *broken = json_array(), *all;

	for (size_t i = 0; i < list->broken_count; i++) {
		json_array_append_new(broken, json_integer(list->broken[i]));
		if (!cli->json)
			fprintf(stderr, "plenum: %s line %d is broken: nobody was looked for\n",
				path, list->broken[i]);
	}
	all =
	    json_pack("{s:b,s:I,s:i,s:i,s:i,s:O,s:o}", "dry_run", dry, "erasures",
		      (json_int_t)list->count, "again", totals->erasures, "people", totals->people,
		      "addresses", totals->addresses, "refused", totals->refused, "broken", broken);
	if (cli->json) {
		json_dumpf(all, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		printf("%zu erasures in the list, %d of them undone by a backup%s: %d people and "
		       "%d addresses without one\n",
		       list->count, totals->erasures,
		       dry ? ", to be done again" : " and done again", totals->people,
		       totals->addresses);
	}
	json_decref(all);
}

int erase_again(struct cli *cli, const char *path, bool dry)
{
	struct totals totals = {0};
	struct erased_list list;
	struct cli_result r;
	json_t *hashes;
	int status;

	if (!erased_list_read(path, &list))
		return EXIT_REFUSED;
	status = cli_call_global(cli, "person.addresses", NULL, &r);
	if (status != 0) {
		cli_refused(cli, &r);
		cli_result_finish(&r);
		erased_list_finish(&list);
		return status;
	}
	totals.refused = json_array();
	hashes = hashes_make(json_object_get(r.json, "addresses"));
	cli_result_finish(&r);
	for (size_t i = 0; i < list.count; i++)
		one_again(cli, &list.items[i], hashes, dry, &totals);
	say(cli, path, &list, &totals, dry);
	status = list.broken_count > 0 || json_array_size(totals.refused) > 0 ? EXIT_REFUSED : 0;
	json_decref(hashes);
	json_decref(totals.refused);
	erased_list_finish(&list);
	return status;
}
