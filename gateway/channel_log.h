/* gateway: what channel.c and channel_log.c share. */
#ifndef GATEWAY_CHANNEL_LOG_H
#define GATEWAY_CHANNEL_LOG_H

#include "gateway/channel.h"

/* channel.c */
struct channel *channel_begin(const char *conference, const char *name,
			      const struct channel_kind *kind);
struct channel *channel_find_id(int64_t id);
void channel_learn_id(struct channel *ch, int64_t id);
void channel_ring_clear(struct channel *ch);
/* Makes the frame and puts it into the ring; a position that is there already is left alone. */
void channel_append(struct channel *ch, int64_t position, const char *type, const char *data,
		    size_t size);
struct tally *channel_tally(struct channel *ch, const char *key); /* NULL: none */
void channel_set_tally(struct channel *ch, const char *key, int64_t value, bool tell);
void channels_each(void (*each)(struct channel *ch, void *data), void *data);

/* channel_log.c */
void channel_load(struct channel *ch); /* unless it is loaded or being loaded */
void channel_log_start(uv_loop_t *loop, const char *dsn);

#endif
