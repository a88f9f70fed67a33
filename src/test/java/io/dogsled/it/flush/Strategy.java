package io.dogsled.it.flush;

import java.time.Duration;

/** {@code DD_SERVERLESS_FLUSH_STRATEGY}; the intervals are short, so that a cell has several of them. */
enum Strategy {
    END("end"),
    END_EVERY("end,100"),
    PERIODICALLY("periodically,100"),
    CONTINUOUSLY("continuously,100"),
    ADAPTIVE("adaptive");

    /** After so long the next flush of every strategy with an interval is due. */
    static final Duration DUE = Duration.ofMillis(120);

    private final String setting;

    Strategy(String setting) {
        this.setting = setting;
    }

    String setting() {
        return setting;
    }

    /** Whether an invocation that is held for its flush has delivered when it ends, if all is well. */
    boolean deliversAtTheEnd() {
        return this == END;
    }
}
