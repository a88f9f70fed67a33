package io.dogsled.dogstatsd.listeners;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.dogstatsd.listeners.InheritedListener.FileSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** With a stand-in for the socket; {@link StandardInputTest} has the real one. */
class InheritedListenerTest extends ListenerContract {
    private final DatagramFile file = new DatagramFile();
    private volatile boolean marksAreLost;

    @Override
    Listener newListener(DatagramHandler handler, Instruments instruments) {
        FileSource source = new FileSource(file, null, 8125, counters);
        return new InheritedListener(source, handler, this::mark, instruments);
    }

    @Override
    void send(byte[] datagram) {
        file.put(datagram);
    }

    @Test
    void whatTheLauncherReadComesBeforeWhatIsReadHere() throws IOException {
        DatagramFile socket = new DatagramFile();
        PipedInputStream held = new PipedInputStream();
        try (InheritedListener listener = another(socket, held)) {
            try (PipedOutputStream launcher = new PipedOutputStream(held)) {
                listener.start();
                socket.put(new byte[] {3}); // there already, and later all the same
                launcher.write(new byte[] {2, 0, 0, 0, 7, 1});
                launcher.flush();
                assertThat(received.await(1)).containsExactly(new byte[] {1});
                assertThat(listener.drain(inMs(50))).isFalse(); // nothing waits, but more may come of the launcher
                launcher.write(new byte[] {2, 0, 0, 0, 7, 2});
            }
            assertThat(received.await(3)).containsExactly(new byte[] {1}, new byte[] {2}, new byte[] {3});
            assertThat(listener.drain(inMs(5_000))).isTrue();
        }
    }

    @Test
    void aLauncherThatReadNothingCostsNoDatagram() throws IOException {
        DatagramFile socket = new DatagramFile();
        socket.put(new byte[] {1});
        try (InheritedListener listener = another(socket, InputStream.nullInputStream())) {
            listener.start();
            assertThat(received.await(1)).containsExactly(new byte[] {1});
        }
    }

    private InheritedListener another(DatagramFile socket, InputStream held) {
        Instruments instruments = new Instruments(clock, counters, new Log(Log.Level.OFF));
        return new InheritedListener(new FileSource(socket, held, 8125, counters), received, socket::put, instruments);
    }

    private void mark(byte[] payload) throws IOException {
        if (marksAreLost) {
            throw new IOException("no launcher");
        }
        file.put(payload);
    }

    @Test
    void withoutMarkersAnEmptySocketWillDoAndIsCounted() {
        marksAreLost = true;
        for (int i = 0; i < 100; i++) {
            send(new byte[] {1});
        }
        assertThat(listener().drain(inMs(5_000))).isTrue();
        assertThat(received.count()).isEqualTo(100);
        assertThat(counters.value(Counter.DRAIN_FALLBACK)).isEqualTo(1);
    }

    @Test
    void aMarkerOfAnEarlierDrainDoesNotEndALaterOne() {
        received.hold();
        send(new byte[] {1});
        received.await(1);
        assertThat(listener().drain(inMs(1))).isFalse(); // its marker waits behind the datagram
        send(new byte[] {2});
        received.release();
        assertThat(listener().drain(inMs(5_000))).isTrue();
        assertThat(received.count()).isEqualTo(2);
    }

    @Test
    void aSocketThatCannotBeReadIsTriedAgain() {
        file.failFrom(2);
        send(new byte[] {1});
        assertThat(received.await(1)).hasSize(1);
        assertThat(counters.value(Counter.LISTENER_RESTARTS)).isEqualTo(2);
        assertThat(listener().drain(inMs(5_000))).isTrue();
        assertThat(listener().state()).isEqualTo(Listener.State.RUNNING);
    }

    @Test
    void aSocketThatCannotBeReadKeepsNobodyWaiting() {
        file.failFrom(Integer.MAX_VALUE);
        send(new byte[] {1});
        awaitState(Listener.State.FAILING);
        long startNs = clock.nowNs();
        assertThat(listener().drain(inMs(60_000))).isFalse();
        assertThat(clock.nowNs() - startNs).isLessThan(30_000_000_000L);
        file.failFrom(0);
        awaitState(Listener.State.RUNNING);
        assertThat(received.await(1)).hasSize(1);
    }

    @Test
    void withoutAPortNothingIsRead() throws IOException {
        DatagramFile devNull = new DatagramFile();
        Instruments instruments = new Instruments(clock, counters, new Log(Log.Level.OFF));
        try (InheritedListener none =
                new InheritedListener(new FileSource(devNull, null, 0, counters), received, this::mark, instruments)) {
            none.start();
            assertThat(none.drain(inMs(0))).isTrue();
        }
        assertThat(devNull.reads()).isZero();
    }

    /** One read is one datagram; an empty one reads as the end. */
    private static final class DatagramFile extends InputStream {
        private final Queue<byte[]> queue = new ArrayDeque<>();
        private int failures;
        private int reads;

        synchronized void put(byte[] datagram) {
            queue.add(datagram.clone());
            notifyAll();
        }

        /** So many reads fail from now on. */
        synchronized void failFrom(int count) {
            failures = count;
            notifyAll();
        }

        synchronized int reads() {
            return reads;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("one byte is no datagram");
        }

        @Override
        public synchronized int read(byte[] buffer, int offset, int length) throws IOException {
            reads++;
            try {
                while (queue.isEmpty() && failures == 0) {
                    wait();
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (failures > 0) {
                failures--;
                throw new IOException("as the test wants it");
            }
            byte[] datagram = Objects.requireNonNull(queue.poll());
            System.arraycopy(datagram, 0, buffer, offset, datagram.length);
            return datagram.length == 0 ? -1 : datagram.length;
        }

        @Override
        public synchronized int available() {
            return queue.isEmpty() ? 0 : queue.element().length;
        }
    }
}
