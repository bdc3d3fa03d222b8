/* services/db: migrations: forward only, one transaction each (architecture §1). */
#include "services/db/migrate.h"
#include "sql.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

static const char begin[] =
    "begin; set local lock_timeout = '5s'; set local check_function_bodies = off";

static void quiet(void *data, const char *message)
{
	(void)data;
	(void)message;
}

static bool run(PGconn *pg, const char *what, const char *text, void (*say)(const char *line))
{
	PGresult *result = PQexec(pg, text);
	ExecStatusType status = PQresultStatus(result);
	bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
	char line[600];

	if (!ok) {
		snprintf(line, sizeof(line), "%s: %.500s", what, PQresultErrorMessage(result));
		say(line);
	}
	PQclear(result);
	return ok;
}

static bool applied(PGconn *pg, const char *name)
{
	const char *params[] = {name};
	PGresult *result = PQexecParams(pg, "select from migration where name = $1", 1, NULL,
					params, NULL, NULL, 0);
	bool found = PQntuples(result) == 1;

	PQclear(result);
	return found;
}

static bool note(PGconn *pg, const char *statement, const char *value)
{
	const char *params[] = {value};
	PGresult *result = PQexecParams(pg, statement, 1, NULL, params, NULL, NULL, 0);
	bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;

	PQclear(result);
	return ok;
}

static bool apply(PGconn *pg, const struct sql_file *file, void (*say)(const char *line))
{
	char line[200];

	if (!run(pg, file->name, begin, say) || !run(pg, file->name, file->text, say) ||
	    !note(pg, "insert into migration (name) values ($1)", file->name) ||
	    !run(pg, file->name, "commit", say)) {
		run(pg, file->name, "rollback", say);
		return false;
	}
	snprintf(line, sizeof(line), "applied %s", file->name);
	say(line);
	return true;
}

static bool functions(PGconn *pg, void (*say)(const char *line))
{
	bool ok = run(pg, "functions", begin, say);

	for (const struct sql_file *file = sql_functions; ok && file->name != NULL; file++)
		ok = run(pg, file->name, file->text, say);
	ok = ok && run(pg, "version", "delete from schema_version", say) &&
	     note(pg, "insert into schema_version (hash) values ($1)", sql_schema_hash);
	return run(pg, "functions", ok ? "commit" : "rollback", say) && ok;
}

bool db_migrate(const char *dsn, void (*say)(const char *line))
{
	PGconn *pg = PQconnectdb(dsn);
	bool ok = PQstatus(pg) == CONNECTION_OK;

	if (!ok)
		say("the database cannot be reached with this dsn");
	PQsetNoticeProcessor(pg, quiet, NULL);
	ok = ok && run(pg, "lock", "select pg_advisory_lock(7365231)", say) &&
	     run(pg, "tables",
		 "create table if not exists migration (name text constraint migration_key primary "
		 "key, at timestamptz "
		 "not null default now()); create table if not exists schema_version (hash text "
		 "not null)",
		 say);
	for (const struct sql_file *file = sql_migrations; ok && file->name != NULL; file++)
		if (!applied(pg, file->name))
			ok = apply(pg, file, say);
	ok = ok && functions(pg, say);
	PQfinish(pg);
	return ok;
}

static void examine(PGconn *pg, const char *query, const char *wanted, const char *what,
		    void (*finding)(bool ok, const char *line))
{
	PGresult *result = PQexec(pg, query);
	const char *value = PQntuples(result) == 1 ? PQgetvalue(result, 0, 0) : "?";
	char line[300];

	snprintf(line, sizeof(line), "%s: %.120s%s%s", what, value,
		 strcmp(value, wanted) == 0 ? "" : ", should be ",
		 strcmp(value, wanted) == 0 ? "" : wanted);
	finding(strcmp(value, wanted) == 0, line);
	PQclear(result);
}

void db_examine(const char *dsn, void (*finding)(bool ok, const char *line))
{
	PGconn *pg = PQconnectdb(dsn);

	if (PQstatus(pg) != CONNECTION_OK) {
		finding(false, "the database cannot be reached with this dsn");
		PQfinish(pg);
		return;
	}
	examine(pg, "select hash from schema_version", sql_schema_hash, "schema version", finding);
	examine(pg, "show synchronous_commit", "on", "synchronous_commit", finding);
	examine(pg, "show fsync", "on", "fsync", finding);
	examine(pg, "show server_encoding", "UTF8", "server_encoding", finding);
	examine(pg, "select has_schema_privilege('public', 'create')::text", "false",
		"may create objects", finding);
	examine(pg, "select (current_setting('max_connections')::int >= 40)::text", "true",
		"room for 40 connections", finding);
	PQfinish(pg);
}
