/* services/db: bringing a database to this version's schema. Blocking: for the command line only.
 */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include <stdbool.h>

/*
 * Applies the migrations that are missing, each in its own transaction, re-creates all functions,
 * and notes the version. say gets a line for each step. One at a time: a second caller waits. false
 * after saying why.
 */
bool db_migrate(const char *dsn, void (*say)(const char *line));

/* What a database says of itself, for plenum doctor: each finding is one line; ok tells whether it
 * is fine. */
void db_examine(const char *dsn, void (*finding)(bool ok, const char *line));

#endif
