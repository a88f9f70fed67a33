#include "holdings.h"

void holdings_on_word(struct holdings *holdings, const unsigned char *payload)
{
    uint64_t samples = 0;
    for (size_t i = 8; i > 0; i--) {
        samples = samples << 8 | payload[i - 1];
    }
    holdings->word = samples;
}

uint64_t holdings_tell(struct holdings *holdings)
{
    uint64_t lost = holdings->lost;
    holdings->told += lost;
    holdings->lost = 0;
    holdings->told_uncounted = holdings->uncounted;
    holdings->uncounted = false;
    return lost;
}

void holdings_settle(struct holdings *holdings)
{
    holdings->told = 0;
    holdings->told_uncounted = false;
}

void holdings_bereave(struct holdings *holdings, bool was_ready)
{
    holdings->uncounted = holdings->uncounted || holdings->told_uncounted || was_ready;
    holdings->told_uncounted = false;
    holdings->lost += holdings->word + holdings->told;
    holdings->word = 0;
    holdings->told = 0;
}
