/*
 * What would be lost if the engine died now, in samples: it says so whenever that changed, when a flush has taken the
 * buckets out and when it is over. When it dies, its last word is what was lost, and the next engine is told.
 */
#ifndef DOGSLED_HOLDINGS_H
#define DOGSLED_HOLDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct holdings {
    uint64_t word; /* the last one of the engine that lives */
    uint64_t lost; /* with engines before it, told to nobody yet */
    uint64_t told; /* losses that only the engine that lives knows of */
    bool uncounted;      /* an engine has died that had been ready: what it received after its last word nobody counted */
    bool told_uncounted; /* only the engine that lives knows of that */
};

/* Payload of a `holds` frame: u64, little endian. */
void holdings_on_word(struct holdings *holdings, const unsigned char *payload);

/* What the engine that starts is told as lost. */
uint64_t holdings_tell(struct holdings *holdings);

/* The engine has finished an invocation: it answers for what it was told. */
void holdings_settle(struct holdings *holdings);

/* The engine has died; one that never was ready had received nothing. */
void holdings_bereave(struct holdings *holdings, bool was_ready);

#endif
