/* services/files: what people hand in: slides for their talks, posters. Bytes on the disk under
 * files_dir, all that is known of them in the database. */
#ifndef FILES_H
#define FILES_H

#include "services/core/service.h"

#include <stdbool.h>

extern const struct service files_service, posters_service;

/* Announced by their names to whoever answers over HTTP. */
extern const struct fault file_too_big, file_overflow, file_type, file_locked, file_no_space,
    file_disk, file_gone, file_unavailable;

/* One piece of an upload, which is what a thread holds in memory for it. */
enum { FILE_PIECE_MAX = 1 << 20 };

/* Where the bytes are; NULL: this process takes and gives none. The string must live on. */
void files_start(const char *dir);

/* The end of a file.write, whatever became of it: before its request is destroyed. */
void files_write_ended(struct request *rq);

/* Opens a ready file for reading. -1: it is not there. */
int files_open(const char *id);

/* A handler like any other: takes from the disk what no row needs, when that is due. */
fault files_sweep(struct request *rq);

#endif
