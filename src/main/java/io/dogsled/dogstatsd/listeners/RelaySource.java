package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Datagrams that the launcher reads and relays through a pipe ({@code docs/architecture.md}, the frames): those of the Unix socket, and
 * while the engine starts those of the UDP socket.
 *
 * <pre>
 * 06 00 00 00 | 07 | 61 3a 31 7c 63      datagram a:1|c
 * u32 length  | u8   payload, length − 1 bytes, little endian
 *               type: 7 datagram, 8 marker, 9 lost (u64 unread, u64 too long)
 * </pre>
 *
 * One read brings as many of them as the pipe holds, so a datagram costs a copy and not a system call. Whatever length a
 * frame has, it is read to its end, and the next one is found. Owned by the thread of the listener.
 */
final class RelaySource implements DatagramSource {
    private static final int DATAGRAM = 7;
    private static final int MARKER = 8;
    private static final int LOST = 9;
    private static final int HEAD_BYTES = 5;
    private static final int LOST_BYTES = 16;
    private static final int CHUNK_BYTES = 65_536;

    private final InputStream pipe;
    private final Counters counters;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private final byte[] small = new byte[LOST_BYTES];
    private int position;
    private int end;

    RelaySource(InputStream pipe, Counters counters) {
        this.pipe = pipe;
        this.counters = counters;
    }

    /** A byte that was taken out of the pipe before the first {@link #receive}. */
    void unread(int first) {
        chunk[0] = (byte) first;
        end = 1;
    }

    /**
     * The next datagram.
     *
     * @throws EOFException at the end of the pipe
     */
    @Override
    public int receive(byte[] buffer) throws IOException {
        while (true) {
            take(small, HEAD_BYTES);
            int type = small[4] & 0xff;
            long payload = number(0, 4) - 1;
            if ((type == DATAGRAM || type == MARKER) && payload >= 0 && payload <= buffer.length) {
                take(buffer, (int) payload);
                return (int) payload;
            }
            if (type == LOST && payload == LOST_BYTES) {
                take(small, LOST_BYTES);
                lose(Counter.LOST_ENGINE, number(0, 8));
                lose(Counter.LOST_LONG_DATAGRAM, number(8, 8));
            } else {
                counters.increment(Counter.FRAMES_UNKNOWN);
                skip(payload);
            }
        }
    }

    @Override
    public String name() {
        return "unix datagram socket";
    }

    /** The launcher's too: only a new engine gets a new pipe. */
    @Override
    public void reopen() {
        // nothing of it is ours to make
    }

    /** What the pipe holds says nothing about the socket: only a marker does. */
    @Override
    public boolean looksEmpty() {
        return false;
    }

    /** A datagram that nobody has parsed counts as one sample that came and was lost. */
    private void lose(Counter reason, long datagrams) {
        counters.add(Counter.RECEIVED, datagrams);
        counters.add(reason, datagrams);
    }

    private void take(byte[] target, int count) throws IOException {
        if (position == end) {
            position = 0;
            end = 0;
            end = readSome(chunk, 0, CHUNK_BYTES);
        }
        int have = Math.min(count, end - position);
        System.arraycopy(chunk, position, target, 0, have);
        position += have;
        while (have < count) {
            have += readSome(target, have, count - have);
        }
    }

    private void skip(long count) throws IOException {
        long left = count;
        while (left > 0) {
            int part = (int) Math.min(left, LOST_BYTES);
            take(small, part);
            left -= part;
        }
    }

    private int readSome(byte[] target, int from, int count) throws IOException {
        int got = pipe.read(target, from, count);
        if (got < 0) {
            throw new EOFException("the launcher is gone");
        }
        return got;
    }

    private long number(int from, int bytes) {
        long number = 0;
        for (int i = from + bytes - 1; i >= from; i--) {
            number = number << 8 | (small[i] & 0xff);
        }
        return number;
    }
}
