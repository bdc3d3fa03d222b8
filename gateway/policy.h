/* gateway: the content security policy of the attendees' page, which follows the conference's lists
 * of hosts. */
#ifndef GATEWAY_POLICY_H
#define GATEWAY_POLICY_H

/* csp is the header's value, valid during the call. */
typedef void policy_fn(const char *csp, void *data);

/*
 * slug "": the default conference. done is called exactly once, perhaps at once. What the database
 * said is good for some seconds; while it cannot be asked, what it said last, or else the strict
 * policy without any foreign host.
 */
void policy_of(const char *slug, policy_fn *done, void *data);

#endif
