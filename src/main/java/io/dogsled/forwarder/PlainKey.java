package io.dogsled.forwarder;

import io.dogsled.http.Header;

/** A key that stays what it is. One that cannot stand in a header is as good as none. */
final class PlainKey implements ApiKeySource {
    private final String key;

    PlainKey(String key) {
        this.key = Header.isUsable(key) ? key : "";
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public boolean canChange() {
        return false;
    }

    @Override
    public boolean refresh(long nowMs) {
        return false;
    }
}
