/* services/review: which reviewer gets which abstract. Numbers only; it knows neither SQL nor
 * requests. */
#ifndef REVIEW_BALANCE_H
#define REVIEW_BALANCE_H

#include "services/core/arena.h"

#include <stdbool.h>

struct balance_input {
	int abstracts, people;
	const int *need; /* reviews each abstract still needs */
	const int *load; /* what each reviewer has */
	const int *most; /* the most each wants; below 0: any number */
	/* abstracts × people, row by row: '0' may not, '1' may, '2' is of their topics */
	const char *fits;
};

/* The input stays the caller's and outlives it; everything made is in the arena. */
struct balance *balance_new(struct arena *arena, const struct balance_input *in);

/*
 * Finds the next `places` of what is needed, one an abstract in turn; true when all are done. Then
 * as many places are filled as can be, with as few as possible outside a reviewer's topics, and
 * among those ways in the one whose loads are most alike (the least sum of their squares).
 */
bool balance_go(struct balance *b, int places);

bool balance_has(const struct balance *b, int abstract, int person);

#endif
