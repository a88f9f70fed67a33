package io.dogsled.it.flush;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the function sent, batch by batch: one sample of each of the six types, an event and a service check, all of which can be
 * told from those of every other batch at the intake. The function's thread writes, the test's reads; guarded by itself.
 *
 * <pre>
 * flush.count:1|c            its sum is the number of samples
 * flush.gauge:17|g           the value is the batch, so a point stands for what came before it in its bucket too
 * flush.histogram:17|h       .count is the number of samples; the same for flush.timing
 * flush.set:m17|s            every member is new
 * flush.distribution:17.5|d
 * _e{11,3}:flush.event|n17
 * _sc|flush.check|0|#n:17
 * </pre>
 */
public final class Sent {
    /** Samples in a batch. */
    public static final int EACH = 8;

    private final List<Batch> batches = new ArrayList<>();
    private long plainCounts;
    private long aged;
    private long plainEvents;
    private long plainChecks;

    /** What can take a datagram. */
    public interface Socket {
        void send(byte[] datagram) throws IOException;
    }

    /** One batch, and between which seconds of the epoch the extension can have received it. */
    public record Batch(int number, long fromS, long toS) {}

    /** Sends the next batch; until {@link #receivedBefore} nobody knows when it was received. */
    public void batch(Socket socket) throws IOException {
        int number;
        synchronized (this) {
            number = batches.size() + 1;
            batches.add(new Batch(number, nowS(), Long.MAX_VALUE));
        }
        String event = "n" + number;
        String lines = "flush.count:1|c\nflush.gauge:" + number + "|g\nflush.histogram:" + number + "|h\nflush.timing:"
                + number + "|ms\nflush.set:m" + number + "|s\nflush.distribution:" + number + ".5|d\n_e{11,"
                + event.length() + "}:flush.event|" + event + "\n_sc|flush.check|0|#n:" + number;
        socket.send(lines.getBytes(StandardCharsets.US_ASCII));
    }

    /** So many batches, from the first on, have been read from the socket by now. */
    public synchronized void receivedBefore(int count) {
        for (int i = 0; i < count; i++) {
            Batch batch = batches.get(i);
            if (batch.toS() == Long.MAX_VALUE) {
                batches.set(i, new Batch(batch.number(), batch.fromS(), nowS()));
            }
        }
    }

    /** Sends many events and checks of one shape, several to a datagram. */
    void flood(Socket socket, int count) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append("_e{11,5}:flush.flood|again\n_sc|flush.flood|1\n");
            if (lines.length() > 1_000 || i == count - 1) {
                socket.send(lines.toString().getBytes(StandardCharsets.US_ASCII));
                lines.setLength(0);
            }
        }
        synchronized (this) {
            plainEvents += count;
            plainChecks += count;
        }
    }

    /** Sends a count of its own for each of several buckets that are over, the oldest first; tagged with its age in seconds. */
    void aged(Socket socket) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int ageS = 50; ageS > 0; ageS -= 10) {
            lines.append("flush.aged:1|c|#age:" + ageS + "|T" + (nowS() - ageS) + "\n");
        }
        socket.send(lines.toString().getBytes(StandardCharsets.US_ASCII));
        synchronized (this) {
            aged += 5;
        }
    }

    synchronized long aged() {
        return aged;
    }

    /** Notes that so many datagrams of one count each were sent under {@code flush.burst}. */
    synchronized void burst(long count) {
        plainCounts += count;
    }

    public synchronized List<Batch> batches() {
        return List.copyOf(batches);
    }

    synchronized long burst() {
        return plainCounts;
    }

    synchronized long flood() {
        return plainEvents;
    }

    /** Everything sent, as the ledger counts. */
    public synchronized long samples() {
        return (long) batches.size() * EACH + aged + plainCounts + plainEvents + plainChecks;
    }

    private static long nowS() {
        return System.currentTimeMillis() / 1_000;
    }
}
