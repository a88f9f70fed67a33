package io.dogsled.forwarder;

import io.dogsled.base.Log;
import io.dogsled.config.Config;

/** Where the API key comes from. Secret stores will be further sources (rulings.md 29). */
public interface ApiKeySource {
    /** The key, fit for a header; {@code ""} = there is none (yet), so nothing can be sent. Any thread. */
    String key();

    /** Whether reading it again can give another key: data refused for the key is then worth keeping (rulings.md 9). Any thread. */
    boolean canChange();

    /**
     * Reads the source, unless it was read less than a minute ago: after a 403, and before a round while there is no key. May
     * take the time of a file; never throws. The threads that send alone.
     *
     * @param nowMs wall clock
     * @return whether there is a usable key that was not there before, so that what was refused is worth another try at once
     */
    boolean refresh(long nowMs);

    /** A key that was written into the environment. */
    static ApiKeySource plain(String key) {
        return new PlainKey(key);
    }

    /** As configured: the environment's key, or the one in a file. */
    static ApiKeySource of(Config.Intake config, Log log) {
        return config.keyFile().isEmpty() ? plain(config.apiKey()) : new FileKey(config.keyFile(), log);
    }
}
