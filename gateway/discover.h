/* gateway: rpc.discover: the registry of methods and events as an OpenRPC document. */
#ifndef GATEWAY_DISCOVER_H
#define GATEWAY_DISCOVER_H

/* Made once; lives as long as the process. */
const char *discover_json(void);

#endif
