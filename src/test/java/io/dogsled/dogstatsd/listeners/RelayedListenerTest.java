package io.dogsled.dogstatsd.listeners;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.base.Instruments;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** With the test in the place of the launcher; {@code layer/launcher/test} has the launcher's side. */
class RelayedListenerTest extends ListenerContract {
    private static final int DATAGRAM = 7;
    private static final int MARKER = 8;
    private static final int LOST = 9;

    private final Pipe pipe = new Pipe();

    @Override
    Listener newListener(DatagramHandler handler, Instruments instruments) {
        return new RelayedListener(pipe, handler, payload -> frame(MARKER, payload), instruments);
    }

    @Override
    void send(byte[] datagram) {
        frame(DATAGRAM, datagram);
    }

    @Test
    void theLargestUnixDatagramComesWhole() {
        byte[] largest = new byte[65_536];
        largest[65_535] = 7;
        send(largest);
        assertThat(received.await(1)).containsExactly(largest);
    }

    @Test
    void framesAreFoundHoweverThePipeCutsThem() {
        Random random = new Random(5);
        pipe.cut(random);
        byte[][] sent = new byte[300][];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = new byte[1 + random.nextInt(i % 10 == 0 ? 60_000 : 100)];
            random.nextBytes(sent[i]);
            send(sent[i]);
        }
        assertThat(received.await(sent.length)).containsExactly(sent);
    }

    @Test
    void whatTheLauncherDroppedIsReceivedAndLostWithADrain() {
        frame(LOST, numbers(1_000, 3));
        assertThat(listener().drain(inMs(5_000))).isTrue();
        assertThat(counters.value(Counter.RECEIVED)).isEqualTo(1_003);
        assertThat(counters.value(Counter.LOST_ENGINE)).isEqualTo(1_000);
        assertThat(counters.value(Counter.LOST_LONG_DATAGRAM)).isEqualTo(3);
        assertThat(received.count()).isZero();
    }

    @Test
    void unknownAndImpossibleFramesArePassedOverAndCounted() {
        frame(99, new byte[1_000]);
        frame(DATAGRAM, new byte[65_537]);
        frame(LOST, new byte[3]);
        send(new byte[] {1});
        assertThat(received.await(1)).containsExactly(new byte[] {1});
        assertThat(counters.value(Counter.FRAMES_UNKNOWN)).isEqualTo(3);
        assertThat(counters.value(Counter.RECEIVED)).isZero();
    }

    private void frame(int type, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(5 + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        pipe.put(frame.putInt(payload.length + 1).put((byte) type).put(payload).array());
    }

    private static byte[] numbers(long unread, long tooLong) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(unread)
                .putLong(tooLong)
                .array();
    }

    /** As the kernel's, without a bound: a read brings what there is, or a random part of it. */
    private static final class Pipe extends InputStream {
        private byte[] bytes = new byte[0];
        private int position;
        private @org.jspecify.annotations.Nullable Random cuts;

        synchronized void put(byte[] more) {
            byte[] all = new byte[bytes.length - position + more.length];
            System.arraycopy(bytes, position, all, 0, bytes.length - position);
            System.arraycopy(more, 0, all, bytes.length - position, more.length);
            bytes = all;
            position = 0;
            notifyAll();
        }

        synchronized void cut(Random random) {
            cuts = random;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("nobody reads single bytes");
        }

        @Override
        public synchronized int read(byte[] buffer, int offset, int length) {
            try {
                while (position == bytes.length) {
                    wait();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            int there = Math.min(length, bytes.length - position);
            int count = cuts == null ? there : 1 + cuts.nextInt(there);
            System.arraycopy(bytes, position, buffer, offset, count);
            position += count;
            return count;
        }
    }
}
