package io.dogsled.forwarder;

/** Where the API key comes from. Secret stores will be further sources (rulings.md 29). Called by the forwarder's thread. */
public interface ApiKeySource {
    /** The key, fit for a header; {@code ""} = there is none, so nothing can be sent. */
    String key();

    /** Whether reading it again can give another key: data refused for the key is then worth keeping (rulings.md 9). */
    boolean canChange();

    /** A key that was written into the environment. */
    static ApiKeySource plain(String key) {
        return new PlainKey(key);
    }
}
