package io.dogsled.forwarder;

import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.serializer.Payload;
import io.dogsled.serializer.PayloadSerializer;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;

/**
 * What could not be delivered before the sandbox ended, written to stdout, which ends in the function's log: from there
 * {@code dogsled replay} delivers it (rulings.md 14, docs/decisions/024-dead-letters.md).
 *
 * <p>A letter is one payload as the intake takes it, so it is replayed as it is. The newest bucket over all kinds goes
 * first, as many values to a letter as fill about one line: a line that is lost then costs one letter, and a bound or a
 * deadline in the middle costs little. What is in a letter all of whose lines were written is lost as
 * {@link Counter#LOST_DEAD_LETTERED}; the rest stays where it is. Used once, by the thread that ends the forwarder.
 */
public final class DeadLetters {
    private static final int FIRST_ITEMS = 250;

    /** The next letter may take so many times as long as the last one, since it may hold as many times as much. */
    private static final int GROWTH = 2;

    private static final int ID_BYTES = 8;

    private final int maxBytes;
    private final LetterPost post;
    private final Clock clock;
    private int[] maxItems = {};
    private long leftBytes;
    private long lastNs;

    /**
     * @param maxBytes over all lines
     * @param out a write to it may block for ever
     */
    public DeadLetters(int maxBytes, OutputStream out, Clock clock) {
        this.maxBytes = maxBytes;
        this.post = new LetterPost(out, clock);
        this.clock = clock;
    }

    /**
     * Writes what is left of each kind.
     *
     * @param deadline when this call returns, or as much later as one letter takes to encode
     */
    void write(List<Remains<?>> remains, Deadline deadline) {
        maxItems = new int[remains.size()];
        Arrays.fill(maxItems, FIRST_ITEMS);
        leftBytes = maxBytes;
        PayloadSerializer serializer = new PayloadSerializer(true);
        String life = randomId();
        int number = 1;
        int newest = newest(remains);
        while (newest >= 0
                && isTimeForAnother(deadline)
                && writeOne(newest, remains.get(newest), serializer, new Stamp(life + "-" + number, deadline))) {
            number++;
            newest = newest(remains);
        }
        post.close();
    }

    private boolean writeOne(int index, Remains<?> kind, PayloadSerializer serializer, Stamp stamp) {
        long startNs = clock.nowNs();
        Payload payload = kind.encode(serializer, maxItems[index]);
        if (payload.tooLarge()) {
            kind.leave(1, Counter.LOST_TOO_LARGE);
            return true;
        }
        DeadLetter letter = new DeadLetter(stamp.id(), payload);
        while (letter.sizeBytes() > leftBytes) {
            if (payload.items() == 1) {
                return false;
            }
            payload = kind.encode(serializer, fewer(payload.items(), (double) leftBytes / letter.sizeBytes()));
            letter = new DeadLetter(stamp.id(), payload);
        }
        leftBytes -= letter.sizeBytes();
        boolean out = post.post(letter, stamp.deadline());
        if (out) {
            kind.leave(payload.items(), Counter.LOST_DEAD_LETTERED);
            maxItems[index] = aboutOneLine(payload);
        }
        lastNs = clock.nowNs() - startNs;
        return out;
    }

    /** The engine is killed if it is late, and its ledger with it. */
    private boolean isTimeForAnother(Deadline deadline) {
        return deadline.remainingNs(clock.nowNs()) > lastNs * GROWTH;
    }

    private static int fewer(int items, double share) {
        return Math.max(1, (int) (items * Math.min(0.9, 0.9 * share)));
    }

    private static int aboutOneLine(Payload payload) {
        double share = 0.8 * DeadLetter.PART_BYTES / payload.body().length;
        return Math.max(1, (int) (payload.items() * Math.min(GROWTH, share)));
    }

    /** The kind with the newest value left; −1 = there is nothing left. */
    private static int newest(List<Remains<?>> remains) {
        int newest = -1;
        for (int i = 0; i < remains.size(); i++) {
            Remains<?> kind = remains.get(i);
            if (kind.items() > 0
                    && (newest < 0 || kind.frontS() > remains.get(newest).frontS())) {
                newest = i;
            }
        }
        return newest;
    }

    /** From the kernel: two copies of one snapshot must not have the same. */
    private String randomId() {
        byte[] random = new byte[ID_BYTES];
        try (FileInputStream source = new FileInputStream("/dev/urandom")) {
            if (source.readNBytes(random, 0, ID_BYTES) == ID_BYTES) {
                return hex(random);
            }
        } catch (IOException noSuchDevice) {
            // the clocks have to do
        }
        return Long.toHexString(clock.nowMs()) + Long.toHexString(clock.nowNs());
    }

    private static String hex(byte[] bytes) {
        StringBuilder hex = new StringBuilder(2 * bytes.length);
        for (byte b : bytes) {
            hex.append(Character.forDigit((b >> 4) & 0xf, 16)).append(Character.forDigit(b & 0xf, 16));
        }
        return hex.toString();
    }

    /** What a letter is called, and when it has to be out. */
    private record Stamp(String id, Deadline deadline) {}
}
