package io.dogsled.aggregator;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * How many different values each tag key came with in new contexts, by estimate: to say which keys use up the contexts.
 * Asked when a context is learned only. Bounded: {@value #LIMIT} keys with a kilobyte each; what is beyond them, or has no
 * key, is counted together.
 */
final class TagKeys {
    private static final int LIMIT = 64;
    private static final int LONGEST_KEY = 200;

    private final List<Key> keys = new ArrayList<>();
    private final Key bare = new Key(Text.of("tags without a value"));
    private final Key others = new Key(Text.of("other keys"));

    void add(Context context) {
        for (Text tag : context.tags()) {
            byte[] bytes = tag.bytes();
            int colon = colon(bytes);
            Key key = colon < 0 ? bare : key(bytes, colon);
            // a key that shares its estimate counts with the whole tag
            key.values.add(bytes, key == others ? 0 : colon + 1, bytes.length);
        }
    }

    /** The three keys with the most values: {@code request_id (about 9800), user (about 310), az (3)}; {@code ""} if none. */
    String top() {
        List<Key> all = new ArrayList<>(keys);
        all.add(bare);
        all.add(others);
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < 3 && !all.isEmpty(); i++) {
            Key most = most(all);
            all.remove(most);
            long values = most.values.estimate();
            if (values > 0) {
                line.append(line.isEmpty() ? "" : ", ").append(most.name).append(values > 10 ? " (about " : " (");
                line.append(values).append(')');
            }
        }
        return line.toString();
    }

    private static Key most(List<Key> keys) {
        Key most = keys.getFirst();
        for (Key key : keys) {
            if (key.values.estimate() > most.values.estimate()) {
                most = key;
            }
        }
        return most;
    }

    private Key key(byte[] tag, int length) {
        for (Key key : keys) {
            if (key.is(tag, length)) {
                return key;
            }
        }
        if (keys.size() == LIMIT || length > LONGEST_KEY) {
            return others;
        }
        Key key = new Key(Text.copyOf(tag, 0, length));
        keys.add(key);
        return key;
    }

    private static int colon(byte[] tag) {
        for (int i = 0; i < tag.length; i++) {
            if (tag[i] == ':') {
                return i;
            }
        }
        return -1;
    }

    private static final class Key {
        private final Text name;
        private final HyperLogLog values = new HyperLogLog(HyperLogLog.MIDDLE);

        Key(Text name) {
            this.name = name;
        }

        boolean is(byte[] tag, int length) {
            return name.length() == length && java.util.Arrays.equals(name.bytes(), 0, length, tag, 0, length);
        }
    }
}
